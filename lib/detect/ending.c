#include <math.h>
#include <stdlib.h>

#include "detect/ending.h"

static const double enough = 7.6, largest = 4, doubt = 20;
static const double least_size = 0.15, largest_size = 1;

/* low when x is no number. */
static double
within(double x, double low, double high)
{
	return !(x > low) ? low : x > high ? high : x;
}

struct ending *
ending_new(size_t parts)
{
	struct ending *e = calloc(1, sizeof(*e) + parts * sizeof(double));

	if (e != NULL)
		e->parts = parts;
	return e;
}

void
ending_size(struct ending *e, double records, double mean)
{
	e->records = records;
	e->sum = records * within(mean, 0, largest);
}

void
ending_length(
    struct ending *e, double records, double length, double dimensions)
{
	double chance = (dimensions - 1) / records;

	ending_size(e, records, length > 0 ? length - chance / length : 0);
}

void
ending_counts(struct ending *e, const uint32_t *count)
{
	double n = 0, m = 0, square = 0, length;
	size_t cells = 0;

	for (size_t j = 0; j < e->parts; j++) {
		cells += e->direction[j] > 0;
		n += e->direction[j] + 0.5;
		m += count[j];
	}
	for (size_t j = 0; j < e->parts; j++) {
		double p = (e->direction[j] + 0.5) / n;

		e->direction[j] = count[j] / m / p - 1;
		square += p * e->direction[j] * e->direction[j];
	}
	length = sqrt(square);
	for (size_t j = 0; j < e->parts && length > 0; j++)
		e->direction[j] /= length;
	ending_length(e, m, length, (double)cells - 1);
}

void
ending_add(struct ending *e, double score)
{
	double d = within(
	    e->sum / (e->records + doubt), least_size, largest_size);
	double v = fmax((e->squares + doubt) / (e->seen + doubt), 1);
	double s = within(score, -largest, largest);

	e->evidence = within(e->evidence + d * (d / 2 - s) / v, 0, 2 * enough);
	e->squares += (s - d) * (s - d);
	e->seen++;
	e->records++;
	e->sum += s;
}

int
ending_alarm(const struct ending *e, int before, double stat, double limit)
{
	int waits = e != NULL && e->evidence <= enough;

	return stat > limit ||
	       (before && (stat > ENDING_SHARE * limit || waits));
}

void
ending_state(struct ending *e, struct store *s)
{
	store_reals(s, "direction", e->direction, e->parts);
	store_real(s, "records", &e->records);
	store_real(s, "sum", &e->sum);
	store_real(s, "seen", &e->seen);
	store_real(s, "squares", &e->squares);
	store_real(s, "evidence", &e->evidence);
	for (size_t i = 0; i < e->parts; i++)
		if (!isfinite(e->direction[i]))
			store_refuse(s, "a direction that is none");
	if (!(e->records >= 0 && fabs(e->sum) <= largest * e->records &&
		isfinite(e->sum) && e->seen >= 0 && e->squares >= 0 &&
		isfinite(e->squares) && e->evidence >= 0 &&
		e->evidence <= 2 * enough))
		store_refuse(s, "a change of no size");
}
