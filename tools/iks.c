/*
 * iks - incremental Kolmogorov-Smirnov test for drift of numeric fields. The
 * arithmetic is in lib/iks.c and lib/ks.c, what all detectors share in
 * lib/det.c.
 */
#include <math.h>
#include <stdlib.h>

#include "det.h"
#include "err.h"
#include "iks.h"
#include "ks.h"
#include "num.h"

static const char policies[] = "fixed|tumbling|sliding|replace";
enum { REPLACE = IKS_SLIDING + 1 };
static struct {
	int policy, kuiper, p_value;
	long long window, step;
	double limit, alpha;
} opt = {
    .window = IKS_WINDOW,
    .step = 1,
    .limit = NAN,
    .alpha = NAN,
};
static struct iks_params params;
static struct ks_memo memo;

static const struct opt options[] = {
    {0, "window", OPT_INT, &opt.window, "N", "records in the detection window",
	1, 1e6},
    {0, "policy", OPT_CHOICE, &opt.policy, policies,
	"which values are window and reference", 0, 0},
    {0, "step", OPT_INT, &opt.step, "N", "test at every N-th record", 1, 1e6},
    {0, "kuiper", OPT_FLAG, &opt.kuiper, NULL,
	"take Kuiper's statistic, D+ + D-, instead of D", 0, 0},
    {0, "limit", OPT_REAL, &opt.limit, "D", "fixed limit, not one by --fap", 0,
	1},
    {0, "alpha", OPT_REAL, &opt.alpha, "A",
	"limit by the exact level of a single test", 1e-300, 1},
    {0, "p-value", OPT_FLAG, &opt.p_value, NULL,
	"add the exact p-value of each test", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* One field's. The place of the distance changes seldom, and so its text. */
struct watched {
	struct iks iks; /* comes first: a pointer to one is one to the other */
	double at;
	char text[NUM_SIZE];
	size_t len;
};

static void
print_place(struct watched *w, struct buf *out)
{
	double at = iks_at(&w->iks);

	if (w->len == 0 || at != w->at) {
		w->at = at;
		w->len = num_write(w->text, at);
	}
	buf_put(out, w->text, w->len);
}

DET_VERBS(iks)

static int
stat(const void *d, double *x)
{
	return iks_value(d, x);
}

static void
print(void *d, struct buf *out)
{
	struct iks_stat s;

	iks_stat(d, &s);
	/* Not buf_key, for each record has these. */
	buf_str(out, ",\"plus\":");
	buf_real(out, s.plus);
	buf_str(out, ",\"minus\":");
	buf_real(out, s.minus);
	buf_str(out, ",\"at\":");
	print_place(d, out);
	if (opt.kuiper)
		buf_key_real(out, "ks", s.ks);
	if (opt.p_value)
		buf_key_real(out, "p", s.p);
}

static size_t
window(void)
{
	return params.window;
}

/* A distance is beyond the limit of level alpha from the critical one on. */
static double
limit(size_t n)
{
	int64_t c;

	if (isnan(opt.alpha) || n == 0)
		return isnan(opt.alpha) ? opt.limit : opt.alpha;
	c = ks_critical((int64_t)n, opt.window, opt.alpha);
	if (c < 0 || c > (int64_t)n * opt.window)
		err_die("'--alpha': no critical value for a reference of %zu "
			"and a window of %lld",
		    n, opt.window);
	return (double)(c - 1) / ((double)n * (double)opt.window);
}

static void
key(struct buf *out)
{
	buf_str(out, "iks-window=");
	buf_int(out, opt.window);
	if (params.policy == IKS_TUMBLING)
		buf_str(out, "-tumbling");
	if (params.policy == IKS_SLIDING)
		buf_str(out, "-sliding");
	if (params.policy != IKS_TUMBLING && opt.step > 1) {
		buf_str(out, "-step=");
		buf_int(out, opt.step);
	}
	if (opt.kuiper)
		buf_str(out, "-kuiper");
}

static const struct det_kind kind = {
    .size = sizeof(struct watched),
    .init = init,
    .add = add,
    .stat = stat,
    .print = print,
    .reset = reset,
    .window = window,
    .limit = limit,
    .life = life,
    .params = &params,
    .key = key,
    .state = state,
    .free = release,
};

static int
parse_options(int argc, char **argv)
{
	int first;

	det_tool = (struct tool){
	    .name = "iks",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "incremental Kolmogorov-Smirnov test for drift",
	    .tables = {options, det_options, state_options},
	};
	first = opt_parse(&det_tool, argc, argv);
	if (!isnan(opt.alpha) && !isnan(opt.limit))
		err_die("'--alpha' and '--limit' exclude each other");
	if (opt.kuiper && (!isnan(opt.alpha) || opt.p_value))
		err_die("'--kuiper' has no exact p-value: not with '--%s'",
		    opt.p_value ? "p-value" : "alpha");
	if (opt.policy == IKS_TUMBLING && opt_given("step"))
		err_die("'--policy tumbling' tests at every full window: not "
			"with '--step'");
	opt_refuse(opt.policy == REPLACE, "after",
	    "'--policy replace' is fixed, and adopt");
	if (opt.policy == REPLACE)
		opt_set(opt_find("after"), "adopt", "'--policy'", NULL);
	params = (struct iks_params){
	    .window = (size_t)opt.window,
	    .policy = opt.policy == REPLACE ? IKS_FIXED
					    : (enum iks_policy)opt.policy,
	    .step = (size_t)opt.step,
	    .kuiper = opt.kuiper,
	    .memo = opt.p_value ? &memo : NULL,
	};
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	return det_run(&kind, argv + first, argc - first);
}
