/*
 * chi2 - test for drift of the mix of classes. The arithmetic is in
 * lib/chi2.c, what all detectors share in lib/det.c.
 */
#include <math.h>

#include "chi2.h"
#include "det.h"
#include "special.h"

static struct {
	int statistic;
	long long window, max_classes;
	double min_expected, limit;
} opt = {
    .window = CHI2_WINDOW,
    .max_classes = 1000,
    .min_expected = 5,
    .limit = NAN,
};
static struct chi2_params params;
static size_t max_classes;

static const struct opt options[] = {
    {0, "statistic", OPT_CHOICE, &opt.statistic, "g|pearson",
	"likelihood ratio, or Pearson's statistic", 0, 0},
    {0, "window", OPT_INT, &opt.window, "N", "records in the detection window",
	1, 1e6},
    {0, "min-expected", OPT_REAL, &opt.min_expected, "E",
	"pool classes expected less often in a window", 0, 1e6},
    {0, "max-classes", OPT_INT, &opt.max_classes, "N",
	"classes that are told apart", 1, 1e6},
    {0, "limit", OPT_REAL, &opt.limit, "L", "fixed limit, not one by --fap", 0,
	1e300},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* One field's detector, and what its members need besides. */
struct watch {
	struct chi2 chi2;
	const struct intern *names;
	double limit;
};

static const char *
init(void *d, const double *ref, size_t n)
{
	struct watch *w = d;

	return chi2_init(&w->chi2, &params, ref, n);
}

static void
names(void *d, const struct intern *names)
{
	struct watch *w = d;

	w->names = names;
}

static void
hold(void *d, double limit)
{
	struct watch *w = d;

	w->limit = limit;
}

static void
add(void *d, double x)
{
	struct watch *w = d;

	chi2_add(&w->chi2, (size_t)x);
}

static int
stat(const void *d, double *x)
{
	const struct watch *w = d;
	struct chi2_stat s;
	int ready = chi2_stat(&w->chi2, &s);

	if (ready)
		*x = s.stat;
	return ready;
}

static void
put_top(const struct watch *w, struct buf *out)
{
	struct chi2_class top[CHI2_TOP];
	size_t n = chi2_top(&w->chi2, top, 0);

	buf_str(out, ",\"top\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? ",{\"class\":" : "{\"class\":");
		intern_put(w->names, top[i].code, out);
		buf_key_int(out, "observed", (long long)top[i].observed);
		buf_key_real(out, "expected", top[i].expected);
		buf_key_real(out, "contribution", top[i].contribution);
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

static void
put_unseen(const struct watch *w, struct buf *out)
{
	struct chi2_class top[CHI2_TOP];
	size_t n = chi2_top(&w->chi2, top, 1);

	buf_str(out, ",\"new\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? "," : "");
		intern_put(w->names, top[i].code, out);
	}
	buf_str(out, "]");
}

static void
print(void *d, struct buf *out)
{
	const struct watch *w = d;
	struct chi2_stat s;

	chi2_stat(&w->chi2, &s);
	buf_key_int(out, "df", (long long)s.df);
	buf_key_real(
	    out, "p", s.df > 0 ? special_chi2_tail(s.stat, (double)s.df) : 1);
	if (s.stat > w->limit)
		put_top(w, out);
	buf_key_int(out, "unseen", (long long)s.unseen);
	if (s.unseen > 0)
		put_unseen(w, out);
}

static void
reset(void *d)
{
	struct watch *w = d;

	chi2_reset(&w->chi2);
}

static size_t
window(void)
{
	return params.window;
}

static double
limit(size_t n)
{
	(void)n;
	return opt.limit;
}

static double
life(const void *d, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct watch *w = d;

	(void)n;
	return chi2_simulate(&w->chi2, horizon, r);
}

static void
key(struct buf *out)
{
	buf_str(out, opt.statistic ? "chi2-pearson" : "chi2-g");
	buf_str(out, "-window=");
	buf_int(out, opt.window);
}

static void
digest(const void *d, struct buf *out)
{
	const struct watch *w = d;

	buf_str(out, "-cells=");
	buf_int(out, (long long)chi2_law(&w->chi2));
}

static void
release(void *d)
{
	struct watch *w = d;

	chi2_free(&w->chi2);
}

static void
state(void *d, struct store *s)
{
	chi2_state(d, s);
}

static const struct det_kind kind = {
    .size = sizeof(struct watch),
    .init = init,
    .hold = hold,
    .add = add,
    .stat = stat,
    .print = print,
    .reset = reset,
    .window = window,
    .limit = limit,
    .life = life,
    .key = key,
    .digest = digest,
    .classes = &max_classes,
    .names = names,
    .state = state,
    .free = release,
};

static int
parse_options(int argc, char **argv)
{
	int first;

	det_tool = (struct tool){
	    .name = "chi2",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "chi-square test for drift of the mix of classes",
	    .tables = {options, det_options, state_options},
	};
	det_watch("class");
	first = opt_parse(&det_tool, argc, argv);
	max_classes = (size_t)opt.max_classes;
	params = (struct chi2_params){
	    .statistic = (enum chi2_statistic)opt.statistic,
	    .window = (size_t)opt.window,
	    .min_expected = opt.min_expected,
	    .classes = max_classes + 1, /* and the one for all others */
	};
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	return det_run(&kind, argv + first, argc - first);
}
