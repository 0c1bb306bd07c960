/*
 * Which records are worth an entry in the journal, and what it says: the
 * record with a member "journal" appended, {"record":N,"text":[...]}, its
 * number in the stream and a sentence for each thing that it tells.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "base/buf.h"
#include "json/jsonscan.h"

enum entry_kind {
	ENTRY_NONE,
	ENTRY_EVENT, /* of a detector */
	ENTRY_ERROR  /* an image that could not be read, a line skipped */
};

enum entry_path {
	ENTRY_SEQ,
	ENTRY_IMAGE,
	ENTRY_BYTES,
	ENTRY_STAGE,
	ENTRY_REASON,
	ENTRY_GROUP,
	ENTRY_PATHS
};

struct entry {
	/* Of the line that was looked at last. */
	struct json_span found[ENTRY_PATHS];
	struct json_line line;
	struct buf member; /* "journal":{...  without its end */
	/* The rest is entry.c's own. */
	const char *group;
	struct json_paths paths;
};

/* group is a field that tells streams apart, or NULL; it is kept. */
void entry_init(struct entry *e, const char *group);

/* line[n] must be readable. */
enum entry_kind entry_look(
    struct entry *e, const char *line, size_t n, unsigned long long number);

/* Puts the entry of the line, which has been looked at; without a newline. */
void entry_put(
    const struct entry *e, const char *line, size_t n, struct buf *b);

void entry_free(struct entry *e);

#endif
