/*
 * Records in: lines of the named files, or of standard input, one after the
 * other through one buffer that grows with the longest line.
 *
 * A byte order mark at the beginning of a line is left out (text.h).
 *
 * Before the tool would block on its input, what it has written is flushed
 * (out.h): a pipe that trickles is live, a bulk run is written in blocks.
 */
#ifndef REC_H
#define REC_H

#include "base/buf.h"
#include "json/jsonshape.h"

enum { REC_LONGEST = 64 << 20 }; /* bytes; a longer line is trouble */

struct rec {
	const char *line; /* without its terminator; valid until rec_next */
	size_t len;
	const char *file;          /* for messages: a name, or "stdin" */
	unsigned long long number; /* of the line in that file, from 1 */
	unsigned long long at;     /* bytes of the file before the line */
	int skip_bad;              /* set it: drop lines that are no record */
	/* Set it: where rec_json finds the group's value, for partition.h. */
	const struct json_span *group;
	int shared;    /* set it: records without a group are everyone's, too */
	int patient;   /* set it: trouble ends the input only */
	char *trouble; /* what that was, or NULL */
	unsigned long long bad;      /* lines dropped so */
	unsigned long long torn;     /* of these, last lines without an end */
	unsigned long long replaced; /* lines in whose place is a record */
	/* The rest is rec.c's own. */
	char **names;
	struct jsonshape *shape;
	struct buf instead; /* of a line that was skipped (skip.h) */
	int left, fd, eof, delimiter;
	char *buf;
	unsigned long long before;    /* bytes of the file before buf */
	size_t begin, seen, end, cap; /* no line ends between the first two */
};

/*
 * Reads the n named files ("-" is standard input), or standard input when n
 * is 0. delimiter ends a line: '\n', or '\0' for names from find -print0.
 * From here on SIGINT and SIGTERM end the input after the current record.
 */
void rec_open(struct rec *r, char **names, int n, int delimiter);

/* The next line: 1, or 0 at the end. Trouble is a message and exit 2. */
int rec_next(struct rec *r);

/* Whether rec_next would answer without waiting for input. */
int rec_waiting(struct rec *r);

/*
 * The next line that is a JSON object, with its fields. A line that is not is
 * a message with its place and exit 2; with skip_bad it is dropped, and where
 * skip.h allows it, a record stands in its place. With a group, the records of
 * other partitions are left out.
 */
int rec_json(struct rec *r, const struct json_paths *ps,
    struct json_span *found, struct json_line *line);

/*
 * Whether a signal has asked us to end. For work that takes long between two
 * calls of rec_next.
 */
int rec_stopped(void);

/*
 * What to call, from here on, when no input has come for so many milliseconds,
 * and again after as many; it must not read.
 */
void rec_when_idle(int patience, void (*call)(void *ctx), void *ctx);

/*
 * For input that is no lines: waits until fd can be read, with what has been
 * written flushed. Returns 0 when a signal has asked us to end instead.
 */
int rec_await(int fd);

/* The same without the waiting: whether fd can be read, or has ended. */
int rec_ready(int fd);

/* Says once how many lines were dropped, and frees what rec_open took. */
void rec_close(struct rec *r);

#endif
