#include <math.h>
#include <string.h>

#include "fleet/evalue.h"

static int
is_listed(const struct opt_list *d, const struct json_span *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (json_equals(name, d->item[i], strlen(d->item[i])))
			return 1;
	return 0;
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
    struct json_span *field)
{
	double sum = 0, largest = -INFINITY;
	size_t n = 0;

	*field = (struct json_span){.type = JSON_NONE};
	for (size_t i = 0; i < r->members; i++) {
		const struct detread_member *m = &r->member[i];
		double e = is_listed(detectors, &m->name)
			       ? member_value(m, field, &largest)
			       : NAN;

		n += !isnan(e);
		sum += isnan(e) ? 0 : e;
	}
	return n > 0 ? sum / (double)n : NAN;
}
