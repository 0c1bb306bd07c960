#include <math.h>
#include <string.h>

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

void
gaps_add(struct gaps *g, double time)
{
	double gap = time - g->last, today = floor(time / day);
	size_t i = slot_of(today);

	if (!(gap > 0) && g->last != 0)
		return;
	if (g->of[i].day != today)
		g->of[i] = (struct gaps_day){.day = today};
	if (g->last != 0)
		keep(gap, &g->of[i].longest, &g->of[i].second);
	g->last = time;
}

void
gaps_join(struct gaps *g, const struct gaps *next)
{
	for (int i = 0; i < GAPS_DAYS; i++) {
		const struct gaps_day *d = &next->of[i];

		if (g->of[i].day < d->day)
			g->of[i] = (struct gaps_day){.day = d->day};
		if (g->of[i].day != d->day)
			continue;
		keep(d->longest, &g->of[i].longest, &g->of[i].second);
		keep(d->second, &g->of[i].longest, &g->of[i].second);
	}
	g->last = fmax(g->last, next->last);
}

double
gaps_usual(const struct gaps *g)
{
	double longest = 0, second = 0, today = floor(g->last / day);

	for (int i = 0; i < GAPS_DAYS; i++) {
		if (g->of[i].day <= today - GAPS_DAYS)
			continue;
		keep(g->of[i].longest, &longest, &second);
		keep(g->of[i].second, &longest, &second);
	}
	return second;
}

void
gaps_state(struct gaps *g, struct store *s)
{
	if (!store_optional(s, "last", g->last != 0))
		return;
	store_real(s, "last", &g->last);
	store_open(s, "gaps", '[');
	for (int i = 0; i < GAPS_DAYS; i++) {
		store_real(s, NULL, &g->of[i].day);
		store_real(s, NULL, &g->of[i].longest);
		store_real(s, NULL, &g->of[i].second);
	}
	store_close(s, ']');
}
