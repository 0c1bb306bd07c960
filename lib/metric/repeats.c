#include <math.h>

#include "metric/repeats.h"

void
repeats_add(struct repeats *r, int duplicate, double distance, double time)
{
	/* What lies on the last record that was none is like that one. */
	int same = distance == r->distance || (distance == 0 && !r->duplicate);

	if (r->records == 0 || isnan(distance) || !same || time < r->changed)
		r->changed = time;
	r->records++;
	r->duplicates += duplicate != 0;
	r->duplicate = duplicate;
	r->distance = distance;
	r->last = time;
}

void
repeats_join(struct repeats *r, const struct repeats *next)
{
	struct repeats sum = *next;

	if (next->records == 0)
		return;
	sum.records += r->records;
	sum.duplicates += r->duplicates;
	*r = sum;
}

void
repeats_put(const struct repeats *r, struct prom *p)
{
	if (r->records == 0)
		return;
	prom_add(p, DRIFT_DUPLICATES_TOTAL, NULL, (double)r->duplicates);
	prom_set(p, DRIFT_UNCHANGED_SECONDS, NULL, r->last - r->changed);
}

void
repeats_state(struct repeats *r, struct store *s)
{
	if (!store_optional(s, "filtered", r->records > 0))
		return;
	store_count(s, "filtered", &r->records);
	store_count(s, "duplicates", &r->duplicates);
	store_int(s, "duplicate", &r->duplicate, 0, 1);
	store_real(s, "distance", &r->distance);
	store_real(s, "changed", &r->changed);
	store_real(s, "until", &r->last);
}
