#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/origins.h"
#include "tool/err.h"

static const char prefix[] = "driftpipe:";

void
origins_init(struct origins *o)
{
	*o = (struct origins){0};
	intern_init(&o->names, ORIGINS_MOST);
}

void
origins_put(struct buf *id, const char *origin, uint64_t first)
{
	buf_str(id, prefix);
	buf_str(id, origin);
	buf_str(id, ":");
	buf_int(id, (long long)first);
}

/* The number at the end of an id, and the name before it; 0: it has none. */
static uint64_t
read_id(const char *id, const char **name, size_t *len)
{
	const char *colon;
	char *end;
	uint64_t n;

	if (id == NULL || strncmp(id, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	*name = id + sizeof(prefix) - 1;
	colon = strrchr(*name, ':');
	if (colon == NULL || colon == *name || colon[1] < '1' || colon[1] > '9')
		return 0;
	*len = (size_t)(colon - *name);
	errno = 0;
	n = strtoull(colon + 1, &end, 10);
	return *end != '\0' || errno != 0 || n > INT64_MAX || *len > 255 ? 0
									 : n;
}

static void
make_room(struct origins *o)
{
	if (o->names.n <= o->room)
		return;
	o->last = err_realloc(o->last, 2 * o->names.n * sizeof(*o->last));
	memset(o->last + o->room, 0,
	    (2 * o->names.n - o->room) * sizeof(*o->last));
	o->room = 2 * o->names.n;
}

size_t
origins_known(struct origins *o, const char *id, size_t records)
{
	const char *name;
	size_t len, known = 0;
	uint64_t first = read_id(id, &name, &len), *last;
	long code;

	if (first == 0 || records == 0)
		return 0;
	code = intern_bytes(&o->names, name, len);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code < 0 || code >= (long)o->names.max)
		return 0;
	make_room(o);
	last = &o->last[code];
	if (first <= *last)
		known = *last - first + 1 < records
			    ? (size_t)(*last - first + 1)
			    : records;
	if (known < records)
		*last = first + records - 1;
	return known;
}

void
origins_state(struct origins *o, struct store *s)
{
	intern_state(&o->names, "origins", s);
	make_room(o);
	store_open(s, "last", '[');
	for (size_t i = 0; i < o->names.n; i++)
		store_u64(s, NULL, &o->last[i]);
	store_close(s, ']');
}
