/*
 * One file of lines, plain or compressed, or standard input: what it is, and
 * how far it was read (logread.h). That one can't be looked at for want of
 * memory, processes or descriptors, or as its decompressor was killed, says
 * nothing of it: that is a message and exit 2.
 */
#ifndef LOGFILE_H
#define LOGFILE_H

#include "base/buf.h"
#include "run/place.h"
#include "tool/packed.h"

/* Begin with zeros, and an fd of -1. */
struct logfile {
	struct place place;
	struct place_tail tail;
	char *name; /* for messages; NULL: it is not open */
	int fd;     /* of a compressed one -1 */
	/* A stream is read once and in order. */
	int is_stream, is_packed, ended;
	struct packed packed;
	/* The rest is logread.c's own. */
	struct buf held;
	size_t given;          /* of what is held */
	int in_long;           /* the place is in a line that is too long */
	int64_t size, changed; /* where nothing more was found; 0, 0: unknown */
};

/* From its beginning. Returns NULL, or why it can't be; a static text. */
const char *logfile_open(struct logfile *f, const char *path);

/*
 * Goes to the place, if the file holds what was read before, and, where it has
 * to be the same file, is. Returns 0 when it is not that, and f is as it was.
 */
int logfile_resume(struct logfile *f, const char *path, int same);

/* Whether the file of that name begins with what was given there. */
int logfile_contains(const char *path, const struct place *place);

/* Whether there is a compressed file of that name. */
int logfile_is_packed(const char *path);

/*
 * If the file of that name, decompressed, is what a plain one begins with, or
 * is: how many bytes that are; otherwise -1.
 */
off_t logfile_part(const char *path, const struct logfile *of);

/* The next bytes of a compressed one, as packed_read. */
ssize_t logfile_unpack(struct logfile *f, void *to, size_t n);

/* Back to the beginning of a plain one. */
void logfile_rewind(struct logfile *f);

/* The bytes after the place, of a line without an end. */
long long logfile_rest(const struct logfile *f);

/* The place stays. */
void logfile_close(struct logfile *f);

#endif
