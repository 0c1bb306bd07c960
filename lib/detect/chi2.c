#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/chi2.h"
#include "detect/codes.h"
#include "stats/special.h"

/* Makes the codes of ring wider; 0 without memory. */
static int
widen(struct chi2 *d, unsigned bytes)
{
	size_t m = d->ref->m;
	void *ring = calloc(m, bytes);

	if (ring == NULL)
		return 0;
	for (size_t i = 0; i < d->held; i++)
		codes_set(ring, bytes, i, codes_at(d->ring, d->bytes, i));
	free(d->ring);
	d->ring = ring;
	d->bytes = (uint8_t)bytes;
	return 1;
}

static uint32_t
class_at(const struct chi2 *d, size_t i)
{
	return codes_at(d->ring, d->bytes, i);
}

static void
set_class(struct chi2 *d, size_t i, uint32_t code)
{
	unsigned bytes = codes_bytes(code);

	if (bytes > d->bytes && !widen(d, bytes))
		d->failed = 1;
	else
		codes_set(d->ring, d->bytes, i, code);
}

/* An empty window, for a reference that has its cells. */
static const char *
begin(struct chi2 *d, struct chi2_ref *r)
{
	*d = (struct chi2){.ref = r, .bytes = 1};
	d->b = malloc(r->cells.n * sizeof(*d->b));
	d->ring = calloc(r->m, 1);
	if (d->b != NULL && d->ring != NULL) {
		chi2_reset(d);
		return NULL;
	}
	chi2_free(d);
	return NO_MEMORY;
}

const char *
chi2_init(void *chi2, const void *params, const double *ref, size_t n)
{
	const char *why;
	struct chi2_ref *r = chi2_ref_new(params, ref, n, &why);

	*(struct chi2 *)chi2 = (struct chi2){0};
	return r != NULL ? begin(chi2, r) : why;
}

const char *
chi2_share(void *chi2, const void *other)
{
	struct chi2_ref *r = ((const struct chi2 *)other)->ref;

	r->users++;
	return begin(chi2, r);
}

/* One record more (by 1) or less (by -1) in a cell. */
static inline void
change(struct chi2 *d, size_t code, uint32_t by)
{
	const struct chi2_ref *r = d->ref;
	size_t home = r->cells.home[code];
	uint32_t a = r->cells.a[home];

	d->sum -= chi2_terms_of(&r->terms, a, d->b[home]);
	d->b[home] += by;
	d->sum += chi2_terms_of(&r->terms, a, d->b[home]);
	if (r->cells.ref[code] == 0)
		d->unseen += by;
}

void
chi2_names(void *chi2, const struct intern *names)
{
	struct chi2 *d = chi2;

	d->names = names;
}

void
chi2_hold(void *chi2, double limit)
{
	struct chi2 *d = chi2;

	d->limit = limit;
}

void
chi2_add(void *chi2, double x)
{
	struct chi2 *d = chi2;
	size_t code = (size_t)x;

	if (d->held == d->ref->m)
		change(d, class_at(d, d->next), (uint32_t)-1);
	else
		d->held++;
	change(d, code, 1);
	set_class(d, d->next, (uint32_t)code);
	d->next = d->next + 1 == d->ref->m ? 0 : d->next + 1;
}

/* The rounding of many terms may end below 0. */
static double
value(const struct chi2 *d, int64_t sum)
{
	const struct chi2_ref *r = d->ref;

	return sum + r->base > 0 ? (double)(sum + r->base) * r->terms.unit : 0;
}

int
chi2_stat(const struct chi2 *d, struct chi2_stat *s)
{
	const struct chi2_cells *c = &d->ref->cells;

	if (d->held < d->ref->m)
		return 0;
	s->stat = d->failed ? NAN : value(d, d->sum);
	/* Only where all that is unseen goes can there be nothing. */
	s->df = c->n - 1;
	if (c->own < c->n)
		s->df -= c->a[c->own] + d->b[c->own] == 0;
	s->unseen = d->unseen;
	return 1;
}

int
chi2_value(const void *chi2, double *stat)
{
	const struct chi2 *d = chi2;

	if (d->held < d->ref->m)
		return 0;
	*stat = d->failed ? NAN : value(d, d->sum);
	return 1;
}

size_t
chi2_top(const struct chi2 *d, struct chi2_class *top, int only_unseen)
{
	const struct chi2_ref *r = d->ref;
	uint32_t *count = calloc(r->cells.classes, sizeof(*count));
	const struct chi2_classes c = {
	    .pearson = r->p.statistic == CHI2_PEARSON,
	    .n = r->cells.classes,
	    .ref = r->cells.ref,
	    .count = count,
	    .of_ref = (double)r->n,
	    .of_window = (double)r->m,
	};
	size_t n = 0;

	for (size_t i = 0; count != NULL && i < d->held; i++)
		count[class_at(d, i)]++;
	if (count != NULL)
		n = chi2_classes_top(&c, top, only_unseen);
	free(count);
	return n;
}

static void
put_top(const struct chi2 *d, struct buf *out)
{
	struct chi2_class top[CHI2_CLASSES_TOP];
	size_t n = chi2_top(d, top, 0);

	buf_str(out, ",\"top\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? ",{\"class\":" : "{\"class\":");
		intern_put(d->names, top[i].code, out);
		buf_key_int(out, "observed", (long long)top[i].observed);
		buf_key_real(out, "expected", top[i].expected);
		buf_key_real(out, "contribution", top[i].contribution);
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

static void
put_unseen(const struct chi2 *d, struct buf *out)
{
	struct chi2_class top[CHI2_CLASSES_TOP];
	size_t n = chi2_top(d, top, 1);

	buf_str(out, ",\"new\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? "," : "");
		intern_put(d->names, top[i].code, out);
	}
	buf_str(out, "]");
}

void
chi2_print(void *chi2, struct buf *out)
{
	const struct chi2 *d = chi2;
	struct chi2_stat s;

	chi2_stat(d, &s);
	buf_key_int(out, "df", (long long)s.df);
	buf_key_real(
	    out, "p", s.df > 0 ? special_chi2_tail(s.stat, (double)s.df) : 1);
	if (s.stat > d->limit)
		put_top(d, out);
	buf_key_int(out, "unseen", (long long)s.unseen);
	if (s.unseen > 0)
		put_unseen(d, out);
}

size_t
chi2_parts(const void *chi2)
{
	return ((const struct chi2 *)chi2)->ref->cells.n;
}

void
chi2_aim(const void *chi2, struct ending *e)
{
	const struct chi2 *d = chi2;

	for (size_t j = 0; j < e->parts; j++)
		e->direction[j] = d->ref->cells.a[j];
	ending_counts(e, d->b);
}

double
chi2_score(const void *chi2, const double *direction)
{
	const struct chi2 *d = chi2;
	uint32_t last = class_at(d, (d->next > 0 ? d->next : d->ref->m) - 1);

	return direction[d->ref->cells.home[last]];
}

void
chi2_reset(void *chi2)
{
	struct chi2 *d = chi2;

	memset(d->b, 0, d->ref->cells.n * sizeof(*d->b));
	d->next = d->held = d->unseen = 0;
	d->sum = d->ref->empty;
}

static void
ring_state(struct chi2 *d, size_t held, struct store *s)
{
	store_open(s, "ring", '[');
	for (size_t i = 0; i < held && s->why == NULL; i++) {
		size_t code = store_reading(s) ? 0 : class_at(d, i);

		store_size(s, NULL, &code, 0, d->ref->cells.classes - 1);
		if (store_reading(s) && s->why == NULL) {
			d->held = (uint32_t)i;
			set_class(d, i, (uint32_t)code);
		}
	}
	if (d->failed)
		store_refuse(s, NO_MEMORY);
	store_close(s, ']');
}

void
chi2_state(void *chi2, struct store *s)
{
	struct chi2 *d = chi2;
	size_t held = d->held, next = d->next, m = d->ref->m;

	store_size(s, "held", &held, 0, m);
	store_size(s, "next", &next, 0, m - 1);
	ring_state(d, held, s);
	if (store_reading(s) && held < m && next != held)
		store_refuse(s, "a window that is not full begins elsewhere");
	if (!store_reading(s) || s->why != NULL)
		return;
	chi2_reset(d);
	d->next = held < m ? 0 : (uint32_t)next;
	while (d->held < held)
		chi2_add(d, (double)class_at(d, d->next));
}

void
chi2_free(void *chi2)
{
	struct chi2 *d = chi2;

	chi2_ref_free(d->ref);
	free(d->b);
	free(d->ring);
	*d = (struct chi2){0};
}

size_t
chi2_window(const void *params)
{
	const struct chi2_params *p = params;

	return p->window;
}

void
chi2_key(const void *params, struct buf *out)
{
	const struct chi2_params *p = params;

	buf_str(out, p->statistic ? "chi2-pearson" : "chi2-g");
	buf_str(out, "-window=");
	buf_int(out, (long long)p->window);
}

void
chi2_digest(const void *chi2, struct buf *out)
{
	buf_str(out, "-cells=");
	buf_int(out, (long long)chi2_null_cells(chi2));
}

size_t
chi2_null_cells(const struct chi2 *d)
{
	size_t k = chi2_cells_used(&d->ref->cells), step = 1;

	if (k < 2)
		k = 2;
	while (k > 16 * step)
		step *= 2;
	return (k + step - 1) / step * step;
}

/* The largest sum from the full window on; INT64_MIN if it never fills. */
static int64_t
largest_sum(struct chi2 *d, unsigned long long horizon, struct rng *r)
{
	int64_t max = INT64_MIN;

	for (unsigned long long i = 0; i < horizon; i++) {
		chi2_add(d, (double)rng_below(r, d->ref->cells.classes));
		if (d->held == d->ref->m && d->sum > max)
			max = d->sum;
	}
	return max;
}

double
chi2_simulate(
    const void *learnt, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct chi2 *d = learnt;
	struct chi2_ref ref = {.users = 2, /* it is not to be freed */
	    .p = d->ref->p,
	    .n = d->ref->n,
	    .m = d->ref->m,
	    .terms = d->ref->terms};
	size_t classes = chi2_null_cells(d);
	struct chi2 run;
	double max = NAN;
	int64_t sum;

	(void)n; /* is d's */
	if (chi2_cells_init(&ref.cells, classes)) {
		for (size_t i = 0; i < ref.n; i++)
			ref.cells.ref[rng_below(r, classes)]++;
		if (chi2_ref_cells(&ref, 0) && begin(&run, &ref) == NULL) {
			sum = largest_sum(&run, horizon, r);
			max = sum == INT64_MIN ? -INFINITY : value(&run, sum);
			chi2_free(&run);
		}
	}
	chi2_cells_free(&ref.cells);
	return max;
}

const struct kind_verbs chi2_verbs = {
    .size = sizeof(struct chi2),
    .init = chi2_init,
    .share = chi2_share,
    .hold = chi2_hold,
    .add = chi2_add,
    .value = chi2_value,
    .print = chi2_print,
    .reset = chi2_reset,
    .state = chi2_state,
    .parts = chi2_parts,
    .aim = chi2_aim,
    .score = chi2_score,
    .free = chi2_free,
    .window = chi2_window,
    .key = chi2_key,
    .digest = chi2_digest,
    .simulate = chi2_simulate,
    .names = chi2_names,
};
