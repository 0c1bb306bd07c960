/*
 * The file of one tool's state: which tool and options made it, what the tool
 * has to remember (store.h), and a checksum of it all.
 */
#ifndef STATEFILE_H
#define STATEFILE_H

#include "base/store.h"
#include "json/json.h"
#include "tool/opt.h"

/* What a state was made with, beside options. */
struct state_origin {
	const char *name, *text; /* of an option, and what stands for it */
};

struct state_setup {
	const struct tool *tool;
	/*
	 * Options that may differ from those that the state was made with,
	 * NULL ends; NULL itself: all of them.
	 */
	const char *const *may_differ;
	/*
	 * Options that older versions had not, each with the value that does
	 * what these did: then a state without it goes on. A NULL name ends;
	 * NULL itself: none.
	 */
	const struct state_origin *newer;
	int anew;  /* what there is does not count */
	int leads; /* it runs the pipeline: generations begin with it */
	/*
	 * What else may not differ: the contents of files, by
	 * statefile_digest. A NULL name ends; NULL itself: nothing.
	 */
	const struct state_origin *made_with;
	/* Names what there is to remember, for both ways. */
	void (*walk)(void *ctx, struct store *s);
	void *ctx;
};

/* Replaces the file as a whole. What fails is a message and exit 2. */
void statefile_save(const struct state_setup *of, const char *path);

/* Appends what the file would be. */
void statefile_put(const struct state_setup *of, struct buf *b);

/*
 * Brings it back. A file that was made by something else, is damaged or newer
 * is a message and exit 2. At its end stands what to do: anew begins without
 * the state, and for one that is damaged, back, when not NULL, goes before it.
 */
void statefile_load(const struct state_setup *of, const char *path,
    const char *back, const char *anew);

/*
 * The same of a state that any options have made: they are given to a function
 * before the walk, as an object of texts.
 */
void statefile_read(const struct state_setup *of, const char *path,
    void (*options)(void *ctx, const struct json_span *options));

/*
 * What stands for the contents of a file, in memory that the caller owns. One
 * that can't be read is a message and exit 2.
 */
char *statefile_digest(const char *path);

#endif
