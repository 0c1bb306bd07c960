#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "metric/promput.h"
#include "metric/tallyput.h"
#include "metric/write/promwrite.h"
#include "run/state.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/skip.h"

void
promwrite_check(const char *file)
{
	size_t n = strlen(file);

	if (n < 5 || strcmp(file + n - 5, ".prom") != 0)
		err_die(
		    "'--output': does not end in '.prom', so the collector would not read it: '%s'",
		    file);
	atomic_check(file);
}

/* What is written at once. */
struct writing {
	struct promwrite *w;
	double now, seconds;
	int whole;      /* the store has it all; else one metric at a time */
	size_t lines;   /* of all */
	size_t dropped; /* beside them */
	/* Where pieces go: to this one, or to standard output. */
	struct atomic *to;
};

/* Collects the series of a metric, or of all: -1 when memory ends. */
static int
collect(const struct writing *x, enum promtab_metric m)
{
	struct promwrite *w = x->w;
	struct prom *p = w->store;

	prom_clear(p);
	prom_only(p, m);
	tallyput(w->tally, x->now, x->seconds, p);
	promref_put(w->reference, w->tally, p);
	return p->failed ? -1 : 0;
}

/*
 * Counts what there is. In a store each series takes several times its line's
 * share of a tally, so that all of them at once are only there when some are
 * too many: which those are depends on the others.
 */
static void
begin(struct writing *x, struct promwrite *w)
{
	struct prom *p = w->store;

	*x = (struct writing){.w = w,
	    .now = clock_wall(),
	    .seconds = clock_monotonic() - w->begun};
	promref_read(w->reference, w->tally);
	for (int m = 0; m < PROMTAB_METRICS; m++) {
		if (collect(x, (enum promtab_metric)m) < 0)
			err_memory();
		x->lines += p->lines;
		x->whole |= m > 0 && p->dropped != x->dropped;
		x->dropped = p->dropped;
	}
	x->whole |= x->lines > p->limit;
	if (x->whole) {
		if (collect(x, PROMTAB_METRICS) < 0)
			err_memory();
		x->lines = p->lines;
		x->dropped = p->dropped;
	}
	w->dropped = x->dropped;
}

static void
put_piece(void *ctx, struct buf *text)
{
	struct writing *x = ctx;

	if (x->to != NULL)
		atomic_put(x->to, text->p, text->len);
	else
		out_write(text->p, text->len);
	text->len = 0;
}

/* Puts out what the store has: -1 when memory ends. */
static int
put_store(struct writing *x, struct buf *text)
{
	struct prom *p = x->w->store;

	tallyput_end(x->w->tally, x->lines, x->dropped, p);
	promput(p, text, put_piece, x);
	return p->failed ? -1 : 0;
}

/* All pieces; -1 when memory ends. */
static int
put_all(void *ctx, struct atomic *to)
{
	struct writing *x = ctx;
	struct prom *p = x->w->store;
	struct buf text = {0};
	int failed = 0;

	x->to = to;
	if (x->whole)
		failed = put_store(x, &text);
	for (int m = 0; m < PROMTAB_METRICS && !x->whole && failed == 0; m++) {
		failed = collect(x, (enum promtab_metric)m);
		if (failed == 0)
			failed = put_store(x, &text);
	}
	if (failed == 0)
		put_piece(x, &text);
	buf_free(&text);
	prom_clear(p);
	return failed;
}

void
promwrite(struct promwrite *w)
{
	struct writing x;

	begin(&x, w);
	if (w->file != NULL) {
		atomic_write_by(w->file, 0644, put_all, &x);
	} else {
		if (put_all(&x, NULL) < 0)
			err_memory();
		out_flush();
	}
	w->written = clock_monotonic();
}

void
promwrite_when_due(void *ctx)
{
	struct promwrite *w = ctx;

	if (!isnan(w->interval) && !state_is_for_barriers() &&
	    clock_monotonic() - w->written >= w->interval)
		promwrite(w);
}

void
promwrite_barrier(struct promwrite *w, const struct rec *in, long long n)
{
	struct writing x;

	if (!state_wanted())
		return;
	begin(&x, w);
	/* What stops the pipeline is not committed. */
	if (!skip_allowed())
		promwrite_end(w);
	state_keep_file(n, ".prom", put_all, &x);
	state_keep(n);
	out_record(in->line, in->len);
	out_flush();
}

void
promwrite_end(const struct promwrite *w)
{
	static const char what[] = "series were too many and are left out";
	const char
	    *why = w->tally->group.crowded
		       ? ", for there are more streams than '--max-groups'"
		       : "";

	if (w->dropped == 0)
		return;
	if (!skip_allowed())
		err_die("%zu %s%s", w->dropped, what, why);
	err_warn("%zu %s%s", w->dropped, what, why);
}
