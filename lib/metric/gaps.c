#include <math.h>
#include <stdlib.h>

#include "metric/gaps.h"

static const double day = 86400;

static void
keep(double x, double *longest, double *second)
{
	if (x > *longest) {
		*second = *longest;
		*longest = x;
	} else if (x > *second) {
		*second = x;
	}
}

/* The slot of a day; negative years are before anybody's images. */
static size_t
slot_of(double today)
{
	return (size_t)fabs(fmod(today, GAPS_DAYS));
}

/* The one that has the slot; NULL: none. */
static struct gaps_day *
find(const struct gaps *g, size_t slot)
{
	for (size_t i = 0; i < g->days; i++)
		if (slot_of(g->of[i].day) == slot)
			return &g->of[i];
	return NULL;
}

/* That of a day, which is new when its slot has another; NULL: no memory. */
static struct gaps_day *
day_of(struct gaps *g, double today)
{
	struct gaps_day *d = find(g, slot_of(today));

	if (d == NULL) {
		d = realloc(g->of, (g->days + 1) * sizeof(*d));
		if (d == NULL)
			return NULL;
		g->of = d;
		d += g->days++;
		*d = (struct gaps_day){.day = today};
	}
	if (d->day != today)
		*d = (struct gaps_day){.day = today};
	return d;
}

int
gaps_add(struct gaps *g, double time)
{
	double gap = time - g->last;
	struct gaps_day *d;

	if (!(gap > 0) && g->last != 0)
		return 0;
	d = day_of(g, floor(time / day));
	if (d == NULL)
		return -1;
	if (g->last != 0)
		keep(gap, &d->longest, &d->second);
	g->last = time;
	return 0;
}

int
gaps_join(struct gaps *g, const struct gaps *next)
{
	for (size_t i = 0; i < next->days; i++) {
		const struct gaps_day *d = &next->of[i];
		struct gaps_day *own = find(g, slot_of(d->day));

		if (own != NULL && own->day > d->day)
			continue;
		own = day_of(g, d->day);
		if (own == NULL)
			return -1;
		keep(d->longest, &own->longest, &own->second);
		keep(d->second, &own->longest, &own->second);
	}
	g->last = fmax(g->last, next->last);
	return 0;
}

double
gaps_usual(const struct gaps *g)
{
	double longest = 0, second = 0, today = floor(g->last / day);

	for (size_t i = 0; i < g->days; i++) {
		if (g->of[i].day <= today - GAPS_DAYS)
			continue;
		keep(g->of[i].longest, &longest, &second);
		keep(g->of[i].second, &longest, &second);
	}
	return second;
}

/* By their slots, of which those without a day are zeros. */
static void
slot_state(struct gaps *g, size_t slot, struct store *s)
{
	struct gaps_day *d = find(g, slot), x = {0};

	if (d != NULL)
		x = *d;
	store_real(s, NULL, &x.day);
	store_real(s, NULL, &x.longest);
	store_real(s, NULL, &x.second);
	if (!store_reading(s) || s->why != NULL ||
	    (x.day == 0 && x.longest == 0 && x.second == 0))
		return;
	if (!isfinite(x.day) || slot_of(x.day) != slot || find(g, slot) != NULL)
		store_refuse(s, "a day that can't be there");
	else if ((d = day_of(g, x.day)) == NULL)
		store_no_memory(s);
	else
		*d = x;
}

void
gaps_state(struct gaps *g, struct store *s)
{
	if (!store_optional(s, "last", g->last != 0))
		return;
	store_real(s, "last", &g->last);
	store_open(s, "gaps", '[');
	for (size_t i = 0; i < GAPS_DAYS; i++)
		slot_state(g, i, s);
	store_close(s, ']');
}

void
gaps_free(struct gaps *g)
{
	free(g->of);
	*g = (struct gaps){0};
}
