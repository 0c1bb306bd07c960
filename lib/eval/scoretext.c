#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "eval/score.h"
#include "eval/scoretext.h"
#include "stats/special.h"

/* A share of so many, and its interval; all NAN of none. */
struct share {
	unsigned long long k, n;
	double value, low, high;
};

static struct share
share_of(unsigned long long k, unsigned long long n, double level)
{
	struct share s = {k, n, NAN, NAN, NAN};

	if (n > 0) {
		s.value = (double)k / (double)n;
		special_binomial_interval(k, n, level, &s.low, &s.high);
	}
	return s;
}

/* A number in so many columns, or a dash. */
static void
put_cell(struct buf *b, int width, int digits, double x)
{
	char text[64];

	if (isnan(x))
		snprintf(text, sizeof(text), " %*s", width, "-");
	else
		snprintf(text, sizeof(text), " %*.*f", width, digits, x);
	buf_str(b, text);
}

static void
put_row(struct buf *b, const char *name, const struct share *alarms,
    const struct share *found, const struct score_result *r)
{
	char text[128];

	snprintf(text, sizeof(text), "%-15s %7llu %6llu", name, alarms->n,
	    alarms->k);
	buf_str(b, text);
	put_cell(b, 6, 3, alarms->value);
	put_cell(b, 6, 3, alarms->low);
	put_cell(b, 5, 3, alarms->high);
	snprintf(text, sizeof(text), " %8llu", found->n);
	buf_str(b, text);
	put_cell(b, 6, 3, found->value);
	put_cell(b, 8, 1, r->mean);
	put_cell(b, 7, 0, r->median);
	put_cell(b, 7, 0, r->q90);
	put_cell(b, 7, 2, r->events);
}

static void
put_values(struct buf *b, const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_str(b, "\t");
		if (!isnan(x[i]))
			buf_real(b, x[i]);
	}
}

static void
put_tsv(struct buf *b, const char *name, const struct share *alarms,
    const struct share *found, const struct score_result *r)
{
	const double x[] = {(double)alarms->n, (double)alarms->k, alarms->value,
	    alarms->low, alarms->high, (double)found->n, (double)found->k,
	    found->value, found->low, found->high, r->mean, r->median, r->q90,
	    r->events};

	buf_str(b, name);
	put_values(b, x, sizeof(x) / sizeof(*x));
}

static void
put_share(struct buf *b, const char *key, const struct share *s)
{
	buf_key(b, key);
	buf_str(b, "{");
	buf_key_int(b, "n", (long long)s->k);
	buf_key_real(b, "share", s->value);
	buf_key_real(b, "low", s->low);
	buf_key_real(b, "high", s->high);
	buf_str(b, "}");
}

static void
put_record(struct buf *b, const char *name, const struct share *alarms,
    const struct share *found, const struct score_result *r)
{
	buf_str(b, "{");
	buf_key_str(b, "detector", name);
	buf_key_int(b, "streams", (long long)alarms->n);
	put_share(b, "false", alarms);
	buf_key_int(b, "changes", (long long)found->n);
	put_share(b, "found", found);
	buf_key(b, "delay");
	buf_str(b, "{");
	buf_key_real(b, "mean", r->mean);
	buf_key_real(b, "median", r->median);
	buf_key_real(b, "q90", r->q90);
	buf_str(b, "}");
	buf_key_real(b, "events", r->events);
	buf_str(b, "}");
}

void
scoretext_head(struct buf *b, enum scoretext form)
{
	if (form == SCORETEXT_TSV)
		buf_str(b, "detector\tstreams\tfalse\tfalse_share\tfalse_low\t"
			   "false_high\tchanges\tfound\tfound_share\tfound_low"
			   "\tfound_high\tdelay_mean\tdelay_median\tdelay_q90\t"
			   "events");
	if (form == SCORETEXT_TABLE)
		buf_str(b, "detector        streams  false  share     interval "
			   " changes  found    delay  median     90%  events");
}

void
scoretext_put(struct buf *b, enum scoretext form, const char *name,
    const struct score_result *r, double level)
{
	struct share alarms = share_of(r->alarmed, r->streams, level);
	struct share found = share_of(r->found, r->changes, level);

	if (form == SCORETEXT_TABLE)
		put_row(b, name, &alarms, &found, r);
	else if (form == SCORETEXT_TSV)
		put_tsv(b, name, &alarms, &found, r);
	else
		put_record(b, name, &alarms, &found, r);
}
