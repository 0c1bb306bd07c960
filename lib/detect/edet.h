/*
 * An e-detector on ranks: how much would a person have won by now who bets that
 * the stream has drifted? Nobody wins at the odds of an undrifted stream: the
 * e-value at any one record is 1 or less on average, whatever the distribution,
 * and the error of a finite reference is no exception.
 *
 * J_t is the number of the n reference values below x_t, the t-th record. Ties
 * are broken at random: each reference value has a label, uniform in (0, 1),
 * and each record has one, and of equal values the labels are compared. While
 * reference and stream are exchangeable,
 *
 *	P(J_t = j | J_1 .. J_t-1) = (1 + #{s < t: J_s = j}) / (n + t)
 *
 * exactly, for j = 0 .. n: Polya's urn. A bet b is on normal scores of another
 * mean m or deviation s. Its odds at z_j = quantile of (j + 1/2) / (n + 1) are
 *
 *	g_b(j) = exp(z_j^2 / 2 - (z_j - m)^2 / (2 s^2)) / s
 *
 *	L_b = g_b(J_t) (n + t) / (sum_j g_b(j) + sum_{s < t} g_b(J_s))
 *
 * which has the mean 1 given all records before. At each record a share 1 - r_b
 * of the wealth is replaced by that share of 1, so that the bet begins anew at
 * each, and what was long ago fades:
 *
 *	M_b = L_b (1 - r_b + r_b M_b),	M_b = 1 at first
 *	e   = mean of all M_b,		stat = log10 e
 *
 * E M_b <= 1 follows by induction, at each record, and in a time T that the
 * stream itself chooses E M_b <= 1 + (1 - r_b) E T. M_b is held at 1e12. r_b is
 * such that 1 / (1 - r_b) is eight times the records in which the bet wins a
 * factor of e on average, when it is right. J. Shin, A. Ramdas, A. Rinaldo,
 * E-detectors, New England Journal of Statistics in Data Science 2 (2024);
 * V. Vovk et al., Retrain or not retrain, PMLR 152 (2021), for ranks.
 *
 * What the stream has become counts as its distribution as time goes by: a
 * drift that has lasted as long as the reference and the stream before it is
 * half of what the urn holds.
 */
#ifndef EDET_H
#define EDET_H

#include <stddef.h>
#include <stdint.h>

#include "detect/iks_ref.h"
#include "detect/kind.h"

enum { EDET_BETS = 10 };

struct edet_bet {
	double mean, deviation; /* of the scores that it is on */
};

extern const struct edet_bet edet_bet[EDET_BETS];

/* A reference, for all that were given it. */
struct edet_ref {
	size_t users;
	struct iks_ref *values;
	double *label; /* of the values in rising order; rising where equal */
	double *odds;  /* g_b(j), the bets of each j together */
	double all[EDET_BETS];  /* its sums over j */
	double keep[EDET_BETS]; /* r_b */
	size_t place;           /* J_t of the last record of any stream */
};

struct edet {
	struct edet_ref *ref;       /* shared */
	double wealth[EDET_BETS];   /* M_b */
	double sum[EDET_BETS];      /* of the odds in the urn */
	uint32_t since[EDET_BETS];  /* records since M_b was 1 or less */
	unsigned long long records; /* t */
	uint64_t seed;              /* of their labels */
};

/* n >= 2 values. NULL, or why not; edet_free in either case. */
const char *edet_init(
    void *edet, const void *params, const double *ref, size_t n);

/* With the reference of another one. Never fails. */
const char *edet_share(void *edet, const void *other);

void edet_add(void *edet, double x);

/* 1, and log10 e. */
int edet_value(const void *edet, double *stat);

/* The bet that has won most. */
size_t edet_leader(const struct edet *d);

/* Records since the bet that has won most was last without a gain. */
long long edet_since(const void *edet);

/* What that bet is on: change, mean or spread, and direction. */
void edet_print(void *edet, struct buf *out);

void edet_reset(void *edet);

/* The labels of its records; of the reference, where it alone has it. */
void edet_seed(void *edet, uint64_t seed);

void edet_state(void *edet, struct store *s);
void edet_free(void *edet);

/* Uniform values, which stand for every continuous distribution (kind.h). */
kind_simulation edet_simulate;
void edet_key(const void *params, size_t n, struct buf *out);

#endif
