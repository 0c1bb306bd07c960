#include <math.h>
#include <string.h>

#include "report/estimated.h"

static double
number(const struct json_span *s)
{
	int range = 0;

	return detread_number(s, 0, 1, &range);
}

static void
text_of(const struct json_span *s, char *text)
{
	text[0] = '\0';
	if (s->type == JSON_STRING)
		json_text(s, text, ESTIMATED_TEXT);
}

static void
take(struct estimated *e, const struct detread_test *t,
    struct estimated_sums *bucket)
{
	double x[DETREAD_ACCURACY];

	for (int i = 0; i < DETREAD_ACCURACY; i++) {
		x[i] = number(&t->accuracy[i]);
		if (isnan(x[i]))
			return;
	}
	if (t->window.type != JSON_NUMBER ||
	    json_number(&t->window, &e->window) < 0)
		e->window = NAN;
	text_of(&t->method, e->method);
	e->accuracy = x[0];
	e->low = x[1];
	e->high = x[2];
	e->n++;
	estimated_join(bucket, &(struct estimated_sums){1, x[0], x[1], x[2]});
}

void
estimated_add(struct estimated *e, const struct detread *read,
    struct estimated_sums *bucket)
{
	char name[ESTIMATED_TEXT];

	for (size_t i = 0; i < read->members; i++) {
		const struct detread_member *m = &read->member[i];

		if (m->n == 0 || m->test->accuracy[0].type != JSON_NUMBER)
			continue;
		text_of(&m->name, name);
		if (e->n == 0)
			memcpy(e->by, name, sizeof(name));
		if (strcmp(e->by, name) == 0) {
			take(e, m->test, bucket);
			return;
		}
	}
}

void
estimated_join(struct estimated_sums *into, const struct estimated_sums *s)
{
	into->n += s->n;
	into->accuracy += s->accuracy;
	into->low += s->low;
	into->high += s->high;
}

struct estimated_sums
estimated_mean(const struct estimated_sums *s)
{
	double n = s->n > 0 ? (double)s->n : NAN;

	return (struct estimated_sums){
	    s->n, s->accuracy / n, s->low / n, s->high / n};
}
