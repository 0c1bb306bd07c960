#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "run/logfile.h"
#include "run/logname.h"
#include "run/rotation.h"

/* What rotation_choose was asked. */
struct question {
	const char *path, *base;
	const char *after, *like; /* names, or NULL */
	const struct siblings *known, *s, *rest;
	long number; /* that counts, of after; -1: there is none */
	int rising;
};

static int
is_packed(const char *name)
{
	return name[logname_plain(name)] != '\0';
}

/* The number in a name like after's, or -1. */
static long
number_like(const struct question *q, const char *name)
{
	return q->after != NULL && logname_alike(name, q->after, q->base)
		   ? logname_number(name, q->base)
		   : -1;
}

/* Adds whether files of such names kept them since they were known. */
static void
compare_names(
    const struct question *q, const struct siblings *s, int *kept, int *changed)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct sibling *now = &s->item[i];
		const struct sibling *then = siblings_find(
		    q->known, &now->place);

		if (then == NULL || number_like(q, now->name) < 0)
			continue;
		*kept |= strcmp(then->name, now->name) == 0;
		*changed |= strcmp(then->name, now->name) != 0;
	}
}

/*
 * Whether numbers rise: others kept them over a rotation, after which this one
 * has a name, or what is new is above.
 */
static int
numbers_rise(const struct question *q, const struct sibling *after)
{
	int kept = 0, changed = 0, above = 0, below = 0;
	int is_new = siblings_find(q->known, &after->place) == NULL;

	compare_names(q, q->s, &kept, &changed);
	compare_names(q, q->rest, &kept, &changed);
	if (changed || (kept && is_new))
		return !changed;
	for (size_t i = 0; i < q->s->n; i++) {
		long n = number_like(q, q->s->item[i].name);

		above |= n > q->number;
		below |= n >= 0 && n < q->number;
	}
	if (above == below || (below && !is_new))
		return q->rising;
	return above;
}

/* Whether a file that was known is there, and holds what it held. */
static int
is_there(const struct question *q, const struct sibling *known)
{
	const struct sibling *now = siblings_find(q->s, &known->place);

	if (now == NULL)
		now = siblings_find(q->rest, &known->place);
	return now != NULL && siblings_has(q->known, now, q->path);
}

/*
 * Which file holds now what a known one held, compressed or copied, under the
 * same name where that stays; or how many there are.
 */
static size_t
find_copy(const struct question *q, const struct sibling *known)
{
	int named = logname_number(known->name, q->base) < 0;

	for (size_t i = 0; i < q->s->n; i++) {
		const struct sibling *s = &q->s->item[i];
		char *path = siblings_path(q->path, s->name);
		int found = (q->after == NULL ||
				!logname_same(s->name, q->after)) &&
			    (!named || logname_same(s->name, known->name)) &&
			    logfile_contains(path, &known->place);

		free(path);
		if (found)
			return i;
	}
	return q->s->n;
}

/* What was known goes to the rest, whatever file it is in now. */
static void
leave_known(const struct question *q, struct siblings *s, struct siblings *rest)
{
	for (size_t i = 0; i < s->n;)
		if (siblings_has(q->known, &s->item[i], q->path))
			siblings_move(s, i, rest);
		else
			i++;
	for (size_t k = 0; k < q->known->n; k++) {
		const struct sibling *known = &q->known->item[k];
		size_t i = s->n;

		if (!is_packed(known->name) && known->place.offset > 0 &&
		    !is_there(q, known))
			i = find_copy(q, known);
		if (i < s->n)
			siblings_move(s, i, rest);
	}
}

static int
came_after(const struct question *q, const struct sibling *s)
{
	if (q->after == NULL)
		return logname_is_usual(s->name, q->base) ||
		       (q->like != NULL &&
			   logname_alike(s->name, q->like, q->base));
	if (!logname_alike(s->name, q->after, q->base) ||
	    logname_same(s->name, q->after))
		return 0;
	return q->number < 0 || q->rising ||
	       logname_number(s->name, q->base) < q->number;
}

/*
 * Of the numbers below after's down to the next one, how many no file has. If
 * the log is next, that is down to the first number that a file had before: 1,
 * or another that logrotate was told to start with.
 */
static long
missing_below(const struct question *q)
{
	long first = -1, below, missing;

	if (q->number < 0 || q->rising)
		return 0;
	for (size_t i = 0; i < q->known->n; i++) {
		long n = number_like(q, q->known->item[i].name);

		first = n >= 0 && (first < 0 || n < first) ? n : first;
	}
	below = (first < 0 ? 1 : first) - 1;
	if (q->s->n > 0)
		below = logname_number(q->s->item[0].name, q->base);
	missing = q->number - below - 1;
	for (size_t i = 0; i < q->rest->n; i++) {
		long n = number_like(q, q->rest->item[i].name);

		missing -= n > below && n < q->number;
	}
	return missing > 0 ? missing : 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;

	return x->written < y->written ? -1 : x->written > y->written;
}

long
rotation_choose(const char *path, const struct sibling *after, const char *like,
    const struct siblings *known, int *rising, struct siblings *s,
    struct siblings *rest)
{
	struct question q = {.path = path,
	    .base = path_base(path),
	    .after = after != NULL ? after->name : NULL,
	    .like = like,
	    .known = known,
	    .s = s,
	    .rest = rest,
	    .number = -1,
	    .rising = *rising};

	if (after != NULL)
		q.number = logname_number(after->name, q.base);
	leave_known(&q, s, rest);
	if (q.number >= 0)
		q.rising = *rising = numbers_rise(&q, after);
	for (size_t i = 0; i < s->n;)
		if (came_after(&q, &s->item[i]))
			i++;
		else
			siblings_move(s, i, rest);
	if (q.rising && s->n > 1)
		qsort(s->item, s->n, sizeof(*s->item), by_time);
	return missing_below(&q);
}
