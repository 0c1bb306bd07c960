/*
 * Records in: what each line says is understood here and summed up in the
 * stream that it belongs to (subject.h).
 */
#ifndef READING_H
#define READING_H

#include "json/intern.h"
#include "metric/detread.h"
#include "report/subject.h"
#include "report/watched.h"
#include "tool/rec.h"

enum { READING_CLASS_LABEL = 64, READING_STREAMS = 10000 };

/* Kept, not copied. */
struct reading_setup {
	const char *reference; /* a file of records, or NULL */
	const char *group;     /* a field that tells streams apart, or NULL */
	int fleet;             /* there may be several, with a name each */
	const char *stream;    /* the name of the only one, or NULL */
	const char *const *field; /* those to look at; none: all */
	size_t fields, streams;   /* streams at most */
	int compare; /* reference and stream, neither being usual */
	unsigned long long learn; /* records, where there is no reference */
};

enum reading_path {
	READING_SEQ,
	READING_TIME,
	READING_CLASS,
	READING_LABEL,
	READING_PROB,
	READING_TRUTH,
	READING_WRONG,
	READING_IMAGE,
	READING_BYTES,
	READING_ERROR,
	READING_STAGE,
	READING_REASON,
	READING_SKIPPED,
	READING_SKIP_REASON,
	READING_TRAILER,
	READING_BARRIER,
	READING_MODEL,
	READING_GROUP,
	READING_PATHS
};

struct reading {
	struct reading_setup setup;
	struct json_paths paths;
	struct json_span found[JSON_PATHS];
	struct watched watched;
	struct intern classes, names;       /* names: of streams */
	char (*label)[READING_CLASS_LABEL]; /* by class, "" is none */
	struct usual file;
	int has_file;
	int journal;              /* there is one */
	struct subject **subject; /* by name's code */
	size_t subjects;
	struct reasons skipped;                /* that tools skipped */
	unsigned long long lines, bad, torn;   /* bad: no record at all */
	unsigned long long groupless, crowded; /* of no stream, of too many */
	unsigned long long trailers, barriers;
	int classes_over;
	struct subject *only; /* all records are of this one, or NULL */
	/* The rest is reading.c's own. */
	struct detread *read;
	double value[WATCHED_MOST];
	struct buf text;
};

/* Trouble is a message and exit 2. */
void reading_open(struct reading *r, const struct reading_setup *setup);

/*
 * Reads records from the files, or standard input. seam: of the journal that
 * the files are of, or NULL.
 */
void reading_records(
    struct reading *r, char **files, int n, struct earlier_seam *seam);

/* One more stream; the name is copied, and may be NULL. */
struct subject *reading_new(struct reading *r, const char *name);

/* The stream of the group that was found, for so many records, or NULL. */
struct subject *reading_stream(struct reading *r, unsigned long long records);

/* For a line that was scanned. */
static inline struct subject *
reading_subject(struct reading *r)
{
	return reading_stream(r, 1);
}

/* Whether it is about the stream itself; then that is counted. */
int reading_sign(struct reading *r);

/* After the last record. */
void reading_end(struct reading *r);

/* How a class is called: its label, or its value as JSON. */
void reading_class(const struct reading *r, size_t class, struct buf *b);

/* The same for a value as a detector names it, without quotes. */
void reading_called(const struct reading *r, const char *value, struct buf *b);

void reading_close(struct reading *r);

#endif
