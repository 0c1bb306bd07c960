#include <math.h>
#include <string.h>

#include "report/pagepromise.h"
#include "report/words.h"

enum { MONTH = 30 * 86400, HOUR = 3600 };

/* What detectors promise together: how many, false alarms for a record. */
struct sum {
	size_t detectors, said; /* said: by their sections */
	double rate;
};

static struct sum
add_up(const struct sheet *p)
{
	const struct alerts *a = &p->subject->alerts;
	const struct sheet_setup *s = p->setup;
	struct sum sum = {0};

	for (size_t i = 0; i < a->n; i++) {
		const char *name = a->test[i].detector;
		size_t k = 0;

		while (strcmp(a->test[k].detector, name) != 0)
			k++;
		if (k < i || a->test[i].estimates)
			continue;
		sum.detectors++;
		sum.said += (size_t)promise_has(s->promise, name);
		sum.rate += promise_rate(s->promise, name, s->fap, s->horizon);
	}
	return sum;
}

/* What is guaranteed; false alarms of all detectors for a record, at most, or
 * NAN. */
static double
say_rate(struct sheet *p, const struct sum *sum)
{
	double known = p->subject->false_alarms;
	double rate = known > 0 ? known : sum->rate;

	if (known > 0 || sum->said == sum->detectors) {
		buf_str(&p->text,
		    known > 0 ? "By their states" : "By the configuration");
		buf_str(&p->text, ", the detectors' limits are for at most one "
				  "false alarm in ");
		words_count(
		    &p->text, (unsigned long long)floor(1 / rate + 1e-6));
		buf_str(&p->text, " undrifted records. ");
		return rate;
	}
	if (!p->setup->told) {
		buf_str(&p->text,
		    "How many false alarms the detectors' limits are for is "
		    "not known here: the states of a journal's pipeline say "
		    "it, the configuration (-c), or --fap and --horizon.");
		return NAN;
	}
	buf_str(&p->text, sum->said > 0 ? "Each detector that is not in the "
					  "configuration"
					: "Each detector");
	buf_str(&p->text, " raises a false alarm in at most ");
	words_percent(&p->text, p->setup->fap);
	buf_str(&p->text, " of runs of ");
	words_count(&p->text, (unsigned long long)p->setup->horizon);
	buf_str(&p->text, " undrifted records (--fap, --horizon). ");
	return rate;
}

/* How often that is. */
static void
say_often(struct sheet *p, const struct sum *sum, double rate)
{
	const struct subject *s = p->subject;
	double span = s->end - s->begin, a_month;

	if (span >= HOUR) {
		a_month = (double)(s->timed - 1) / span * MONTH;
		buf_str(&p->text, "At this stream's rate, ");
		words_number(&p->text, a_month, 3);
		buf_str(&p->text, " records in 30 days, that is at most ");
		words_number(&p->text, rate * a_month, 2);
		buf_str(&p->text, " false alarms a month");
	} else {
		buf_str(&p->text, "That is at most ");
		words_number(&p->text, rate * 1e6, 2);
		buf_str(&p->text, " false alarms in a million records");
	}
	if (sum->detectors > 1) {
		buf_str(&p->text, " of the ");
		words_count(&p->text, sum->detectors);
		buf_str(&p->text, " detectors together");
	}
	buf_str(&p->text, ".");
}

/* How often this would be said of a stream that does not drift. */
void
pagepromise(struct sheet *p)
{
	const struct sum sum = add_up(p);
	double rate;

	if (sum.detectors == 0)
		return;
	doc_section(&p->doc, "How often this would be a false alarm");
	rate = say_rate(p, &sum);
	if (!isnan(rate))
		say_often(p, &sum, rate);
	doc_say(&p->doc, words_end(&p->text));
}
