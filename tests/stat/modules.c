/*
 * Prints what a value costs the detectors' modules: one add and one stat, in
 * ns of processor time, beside what is aimed at. In every round each of them
 * takes its turn, and the medians over the rounds are shown. scripts/bench.sh
 * runs it.
 *
 *	modules [ROUNDS]
 *
 * Windows are full, and values come out of one long ring of random ones.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kinds.h"

enum { VALUES = 1 << 17, TURN = 200000, MOST_ROUNDS = 99 };
/* The sorting one, which is slow, and whom it is compared with. */
enum { SORT = 1000, SORT_TURN = 400, RIVAL = 5, IKS_FIRST = 3, IKS_LAST = 7 };

static const struct subject {
	const char *name;
	const struct kind_verbs *kind;
	union params params;
	size_t n;
	const struct data *data;
	double target;
} subjects[] = {
    {"pht", &pht_verbs, {.pht = {.k = 0.25}}, 500, &data_numeric[0], 20},
    {"pht --shift unknown", &pht_verbs, {.pht = {.form = PHT_UNKNOWN}}, 500,
	&data_numeric[0], 0},
    {"pht --scores rank", &pht_verbs, {.pht = {.scores = PHT_RANKS, .k = 0.25}},
	500, &data_numeric[0], 0},
    {"iks, n = W = 50", &iks_verbs, {.iks = {.window = 50}}, 50,
	&data_numeric[0], 0},
    {"iks, n = W = 500", &iks_verbs, {.iks = {.window = 500}}, 500,
	&data_numeric[0], 0},
    {"iks, n = W = 1000", &iks_verbs, {.iks = {.window = SORT}}, SORT,
	&data_numeric[0], 150},
    {"iks, n = W = 5000", &iks_verbs, {.iks = {.window = 5000}}, 5000,
	&data_numeric[0], 0},
    {"iks, n = W = 50000", &iks_verbs, {.iks = {.window = 50000}}, 50000,
	&data_numeric[0], 0},
    {"iks --policy sliding, n = W = 1000", &iks_verbs,
	{.iks = {.window = 1000, .policy = IKS_SLIDING}}, 1000,
	&data_numeric[0], 0},
    {"nmddm, n = 500, W = 100", &nmddm_verbs, {.nmddm = {.window = 100}}, 500,
	&data_numeric[0], 60},
    {"nmddm --scan, n = 500, W = 1000", &nmddm_verbs,
	{.nmddm = {.window = 1000, .scan = 1}}, 500, &data_numeric[0], 0},
    {"chi2, n = 500, W = 200, 10 classes", &chi2_verbs,
	{.chi2 = {CHI2_G, 200, 5, 1001}}, 500, &data_classes[2], 40},
    {"chi2, n = 500, W = 200, 400 classes", &chi2_verbs,
	{.chi2 = {CHI2_G, 200, 5, 1001}}, 500, &data_classes[5], 40},
    {"chi2 --statistic pearson, 10 classes", &chi2_verbs,
	{.chi2 = {CHI2_PEARSON, 200, 5, 1001}}, 500, &data_classes[2], 40},
};
enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

struct bench {
	union detector d;
	double *x; /* VALUES */
	size_t at; /* in x */
	double sum;
	double ns[MOST_ROUNDS];
};

/* Sorts the window and scans it again for each value. */
static struct {
	double ref[SORT], window[SORT], sorted[SORT];
	size_t next;
	double sum, ns[MOST_ROUNDS];
} again;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
sort_again(double x)
{
	size_t i = 0, j = 0;
	double most = 0;

	again.window[again.next] = x;
	again.next = (again.next + 1) % SORT;
	memcpy(again.sorted, again.window, sizeof(again.sorted));
	qsort(again.sorted, SORT, sizeof(double), ascending);
	while (i < SORT && j < SORT) {
		double v = again.ref[i] < again.sorted[j] ? again.ref[i]
							  : again.sorted[j];

		while (i < SORT && again.ref[i] == v)
			i++;
		while (j < SORT && again.sorted[j] == v)
			j++;
		most = fmax(most, fabs((double)i - (double)j));
	}
	return most / SORT;
}

/* The detector with a full window. */
static void
begin(struct bench *b, const struct subject *s)
{
	struct rng r;
	const char *why;

	rng_seed(&r, 1, 0);
	b->x = need(VALUES, sizeof(double));
	data_draw(s->data, &r, b->x, VALUES);
	why = s->kind->init(&b->d, &s->params, b->x, s->n);
	if (why != NULL) {
		fprintf(stderr, "modules: %s: %s\n", s->name, why);
		exit(2);
	}
	for (size_t i = 0; i < s->n; i++)
		s->kind->add(&b->d, b->x[i]);
	b->at = s->n;
}

static double
turn(struct bench *b, const struct subject *s)
{
	double start = now(), stat;

	for (size_t i = 0; i < TURN; i++) {
		s->kind->add(&b->d, b->x[b->at++ % VALUES]);
		if (s->kind->value(&b->d, &stat))
			b->sum += stat;
	}
	return (now() - start) / TURN;
}

/* Fills the window, and sees that both find the same distances. */
static void
begin_again(const struct bench *rival)
{
	const struct subject *s = &subjects[RIVAL];
	union detector d;
	double stat = NAN;

	memcpy(again.ref, rival->x, sizeof(again.ref));
	qsort(again.ref, SORT, sizeof(double), ascending);
	s->kind->init(&d, &s->params, rival->x, SORT);
	for (size_t i = 0; i < 2 * SORT; i++) {
		double own = sort_again(rival->x[SORT + i]);

		s->kind->add(&d, rival->x[SORT + i]);
		if (s->kind->value(&d, &stat) && fabs(stat - own) > 1e-12) {
			fprintf(
			    stderr, "modules: %.17g is not %.17g\n", stat, own);
			exit(2);
		}
	}
	s->kind->free(&d);
}

static double
turn_again(const double *x)
{
	double start = now();

	for (size_t i = 0; i < SORT_TURN; i++)
		again.sum += sort_again(x[i]);
	return (now() - start) / SORT_TURN;
}

static double
median(double *x, size_t n)
{
	qsort(x, n, sizeof(*x), ascending);
	return x[n / 2];
}

static void
print(struct bench *b, size_t rounds)
{
	double ns[SUBJECTS], slow = median(again.ns, rounds);

	printf("%-38s %8s  %s\n", "a value, by the module alone", "ns",
	    "aim, at most");
	for (size_t i = 0; i < SUBJECTS; i++) {
		ns[i] = median(b[i].ns, rounds);
		printf("%-38s %8.1f", subjects[i].name, ns[i]);
		if (subjects[i].target > 0)
			printf("  %.0f", subjects[i].target);
		printf("\n");
	}
	printf("%-38s %8.0f\n", "sort and scan again, n = W = 1000", slow);
	printf("\niks at n = W = 1000 is %.0f times as fast as that; aim: at "
	       "least 100.\nns of iks / log2 n:",
	    slow / ns[RIVAL]);
	for (size_t i = IKS_FIRST; i <= IKS_LAST; i++)
		printf(" %.1f", ns[i] / log2((double)subjects[i].n));
	printf("; aim: no growth.\n");
}

int
main(int argc, char **argv)
{
	static struct bench b[SUBJECTS];
	size_t rounds = argc > 1 ? (size_t)atoi(argv[1]) : 9;

	if (rounds < 1 || rounds > MOST_ROUNDS) {
		fprintf(stderr, "usage: modules [rounds]\n");
		return 2;
	}
	for (size_t i = 0; i < SUBJECTS; i++)
		begin(&b[i], &subjects[i]);
	begin_again(&b[RIVAL]);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < SUBJECTS; i++)
			b[i].ns[round] = turn(&b[i], &subjects[i]);
		again.ns[round] = turn_again(b[RIVAL].x + round * SORT_TURN);
	}
	print(b, rounds);
	for (size_t i = 0; i < SUBJECTS; i++) {
		subjects[i].kind->free(&b[i].d);
		free(b[i].x);
	}
	return 0;
}
