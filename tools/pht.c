/*
 * pht - Page-Hinkley test for drift of numeric fields. The arithmetic is in
 * lib/pht.c, what all detectors share in lib/det.c.
 */
#include <math.h>

#include "det.h"
#include "err.h"
#include "pht.h"

static struct pht_params params = {
    .k = 0.25,
    .delta = 0.005,
    .alpha = 0.9999,
    .lambda = NAN,
    .min_instances = 30,
};
static int form;

static const struct opt options[] = {
    {0, "allowance", OPT_REAL, &params.k, "K",
	"half the shift to find, in deviations", 0.01, 10},
    {0, "lambda", OPT_REAL, &params.lambda, "L",
	"fixed threshold, not one by --fap", 0, 1e300},
    {0, "compat", OPT_CHOICE, &form, "none|river",
	"do as another library's variant does", 0, 0},
    {0, "delta", OPT_REAL, &params.delta, "D",
	"compat: allowance in the unit of the field", 0, 1e300},
    {0, "alpha", OPT_REAL, &params.alpha, "A", "compat: forgetting factor",
	1e-9, 1},
    {0, "min-instances", OPT_INT, &params.min_instances, "N",
	"compat: no alarm before that many records", 1, 1e9},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static const char *
init(void *d, const double *ref, size_t n)
{
	return pht_init(d, &params, ref, n);
}

static void
hold(void *d, double limit)
{
	pht_hold(d, limit);
}

static void
add(void *d, double x)
{
	pht_add(d, x);
}

static int
stat(const void *d, double *x)
{
	struct pht_stat s;
	int ready = pht_stat(d, &s);

	if (ready)
		*x = s.stat;
	return ready;
}

static void
print(const void *d, struct buf *out)
{
	struct pht_stat s;

	pht_stat(d, &s);
	buf_key_str(out, "direction", s.direction > 0 ? "up" : "down");
	buf_key_int(out, "since", (long long)s.since);
}

static double
limit(size_t n)
{
	(void)n;
	return params.lambda;
}

static double
life(const void *p, size_t n, unsigned long long horizon, struct rng *r)
{
	return pht_simulate(p, n, horizon, r);
}

static void
key(struct buf *out)
{
	buf_str(out, "pht-allowance=");
	buf_real(out, params.k);
}

static int
no_reference(void)
{
	return form != PHT_STANDARD;
}

static void
release(void *d)
{
	pht_free(d);
}

static const struct det_kind kind = {
    .size = sizeof(struct pht),
    .init = init,
    .hold = hold,
    .add = add,
    .stat = stat,
    .print = print,
    .limit = limit,
    .life = life,
    .params = &params,
    .key = key,
    .no_reference = no_reference,
    .free = release,
};

static int
parse_options(int argc, char **argv)
{
	static const char *const compat[] = {"delta", "alpha", "min-instances"};
	int first;

	det_tool = (struct tool){
	    .name = "pht",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "Page-Hinkley test for drift of numeric fields",
	    .tables = {options, det_options},
	};
	first = opt_parse(&det_tool, argc, argv);
	params.form = (enum pht_form)form;
	if (form && isnan(params.lambda))
		params.lambda = 50; /* as the libraries have it */
	for (int i = 0; i < 3 && !form; i++)
		if (opt_given(compat[i]))
			err_die("'--%s': only with --compat", compat[i]);
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	return det_run(&kind, argv + first, argc - first);
}
