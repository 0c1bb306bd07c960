#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/imgtally.h"
#include "json/json.h"
#include "base/num.h"

/* The stages at which imgcls can fail; any other word is the last. */
static const char *const stages[] = {
    "record", "open", "read", "limit", "decode", "predict", "other"};
static const char other[] = "other";
enum { STAGES = sizeof(stages) / sizeof(*stages) };

/* Classes whose series are found by their number. */
enum { CLASSES = 4096 };

void
imgtally_begin(struct imgtally *t, struct imgtally_stream *stream)
{
	const struct imgtally_setup *s = &t->setup;
	size_t dropped = t->store.dropped;

	prom_stream(&t->store, t->stream);
	if (t->store.limit == 0) {
		prom_set(&t->store, IMGCLS_MODEL_INFO,
		    (const char *[]){s->model, s->version, s->digest}, 1);
		if (dropped == t->store.dropped)
			return; /* counted before */
	}
	for (size_t i = 0; i < STAGES; i++)
		prom_at(&t->store, IMGCLS_ERRORS_TOTAL,
		    (const char *[]){s->model, stages[i]});
	prom_at(&t->store, IMGCLS_CONFIDENCE_RATIO, &s->model);
	prom_at(&t->store, IMGCLS_IMAGES_DAMAGED_TOTAL, &s->model);
	if (s->classes > s->top)
		prom_at(&t->store, IMGCLS_PREDICTIONS_TOTAL,
		    (const char *[]){s->model, other});
	for (size_t i = 0; i < s->classes && s->classes <= s->top; i++)
		prom_at(&t->store, IMGCLS_PREDICTIONS_TOTAL,
		    (const char *[]){s->model, s->class[i]});
	if (stream != NULL && s->classes <= s->top)
		stream->named = (uint32_t)s->classes;
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

/* Whether the label of a class is what it was in its first record. */
static int
is_usual(struct imgtally *t, const struct json_span *label, size_t class)
{
	size_t len = label->type == JSON_STRING ? label->len : 0;
	struct buf *b;

	if (t->label == NULL)
		t->label = calloc(CLASSES, sizeof(*t->label));
	if (t->label == NULL)
		return 0;
	b = &t->label[class];
	if (b->len == 0) {
		if (len > 0)
			buf_put(b, label->p, len);
		buf_put(b, "", 1); /* so that it is not empty */
	}
	return b->len == len + 1 &&
	       (len == 0 || memcmp(b->p, label->p, len) == 0);
}

/* Where a stream keeps the count of a class, if it can be told by number. */
static double **
slot_of(struct imgtally *t, struct imgtally_stream *s,
    const struct json_span *label, size_t class)
{
	size_t n = class < 12 ? 12 : 2 * class;
	double **grown;

	if (s == NULL || class >= CLASSES || !is_usual(t, label, class))
		return NULL;
	if (class < s->counts)
		return &s->count[class];
	grown = realloc(s->count, n * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	memset(grown + s->counts, 0, (n - s->counts) * sizeof(*grown));
	s->count = grown;
	s->counts = (uint32_t)n;
	return &s->count[class];
}

/*
 * The count of a class by its name; when as many have theirs as may, that of
 * the others, which so never loses what it has counted.
 */
static double *
find_class(struct imgtally *t, struct imgtally_stream *s, const char *name)
{
	const char *values[] = {t->setup.model, name};
	size_t before = t->store.series.n;
	double *count;

	if (s != NULL && s->named >= t->setup.top &&
	    !prom_has(&t->store, IMGCLS_PREDICTIONS_TOTAL, values))
		values[1] = other;
	count = prom_at(&t->store, IMGCLS_PREDICTIONS_TOTAL, values);
	if (s != NULL && values[1] != other)
		s->named += (uint32_t)(t->store.series.n - before);
	return count;
}

static void
count_class(struct imgtally *t, struct imgtally_stream *s,
    const struct json_span *label, double class)
{
	double **slot = slot_of(t, s, label, (size_t) class);
	double *count = slot != NULL ? *slot : NULL;
	char text[DETREAD_TEXT];

	if (count == NULL) {
		prom_stream(&t->store, t->stream);
		count = find_class(t, s, class_name(t, label, class, text));
	}
	if (count != NULL)
		*count += 1;
	if (slot != NULL)
		*slot = count;
}

static void
count_confidence(struct imgtally *t, struct imgtally_stream *s, double x)
{
	struct promseries_one *series = s != NULL ? s->confidence : NULL;

	if (series == NULL) {
		prom_stream(&t->store, t->stream);
		series = prom_find(
		    &t->store, IMGCLS_CONFIDENCE_RATIO, &t->setup.model);
	}
	prom_observe(series, x);
	if (s != NULL)
		s->confidence = series;
}

/* The model of the last image that names one. */
static void
learn_model(
    struct imgtally *t, struct imgtally_stream *s, const struct json_span *name)
{
	struct recmodel model = {0};
	long number;

	if (s->model > 0 &&
	    !recmodel_differs(recmodels_at(t->models, s->model), name))
		return;
	recmodel_learn(&model, name);
	number = recmodels_find(t->models, &model);
	if (number < 0)
		t->store.failed = 1;
	else
		s->model = (uint32_t)number;
}

void
imgtally_prediction(struct imgtally *t, struct imgtally_stream *s,
    const struct detread *r, int *schema, int *range)
{
	const struct json_span *prob = &r->field[DETREAD_PROB];
	const struct json_span *damaged = &r->field[DETREAD_DAMAGED];
	double class, x;

	if (s != NULL)
		learn_model(t, s, &r->field[DETREAD_MODEL]);
	class = detread_number(&r->field[DETREAD_CLASS], 0, 1e9, range);
	if (class == floor(class))
		count_class(t, s, &r->field[DETREAD_LABEL], class);
	else
		*range = 1;
	*schema |= prob->type > JSON_NULL && prob->type != JSON_NUMBER;
	x = detread_number(prob, 0, 1, range);
	if (!isnan(x))
		count_confidence(t, s, x);
	*schema |= damaged->type > JSON_FALSE && damaged->type != JSON_STRING;
	if (damaged->type != JSON_STRING)
		return;
	prom_stream(&t->store, t->stream);
	prom_add(&t->store, IMGCLS_IMAGES_DAMAGED_TOTAL, &t->setup.model, 1);
}

void
imgtally_join(struct imgtally *t, struct imgtally_stream *s,
    const struct prom *from, size_t i)
{
	const struct promseries_one *x = promseries_at(&from->series, i);
	const struct promseries_what what = promseries_is(&from->series, x);
	const char *model = promseries_text(&from->series, what.label[0]);
	const char *class = promseries_text(&from->series, what.label[1]);
	size_t before = t->store.series.n;
	int counts = what.metric == IMGCLS_PREDICTIONS_TOTAL &&
		     strcmp(class, other) != 0;
	const char *values[] = {model, class};

	prom_stream(&t->store, t->stream);
	if (counts && s != NULL && s->named >= t->setup.top &&
	    !prom_has(&t->store, IMGCLS_PREDICTIONS_TOTAL, values)) {
		values[1] = other;
		prom_add(&t->store, IMGCLS_PREDICTIONS_TOTAL, values, x->value);
		return;
	}
	prom_join(&t->store, from, i);
	if (counts && s != NULL)
		s->named += (uint32_t)(t->store.series.n - before);
}

void
imgtally_put_stream(
    const struct imgtally *t, const struct imgtally_stream *s, struct prom *p)
{
	const struct recmodel *model = recmodels_at(t->models, s->model);
	char id[RECMODEL_LONGEST + 1] = {0};
	const char *info[] = {t->setup.model, t->setup.version,
	    model->len > 0 ? id : t->setup.digest};

	memcpy(id, model->name, model->len);
	if (s->begun)
		prom_set(p, IMGCLS_MODEL_INFO, info, 1);
	if (s->gaps.last != 0)
		prom_set(
		    p, IMGCLS_LAST_IMAGE_TIMESTAMP_SECONDS, NULL, s->gaps.last);
	if (gaps_usual(&s->gaps) > 0)
		prom_set(
		    p, IMGCLS_USUAL_GAP_SECONDS, NULL, gaps_usual(&s->gaps));
}

void
imgtally_error(struct imgtally *t, const struct detread *r)
{
	const struct json_span *stage = &r->part[DETREAD_STAGE];
	size_t i = 0;

	while (i < STAGES - 1 &&
	       (stage->type != JSON_STRING ||
		   !json_equals(stage, stages[i], strlen(stages[i]))))
		i++;
	prom_stream(&t->store, t->stream);
	prom_add(&t->store, IMGCLS_ERRORS_TOTAL,
	    (const char *[]){t->setup.model, stages[i]}, 1);
}

void
imgtally_free(struct imgtally *t)
{
	for (size_t i = 0; t->label != NULL && i < CLASSES; i++)
		buf_free(&t->label[i]);
	free(t->label);
	prom_free(&t->store);
}

void
imgtally_stream_free(struct imgtally_stream *s)
{
	gaps_free(&s->gaps);
	free(s->count);
}
