#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/check/promhist.h"
#include "tool/err.h"

void
promhist_init(struct promhist *h, struct promsay *say)
{
	*h = (struct promhist){.say = say};
	intern_init(&h->groups, INT_MAX - 1);
}

long
promhist_group(struct promhist *h, const char *key, size_t len)
{
	long group = intern_bytes(&h->groups, key, len);

	if (group < 0)
		err_memory();
	return group;
}

void
promhist_add(struct promhist *h, const struct promhist_point *point)
{
	if (h->points == h->room) {
		h->room = h->room ? h->room * 2 : 64;
		h->point = err_realloc(h->point, h->room * sizeof(*h->point));
	}
	h->point[h->points++] = *point;
}

static int
by_group(const void *a, const void *b)
{
	const struct promhist_point *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->le > y->le) - (x->le < y->le);
}

/* One histogram, its points sorted. */
static void
check_histogram(struct promhist *h, const struct promhist_point *p, size_t n)
{
	const struct promhist_point *part[] = {NULL, NULL, NULL};
	size_t len;
	const char *name = intern_text(&h->groups, (size_t)p->group, &len);
	const char *labels = memchr(name, ',', len);
	int shown = (int)(labels != NULL ? (size_t)(labels - name) : len);
	double last = 0;
	size_t line = p->line;

	for (size_t i = 0; i < n; i++) {
		part[p[i].part] = &p[i];
		if (p[i].part != PROMHIST_BUCKET)
			continue;
		if (!(p[i].value >= 0) || p[i].value != floor(p[i].value))
			promsay(h->say, p[i].line,
			    "a bucket that is not a whole number: '%.*s'",
			    shown, name);
		else if (p[i].value < last)
			promsay(h->say, p[i].line, "buckets that fall: '%.*s'",
			    shown, name);
		last = p[i].value;
	}
	if (part[0] == NULL || part[0]->le != (double)INFINITY)
		promsay(h->say, line,
		    "a histogram without bucket '+Inf': '%.*s'", shown, name);
	if (part[PROMHIST_SUM] == NULL)
		promsay(h->say, line, "a histogram without '_sum': '%.*s'",
		    shown, name);
	if (part[PROMHIST_COUNT] == NULL)
		promsay(h->say, line, "a histogram without '_count': '%.*s'",
		    shown, name);
	else if (part[0] != NULL && part[PROMHIST_COUNT]->value != last)
		promsay(h->say, part[PROMHIST_COUNT]->line,
		    "'_count' is not the last bucket: '%.*s'", shown, name);
}

void
promhist_end(struct promhist *h)
{
	size_t n;

	if (h->points > 0)
		qsort(h->point, h->points, sizeof(*h->point), by_group);
	for (size_t i = 0; i < h->points; i += n) {
		for (n = 1; i + n < h->points; n++)
			if (h->point[i + n].group != h->point[i].group)
				break;
		check_histogram(h, &h->point[i], n);
	}
	h->points = 0;
}

void
promhist_free(struct promhist *h)
{
	intern_free(&h->groups);
	free(h->point);
}
