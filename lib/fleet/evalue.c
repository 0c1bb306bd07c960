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
 * A member's: the mean over its tests, and what the largest has of the sum. 1
 * while it learns: nothing is bet, whatever came of the reference before. NAN:
 * neither.
 */
static struct evalue
member_value(const struct detread_member *m)
{
	struct evalue v = {.e = NAN, .field = {.type = JSON_NONE}};
	double sum = 0, largest = 0;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		int range = 0;
		double e = pow(
		    10, detread_number(&m->test[i].stat, -300, 300, &range));

		if (isnan(e))
			continue;
		n++;
		sum += e;
		if (e > largest) {
			largest = e;
			v.field = m->test[i].field;
		}
	}
	if (n == 0 && m->state.type == JSON_STRING &&
	    json_equals(&m->state, "learning", 8))
		v.e = 1;
	if (n > 0) {
		v.e = sum / (double)n;
		v.share = largest / sum;
	}
	return v;
}

struct evalue
evalue(const struct detread *r, const struct opt_list *detectors,
    unsigned char *seen)
{
	struct evalue v = {.e = NAN, .field = {.type = JSON_NONE}};
	double sum = 0, largest = 0;
	size_t n = 0;

	for (size_t i = 0; i < r->members; i++) {
		size_t place = place_of(detectors, &r->member[i].name);
		struct evalue m;

		if (place == detectors->n)
			continue;
		m = member_value(&r->member[i]);
		if (isnan(m.e))
			continue;
		seen[place] = 1;
		n++;
		sum += m.e;
		if (m.e * m.share > largest) {
			largest = m.e * m.share;
			v.field = m.field;
		}
	}
	if (n > 0) {
		v.e = sum / (double)n;
		v.share = largest / sum;
	}
	return v;
}
