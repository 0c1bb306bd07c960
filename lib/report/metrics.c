#include <stdlib.h>
#include <string.h>

#include "metric/check/promline.h"
#include "report/metrics.h"
#include "tool/err.h"
#include "tool/text.h"

/* Those that say what records don't, in the order of the page. */
static const enum promtab_metric shown[] = {IMGCLS_MODEL_INFO,
    DRIFT_REFERENCE_INFO, DRIFT_REFERENCE_MISMATCH, PROMTEXT_BUILD_INFO,
    IMGCLS_LAST_IMAGE_TIMESTAMP_SECONDS, IMGCLS_USUAL_GAP_SECONDS,
    DRIFT_UNCHANGED_SECONDS, PROMTEXT_LAST_SUCCESS_TIMESTAMP_SECONDS,
    PROMTEXT_INPUT_RECORDS_TOTAL, IMGCLS_ERRORS_TOTAL,
    IMGCLS_IMAGES_DAMAGED_TOTAL, DRIFT_DUPLICATES_TOTAL, DRIFT_SKIPPED_TOTAL,
    PROMTEXT_INPUT_ERRORS_TOTAL, PROMTEXT_SERIES_DROPPED_TOTAL};
enum { SHOWN = sizeof(shown) / sizeof(*shown) };

static size_t
place_of(enum promtab_metric metric)
{
	size_t i = 0;

	while (i < SHOWN && shown[i] != metric)
		i++;
	return i;
}

/* The number of a metric that is shown, or PROMTAB_METRICS. */
static enum promtab_metric
metric_of(const struct promline_text *name)
{
	for (size_t i = 0; i < SHOWN; i++)
		if (promline_is(name, promtab[shown[i]].name))
			return shown[i];
	return PROMTAB_METRICS;
}

/* A text as it was before it was escaped, cut to fit. */
static void
copy(char *to, size_t size, const struct promline_text *from)
{
	size_t n = 0;

	for (size_t i = 0; i < from->len && n + 1 < size; i++) {
		char c = from->p[i];

		if (c == '\\' && i + 1 < from->len) {
			c = from->p[++i];
			c = c == 'n' ? '\n' : c;
		}
		to[n++] = c;
	}
	to[n] = '\0';
}

static void
take_label(struct metrics_sample *s, const struct promline_label *l)
{
	char text[METRICS_TEXT];
	size_t i = s->labels;

	if (promline_is(&l->name, "stream")) {
		copy(text, sizeof(text), &l->value);
		free(s->stream);
		s->stream = err_strdup(text);
	} else if (i < METRICS_LABELS) {
		copy(s->label[i].name, sizeof(s->label[i].name), &l->name);
		copy(s->label[i].value, METRICS_TEXT, &l->value);
		s->labels++;
	}
}

/* What was never counted is not kept. */
static void
take_sample(struct metrics *m, const struct promline *l)
{
	enum promtab_metric metric = metric_of(&l->name);
	struct metrics_sample *s;

	if (metric == PROMTAB_METRICS || l->value == 0)
		return;
	if (m->n == METRICS_MOST) {
		m->full = 1;
		return;
	}
	if ((m->n & (m->n - 1)) == 0)
		m->sample = err_realloc(
		    m->sample, (m->n > 0 ? 2 * m->n : 1) * sizeof(*s));
	s = &m->sample[m->n++];
	*s = (struct metrics_sample){.metric = metric, .value = l->value};
	for (size_t i = 0; i < l->labels; i++)
		take_label(s, &l->label[i]);
}

void
metrics_read(struct metrics *m, const char *path)
{
	struct buf b = {0};
	struct promline line;
	const char *p, *why;
	size_t number = 0;

	text_read(path, &b);
	for (p = b.p; p < b.p + b.len; number++) {
		size_t len = strcspn(p, "\n");

		why = promline_read(&line, p, len);
		if (why != NULL)
			err_die("%s:%zu: not in Prometheus's text format: %s",
			    path, number + 1, why);
		if (line.kind == PROMLINE_SAMPLE)
			take_sample(m, &line);
		p += len + 1;
	}
	buf_free(&b);
}

static int
compare(const void *a, const void *b)
{
	const struct metrics_sample *x = a, *y = b;
	size_t i = place_of(x->metric), k = place_of(y->metric);

	if (i != k)
		return i < k ? -1 : 1;
	return (x->value < y->value) - (x->value > y->value);
}

void
metrics_sort(struct metrics *m)
{
	if (m->n > 0)
		qsort(m->sample, m->n, sizeof(*m->sample), compare);
}

int
metrics_is_of(const struct metrics_sample *s, const char *stream)
{
	return stream == NULL || s->stream == NULL ||
	       strcmp(s->stream, stream) == 0;
}

void
metrics_free(struct metrics *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->sample[i].stream);
	free(m->sample);
	*m = (struct metrics){0};
}
