#include <math.h>
#include <string.h>

#include "fleet/evalue.h"

/* Its place in the list; n: it has none. */
static size_t
place_of(const struct opt_list *d, const struct json_span *name)
{
	size_t i = 0;

	while (i < d->n && !json_equals(name, d->item[i], strlen(d->item[i])))
		i++;
	return i;
}

/*
 * The mean over a member's tests, and the field of the largest. 1 while it
 * learns: nothing is bet, whatever came of the reference before. NAN: neither.
 */
static double
member_value(
    const struct detread_member *m, struct json_span *field, double *largest)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		int range = 0;
		double stat = detread_number(
		    &m->test[i].stat, -300, 300, &range);

		if (isnan(stat))
			continue;
		n++;
		sum += pow(10, stat);
		if (stat > *largest) {
			*largest = stat;
			*field = m->test[i].field;
		}
	}
	if (n == 0 && m->state.type == JSON_STRING &&
	    json_equals(&m->state, "learning", 8))
		return 1;
	return n > 0 ? sum / (double)n : NAN;
}

double
evalue(const struct detread *r, const struct opt_list *detectors,
    unsigned char *seen, struct json_span *field)
{
	double sum = 0, largest = -INFINITY;
	size_t n = 0;

	*field = (struct json_span){.type = JSON_NONE};
	for (size_t i = 0; i < r->members; i++) {
		const struct detread_member *m = &r->member[i];
		size_t place = place_of(detectors, &m->name);
		double e = NAN;

		if (place < detectors->n)
			e = member_value(m, field, &largest);
		if (isnan(e))
			continue;
		seen[place] = 1;
		n++;
		sum += e;
	}
	return n > 0 ? sum / (double)n : NAN;
}
