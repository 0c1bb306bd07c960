/* Exact KS p-values against SciPy, R and plain enumeration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/ks.h"
#include "stats/rng.h"
#include "tap.h"

/* SciPy 1.10.1 ks_2samp(method="exact") and R 4.2.2 psmirnov agree on those
 * above 1e-12. Of the small ones 500 and 500 is SciPy's equal-size special
 * case, 10000 and 110 twice its one-sided value; the last is the D that its
 * test suite has for gh-11184, where the exact method stops at 2.8e-15. */
static void
known_values(void)
{
	static const struct {
		int64_t n, m, c;
		double p, rel;
	} known[] = {
	    {3, 3, 9, 0.1, 1e-14},
	    {5, 4, 8, 0.746031746031746, 1e-14},
	    {50, 50, 700, 0.0391945861954, 1e-11},
	    {100, 10, 270, 0.460469100690833, 1e-14},
	    {10, 100, 270, 0.460469100690833, 1e-14},
	    {500, 500, 100000, 4.01663796206e-36, 3e-12},
	    {10000, 110, 552750, 6.2634656623e-26, 1e-11},
	    {10000, 10001, 10598973, 2.3475e-49, 2e-5},
	};
	char name[64];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		snprintf(name, sizeof name, "%d and %d values, c = %d",
		    (int)known[i].n, (int)known[i].m, (int)known[i].c);
		near(ks_pvalue(known[i].n, known[i].m, known[i].c), known[i].p,
		    known[i].rel, name);
	}
}

static size_t
read_blocks(char *text, int64_t *block)
{
	size_t n = 0;

	for (char *p = strtok(text, ","); p; p = strtok(NULL, ","))
		block[n++] = atoll(p);
	return n;
}

/* Whether p is within 1e-12 of a column, which may be empty, "-". */
static int
agrees(double p, const char *column, int *compared)
{
	if (*column == '-')
		return 1;
	++*compared;
	return p == atof(column) || fabs(p / atof(column) - 1) < 1e-12;
}

/* The table of scripts/oracle-ks.py and oracle-ks.R: whole numbers, SciPy and
 * R where these are accurate. */
static void
oracles(void)
{
	char text[400], exact[40], scipy[40], r[40];
	FILE *f = fopen("tests/vectors/ks_oracle.tsv", "r");
	int good[3] = {1, 1, 1}, compared[3] = {0};
	double least = 1;
	int n, m, c;

	if (!ok(f != NULL, "the table is there"))
		return;
	if (fscanf(f, "%*[^\n]%*c%*[^\n]") == EOF)
		return;
	while (fscanf(f, "%d %d %d %399s %39s %39s %39s", &n, &m, &c, text,
		   exact, scipy, r) == 7) {
		int64_t block[256];
		double p = *text == '-' ? ks_pvalue(n, m, c)
					: ks_pvalue_ties(n, m, c, block,
					      read_blocks(text, block));

		good[0] &= agrees(p, exact, &compared[0]);
		good[1] &= agrees(p, scipy, &compared[1]);
		good[2] &= agrees(p, r, &compared[2]);
		least = p > 0 && p < least ? p : least;
	}
	fclose(f);
	ok(good[0] && compared[0] >= 70 && least < 1e-298,
	    "whole numbers: %d p-values down to %g", compared[0], least);
	ok(good[1] && compared[1] >= 30, "SciPy: %d p-values", compared[1]);
	ok(good[2] && compared[2] >= 30, "R: %d p-values", compared[2]);
}

/* For D = 1 there are two orders of all C(n + m, n). */
static void
closed_forms(void)
{
	double orders = 1;
	int good = 1;

	for (int n = 1; n <= 500; n++) {
		orders *= (double)(500 + n) / n;
		if (orders > 1e299)
			break;
		good = good && fabs(ks_pvalue(n, 500, n * 500) * orders / 2 -
				    1) < 1e-12;
	}
	ok(good, "p of complete separation, down to 1e-299");
	ok(ks_pvalue(5000, 5000, 25000000) == 0, "p below 1e-300 is 0");
}

static void
limits(void)
{
	int64_t block[] = {2, 0, 3}, far = KS_MAX;

	ok(ks_pvalue(7, 9, 0) == 1, "c = 0");
	ok(ks_pvalue(7, 9, -3) == 1, "c < 0");
	ok(ks_pvalue(7, 9, 1) == 1, "the smallest c");
	ok(ks_pvalue(7, 9, 64) == 0, "c beyond n m");
	ok(ks_pvalue(1, 1, 1) == 1, "two values");
	ok(isnan(ks_pvalue(0, 9, 1)), "an empty sample");
	ok(isnan(ks_pvalue(9, far + 1, 1)), "a sample that is too large");
	ok(isnan(ks_pvalue_ties(2, 3, 1, block, 3)), "an empty block");
	ok(isnan(ks_pvalue_ties(2, 3, 1, block, 1)), "blocks too few");
	block[1] = 1;
	ok(isnan(ks_pvalue_ties(2, 3, 1, block, 3)), "blocks too many");
}

static void
critical_values(void)
{
	static const int known[][4] = {
	    {50, 50, 700, 1000},
	    {100, 50, 1200, 1700},
	    {200, 50, 2150, 3050},
	    {500, 500, 21500, 31000},
	    {1000, 50, 9700, 13900},
	    {100, 10, 440, 620},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const int *k = known[i];

		ok(ks_critical(k[0], k[1], .05) == k[2] &&
			ks_critical(k[0], k[1], .001) == k[3],
		    "critical values for %d and %d", k[0], k[1]);
	}
	ok(ks_critical(3, 3, .09) == 10, "a level that cannot be had");
	ok(ks_critical(3, 3, .1 + 1e-15) == 9, "a level that just can");
	ok(ks_critical(3, 3, 0) == -1 && ks_critical(3, 3, NAN) == -1 &&
		ks_critical(0, 3, .1) == -1,
	    "no such level, no such sample");
}

/* n m D when bit i of a says that the i-th smallest of all is of the first
 * sample; a block of ties is passed as a whole. */
static int
enumerated_distance(
    unsigned a, const int64_t *block, size_t blocks, int n, int m)
{
	int i = 0, x = 0, y = 0, max = 0;

	for (size_t k = 0; k < blocks; k++) {
		for (int64_t j = 0; j < block[k]; j++, i++) {
			x += a >> i & 1;
			y += !(a >> i & 1);
		}
		if (abs(x * m - y * n) > max)
			max = abs(x * m - y * n);
	}
	return max;
}

/* All orders of n + m values; the ties' p and without ties. */
static int
enumeration_agrees(int n, int m, const int64_t *block, size_t blocks)
{
	int count[200] = {0}, total = 0, beyond = 0, good = 1;

	for (unsigned a = 0; a < 1u << (n + m); a++) {
		if (__builtin_popcount(a) != n)
			continue;
		count[enumerated_distance(a, block, blocks, n, m)]++;
		total++;
	}
	for (int c = n * m; c > 0; c--) {
		double p = ks_pvalue_ties(n, m, c, block, blocks);

		beyond += count[c];
		good = good && fabs(p - (double)beyond / total) < 1e-14;
		good = good && p <= ks_pvalue(n, m, c) + 1e-14;
	}
	return good;
}

static void
enumerations(void)
{
	int64_t ones[16], block[16];
	struct rng r;
	int good = 1;

	for (int i = 0; i < 16; i++)
		ones[i] = 1;
	for (int n = 1; n <= 7; n++)
		for (int m = 1; m <= 7; m++)
			good = good &&
			       enumeration_agrees(n, m, ones, (size_t)(n + m));
	ok(good, "all orders of up to 7 and 7 values");
	good = 1;
	rng_seed(&r, 4, 0);
	for (int rep = 0; rep < 100; rep++) {
		int n = 1 + (int)rng_below(&r, 7),
		    m = 1 + (int)rng_below(&r, 7);
		int64_t left = n + m;
		size_t k = 0;

		for (; left > 0; left -= block[k++])
			block[k] = 1 + (int64_t)rng_below(
					   &r, (uint64_t)(left < 5 ? left : 5));
		good = good && enumeration_agrees(n, m, block, k);
	}
	ok(good, "all orders of tied values");
}

static void
ties_of_one(void)
{
	int64_t ones[1500];

	for (int i = 0; i < 1500; i++)
		ones[i] = 1;
	ok(ks_pvalue_ties(1000, 500, 40000, ones, 1500) ==
		ks_pvalue(1000, 500, 40000),
	    "blocks of one value are no ties");
}

int
main(void)
{
	known_values();
	oracles();
	closed_forms();
	limits();
	critical_values();
	enumerations();
	ties_of_one();
	return done_testing();
}
