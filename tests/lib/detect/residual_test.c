/* Dependence that is taken out: against numpy, and where there is none. */
#include "detect/residual.h"
#include "oracle.h"
#include "tap.h"

enum { N = 240, MORE = 30, ALL = N + MORE };

static const struct residual_choice any = {AR_MOST, 0, AR_ANY};
static const struct residual_choice forced = {AR_MOST, 1, AR_ANY};
static const char file[] = "tests/vectors/ar_numpy.txt";

static double
off(double got, double want)
{
	return fabs(got - want) / fmax(1, fabs(want));
}

static size_t
read_of(const char *series, const char *what, double *x, size_t max)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%s", series, what);
	return oracle_of(file, name, x, max);
}

/* Of the reference and of what follows it. */
static double
worst_residual(struct residual *r, const double *x, const double *e,
    const double *want, size_t order)
{
	double worst = 0;

	for (size_t i = 0; i < N - order; i++)
		worst = fmax(worst, off(e[i], want[i]));
	for (size_t i = N; i < ALL; i++) {
		double y = x[i];

		if (!residual_next(r, &y))
			return INFINITY;
		worst = fmax(worst, off(y, want[i - order]));
	}
	return worst;
}

static void
numpy(const char *series)
{
	double x[ALL], e[ALL], want[ALL], phi[AR_MOST], arma[2];
	double order, worth, worst = 0, within = 1e-10;
	struct residual r;
	size_t p;

	if (!ok(read_of(series, "", x, ALL) == ALL &&
		    read_of(series, "_order", &order, 1) == 1,
		"%s: the vectors are there", series))
		return;
	p = (size_t)order;
	residual_init(&r, x, N, 1, &any, e);
	if (!ok((r.fit != NULL ? r.fit->order : 0) == p, "order %zu", p) ||
	    p == 0)
		return;
	ok(residual_most(&r)->mixed == (read_of(series, "_arma", arma, 2) == 2),
	    "ARMA(1, 1), or not");
	/* A minimum is known to the root of what is lost beside it. */
	if (residual_most(&r)->mixed)
		within = 1e-6;
	read_of(series, "_phi", phi, p);
	read_of(series, "_worth", &worth, 1);
	read_of(series, "_residual", want, ALL);
	for (size_t i = 0; i < p; i++)
		worst = fmax(worst, off(residual_most(&r)->phi[i], phi[i]));
	ok(worst < within, "coefficients: within %g", worst);
	near(residual_most(&r)->worth, worth, 1e3 * within, "worth");
	worst = worst_residual(&r, x, e, want, p);
	ok(worst < within, "residuals: within %g", worst);
	residual_free(&r);
}

/* Only the order of the values counts; another stream begins by itself. */
static void
shared(void)
{
	double x[ALL], e[ALL], y[ALL], f[ALL], a, b;
	struct residual r, other, own;
	int early, late, same = 1;

	read_of("two", "", x, ALL);
	for (size_t i = 0; i < ALL; i++)
		y[i] = 1e300 * x[i];
	residual_init(&r, x, N, 1, &any, e);
	residual_init(&other, y, N, 1, &any, f);
	for (size_t i = 0; i < N - r.fit->order; i++)
		same &= e[i] == f[i];
	ok(same, "no unit counts");
	residual_share(&own, &r);
	a = b = x[N];
	early = residual_next(&own, &a);
	residual_begin(&r);
	late = residual_next(&r, &b);
	ok(!early && !late && own.fit == r.fit && own.held == 1,
	    "without values before it there is no residual");
	residual_free(&r);
	a = x[N];
	while (!residual_next(&own, &a))
		a = x[N];
	ok(isfinite(a), "a reference lasts as long as one has it");
	residual_free(&own);
	residual_free(&other);
}

/* Of rows each field is as if by itself, and one without dependence as it is. */
static void
rows(void)
{
	static const char *const name[] = {"two", "none", "wave"};
	double x[3][ALL], e[3][ALL], row[ALL * 3], of[N * 3], y, worst = 0;
	struct residual all, one[3];
	size_t least = 0;

	for (size_t j = 0; j < 3; j++) {
		read_of(name[j], "", x[j], ALL);
		for (size_t i = 0; i < ALL; i++)
			row[3 * i + j] = x[j][i];
		residual_init(&one[j], x[j], N, 1, &any, e[j]);
	}
	residual_init(&all, row, N, 3, &any, of);
	if (!ok(all.fit != NULL && one[0].fit != NULL && one[1].fit == NULL &&
		    one[2].fit != NULL,
		"two of three fields are dependent"))
		return;
	least = residual_most(&one[2])->worth < residual_most(&one[0])->worth;
	ok(all.fit->most == 2 * least &&
		residual_most(&all)->worth ==
		    residual_most(&one[2 * least])->worth,
	    "that with the least worth is known");
	near(residual_worth(&all),
	    3 / (1 / residual_most(&one[0])->worth + 1. / N +
		    1 / residual_most(&one[2])->worth),
	    1e-9, "what all are worth");
	for (size_t j = 0; j < 3; j += 2)
		for (size_t i = all.fit->order; i < N; i++)
			worst = fmax(
			    worst, fabs(of[3 * (i - all.fit->order) + j] -
					e[j][i - one[j].fit->order]));
	for (size_t i = all.fit->order; i < N; i++)
		worst = fmax(
		    worst, fabs(of[3 * (i - all.fit->order) + 1] - x[1][i]));
	for (size_t i = N; i < ALL; i++) {
		residual_next(&all, row + 3 * i);
		for (size_t j = 0; j < 3; j++) {
			y = x[j][i];
			if (one[j].fit != NULL)
				residual_next(&one[j], &y);
			worst = fmax(worst, fabs(row[3 * i + j] - y));
		}
	}
	ok(worst == 0, "all residuals are those of the single fields");
	residual_free(&all);
	residual_free(&one[0]);
	residual_free(&one[2]);
}

static void
degenerate(void)
{
	double x[ALL], e[ALL];
	struct residual r;

	for (size_t i = 0; i < ALL; i++)
		x[i] = 7;
	residual_init(&r, x, N, 1, &any, e);
	ok(r.fit == NULL, "a constant has no dependence");
	residual_init(&r, x, 3, 1, &forced, e);
	ok(r.fit == NULL, "three values show none");
	for (size_t i = 0; i < ALL; i++)
		x[i] = (double)i;
	residual_init(&r, x, N, 1, &any, e);
	ok(r.fit != NULL && residual_most(&r)->worth > 0 &&
		residual_most(&r)->worth < 5,
	    "a trend is worth next to nothing");
	residual_free(&r);
	for (size_t i = 0; i < ALL; i++)
		x[i] = i % 2 ? 1 : -1;
	residual_init(&r, x, N, 1, &any, e);
	ok(r.fit != NULL && residual_most(&r)->phi[0] < -0.9, "to and fro");
	residual_free(&r);
}

int
main(void)
{
	numpy("two");
	numpy("wave");
	numpy("average");
	numpy("none");
	shared();
	rows();
	degenerate();
	return done_testing();
}
