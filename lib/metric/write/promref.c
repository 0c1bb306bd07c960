#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "metric/tallystream_put.h"
#include "metric/tallyadd.h"
#include "metric/write/promref.h"
#include "run/statefile.h"
#include "tool/err.h"
#include "tool/rec.h"

/* The same as the live tally, of all values. */
static void
begin(struct promref *r, const struct tally *live)
{
	struct tally_setup setup = live->setup;

	setup.window = 0;
	tally_init(&r->tally, &setup);
	for (size_t i = 0; i < live->feature.n; i++) {
		struct json_span name = {.type = JSON_STRING};

		name.p = intern_text(&live->feature.raw, i, &name.len);
		tally_watch(&r->tally, &name);
	}
}

static int
by_stream(const void *a, const void *b)
{
	const struct promref_share *x = a, *y = b;

	if (x->stream != y->stream)
		return x->stream < y->stream ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* What each class has of the images of its stream. */
static void
find_shares(struct promref *r)
{
	const struct promseries *counts = &r->tally.images.store.series;
	size_t i, k;

	free(r->share);
	r->share = err_malloc((counts->n + 1) * sizeof(*r->share));
	r->shares = 0;
	for (i = 0; i < counts->n; i++) {
		const struct promseries_one *x = promseries_at(counts, i);
		const struct promseries_what what = promseries_is(counts, x);

		if (what.metric == IMGCLS_PREDICTIONS_TOTAL && x->value > 0)
			r->share[r->shares++] = (struct promref_share){
			    x->stream, what.label[1], x->value, i};
	}
	qsort(r->share, r->shares, sizeof(*r->share), by_stream);
	for (i = 0; i < r->shares; i = k) {
		double total = 0;

		for (k = i;
		     k < r->shares && r->share[k].stream == r->share[i].stream;
		     k++)
			total += r->share[k].share;
		for (size_t j = i; j < k; j++)
			r->share[j].share /= total;
	}
}

void
promref_read(struct promref *r, const struct tally *live)
{
	char *file[] = {(char *)r->file};
	struct json_line line;
	struct rec in;

	if (r->file == NULL || (r->read && r->features == live->feature.n))
		return;
	if (r->read)
		tally_free(&r->tally);
	else
		r->digest = statefile_digest(r->file);
	begin(r, live);
	rec_open(&in, file, 1, '\n');
	in.skip_bad = 1;
	in.patient = r->read;
	in.group = r->tally.setup.group != NULL ? r->tally.found : NULL;
	in.shared = 1;
	while (rec_json(&in, &r->tally.paths, r->tally.found, &line))
		tallyadd(&r->tally, in.line, in.len, &line, clock_wall);
	if (in.trouble != NULL)
		err_warn("%s", in.trouble);
	rec_close(&in);
	if (r->tally.failed)
		err_memory();
	find_shares(r);
	r->read = 1;
	r->features = live->feature.n;
}

/* The shares of its classes, from the counts of its images. */
static void
put_shares(const struct promref *r, const char *stream, struct prom *p)
{
	const struct promseries *counts = &r->tally.images.store.series;
	struct promref_share none = {0};
	size_t from = 0, to = r->shares;

	if (!promseries_knows(counts, stream, &none.stream))
		return;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (by_stream(&r->share[middle], &none) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (; from < r->shares && r->share[from].stream == none.stream;
	     from++) {
		const char *class = promseries_text(
		    counts, r->share[from].class);

		prom_set(
		    p, IMGCLS_REFERENCE_SHARE, &class, r->share[from].share);
	}
}

static void
put_info(const struct promref *r, const struct tallystream *s, struct prom *p)
{
	const struct recmodel *of = recmodels_at(
	    &r->tally.group.models, s->image.model);
	char model[RECMODEL_LONGEST + 1] = {0};
	const char *info[] = {r->digest, model};

	memcpy(model, of->name, of->len);
	prom_set(p, DRIFT_REFERENCE_INFO, info, 1);
}

void
promref_put(const struct promref *r, const struct tally *live, struct prom *p)
{
	if (!r->read || !(prom_takes(p, DRIFT_REFERENCE_MEAN) ||
			    prom_takes(p, DRIFT_REFERENCE_STDDEV) ||
			    prom_takes(p, IMGCLS_REFERENCE_SHARE) ||
			    prom_takes(p, DRIFT_REFERENCE_INFO)))
		return;
	for (size_t k = 0; k < live->group.n; k++) {
		const struct tallystream *now = &live->group.stream[k], *usual;
		const char *label = tallygroup_label(&live->group, k);
		size_t own = tallygroup_known(&r->tally.group, label);

		usual = &r->tally.group.stream[own];
		prom_stream(p, label);
		for (size_t i = 0; i < r->features; i++)
			if (tallystream_counts(now, i))
				tallystream_put_reference(
				    usual, i, live->feature.text[i], p);
		if (now->image.gaps.last == 0 || usual->image.gaps.last == 0)
			continue;
		put_shares(r, tallygroup_label(&r->tally.group, own), p);
		put_info(r, usual, p);
	}
}

void
promref_free(struct promref *r)
{
	if (r->read)
		tally_free(&r->tally);
	free(r->share);
	free(r->digest);
}
