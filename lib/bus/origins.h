/*
 * Publishers that number their records, and what each has sent last: a message
 * that comes again, long after the server has forgotten its id, is known.
 *
 * The id of such a message (Nats-Msg-Id) is "driftpipe:ORIGIN:N", N being the
 * number, from 1, of its first record.
 */
#ifndef ORIGINS_H
#define ORIGINS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/store.h"
#include "json/intern.h"

enum { ORIGINS_MOST = 50000 };

/*
 * In two tables, so that memory is bounded whoever publishes: when the first is
 * full, it becomes the second, and those that were in that alone are forgotten.
 * So the publishers that sent last, as many as are in one, are always known.
 */
struct origins {
	struct origins_table {
		struct intern names;
		uint64_t *last; /* by code */
		size_t room;
	} now, before;
};

void origins_init(struct origins *o);

/* Appends the id, without a NUL. */
void origins_put(struct buf *id, const char *origin, uint64_t first);

/*
 * Of so many records in a message of that id: how many of the first have come
 * before. An id of another form says nothing.
 */
size_t origins_known(struct origins *o, const char *id, size_t records);

void origins_state(struct origins *o, struct store *s);

#endif
