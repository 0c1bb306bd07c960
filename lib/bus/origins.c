#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/origins.h"
#include "tool/err.h"

static const char prefix[] = "driftpipe:";

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
make_room(struct origins_table *t)
{
	if (t->names.n <= t->room)
		return;
	t->last = err_realloc(t->last, 2 * t->names.n * sizeof(*t->last));
	memset(t->last + t->room, 0,
	    (2 * t->names.n - t->room) * sizeof(*t->last));
	t->room = 2 * t->names.n;
}

static void
table_init(struct origins_table *t)
{
	*t = (struct origins_table){0};
	intern_init(&t->names, ORIGINS_MOST);
}

void
origins_init(struct origins *o)
{
	table_init(&o->now);
	table_init(&o->before);
}

/* The place of an origin's last number, in the first table. */
static uint64_t *
find_last(struct origins *o, const char *name, size_t len)
{
	struct origins_table *t = &o->now;
	long code = intern_known(&t->names, name, len);
	uint64_t last = 0;

	if (code >= 0)
		return &t->last[code];
	code = intern_known(&o->before.names, name, len);
	if (code >= 0)
		last = o->before.last[code];
	if (t->names.n == ORIGINS_MOST) {
		intern_free(&o->before.names);
		free(o->before.last);
		o->before = *t;
		table_init(t);
	}
	code = intern_bytes(&t->names, name, len);
	if (code < 0)
		err_memory();
	make_room(t);
	t->last[code] = last;
	return &t->last[code];
}

size_t
origins_known(struct origins *o, const char *id, size_t records)
{
	const char *name;
	size_t len, known = 0;
	uint64_t first = read_id(id, &name, &len), *last;

	if (first == 0 || records == 0)
		return 0;
	last = find_last(o, name, len);
	if (first <= *last)
		known = *last - first + 1 < records
			    ? (size_t)(*last - first + 1)
			    : records;
	if (known < records)
		*last = first + records - 1;
	return known;
}

static void
table_state(struct origins_table *t, const char *names, const char *last,
    struct store *s)
{
	intern_state(&t->names, names, s);
	make_room(t);
	store_open(s, last, '[');
	for (size_t i = 0; i < t->names.n; i++)
		store_u64(s, NULL, &t->last[i]);
	store_close(s, ']');
}

void
origins_state(struct origins *o, struct store *s)
{
	table_state(&o->now, "origins", "last", s);
	table_state(&o->before, "origins_before", "last_before", s);
}
