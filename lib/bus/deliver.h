/*
 * Numbered records to a stream, in as many messages as the server's limit for
 * one asks for. A record that is too long for one by itself is replaced by one
 * that says so (skip.h).
 */
#ifndef DELIVER_H
#define DELIVER_H

#include "base/buf.h"
#include "bus/jetstream.h"

/* Lines, the first of which has that number; done when all are stored. */
enum jetstream_result deliver(struct jetstream *js, const char *subject,
    const char *origin, uint64_t first, const struct buf *lines);

#endif
