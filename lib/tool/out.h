/*
 * Standard output, buffered. A short write, a full disk or a closed pipe is
 * a message and exit 2, where SIGPIPE has not ended the program quietly.
 * When the program exits early, the lines that were written are flushed: what
 * comes out ahead of an error is whole lines, and all of them.
 */
#ifndef OUT_H
#define OUT_H

#include <stddef.h>

#include "base/buf.h"
#include "json/jsonscan.h"

void out_write(const void *p, size_t n);

/* A record of so many bytes as it came, and the end of its line. */
void out_record(const char *record, size_t len);

/*
 * The record with members appended at the end of its object; every other byte
 * as it was. members is what would stand after a comma, and is emptied.
 */
void out_append(const char *record, size_t len, const struct json_line *line,
    struct buf *members);

/* The same, with the member that has this value taken out of the record. */
void out_replace(const char *record, size_t len, const struct json_line *line,
    const struct json_span *value, struct buf *members);

/* A whole line of our own: the buffer, which is emptied, and a newline. */
void out_line(struct buf *b);

void out_flush(void);

/* The last call of every main: flushes and closes. */
void out_close(void);

#endif
