#include <math.h>
#include <string.h>

#include "imgtally.h"
#include "jsonval.h"
#include "num.h"

/* The stages at which imgcls can fail; any other word is the last. */
static const char *const stages[] = {
    "record", "open", "read", "limit", "decode", "predict", "other"};
enum { STAGES = sizeof(stages) / sizeof(*stages) };

void
imgtally_begin(struct imgtally *t)
{
	const struct imgtally_setup *s = &t->setup;
	const char *info[] = {s->model, s->version, s->digest};
	size_t dropped = t->store.dropped;

	prom_set(&t->store, IMGCLS_MODEL_INFO, info, 1);
	if (dropped == t->store.dropped && t->store.limit == 0)
		return; /* counted before */
	for (size_t i = 0; i < STAGES; i++)
		prom_at(&t->store, IMGCLS_ERRORS_TOTAL,
		    (const char *[]){s->model, stages[i]});
	prom_at(&t->store, IMGCLS_CONFIDENCE_RATIO, &s->model);
	for (size_t i = 0; i < s->classes; i++)
		prom_at(&t->store, IMGCLS_PREDICTIONS_TOTAL,
		    (const char *[]){s->model, s->class[i]});
}

void
imgtally_init(struct imgtally *t, const struct imgtally_setup *setup)
{
	*t = (struct imgtally){.setup = *setup};
	prom_init(&t->store, "", setup->limit);
}

/* The name of class x, a whole number: its label, or as it is configured. */
static const char *
class_name(const struct imgtally *t, const struct json_span *label, double x,
    char *text)
{
	if (label->type == JSON_STRING && label->len > 2)
		detread_text(label, text);
	else if (x < (double)t->setup.classes)
		return t->setup.class[(size_t)x];
	else
		text[num_write_int(text, (long long)x)] = '\0';
	return text;
}

void
imgtally_prediction(
    struct imgtally *t, const struct detread *r, int *schema, int *range)
{
	const struct json_span *prob = &r->field[DETREAD_PROB];
	char text[DETREAD_TEXT];
	const char *values[] = {t->setup.model, text};
	double class, x;

	class = detread_number(&r->field[DETREAD_CLASS], 0, 1e9, range);
	if (class == floor(class)) {
		values[1] = class_name(
		    t, &r->field[DETREAD_LABEL], class, text);
		prom_add(&t->store, IMGCLS_PREDICTIONS_TOTAL, values, 1);
	} else {
		*range = 1;
	}
	*schema |= prob->type > JSON_NULL && prob->type != JSON_NUMBER;
	x = detread_number(prob, 0, 1, range);
	if (!isnan(x))
		prom_observe(&t->store, IMGCLS_CONFIDENCE_RATIO, values, x);
}

void
imgtally_error(struct imgtally *t, const struct detread *r)
{
	size_t i = 0;

	while (i < STAGES - 1 &&
	       (r->stage.type != JSON_STRING ||
		   !json_equals(&r->stage, stages[i], strlen(stages[i]))))
		i++;
	prom_add(&t->store, IMGCLS_ERRORS_TOTAL,
	    (const char *[]){t->setup.model, stages[i]}, 1);
}

void
imgtally_free(struct imgtally *t)
{
	prom_free(&t->store);
}
