/*
 * What a multivariate EWMA (mewma.h) learns from its reference, once for all
 * streams that are compared with it.
 */
#ifndef MEWMA_FIT_H
#define MEWMA_FIT_H

#include <stddef.h>
#include <stdint.h>

#include "stats/whiten.h"

enum { MEWMA_LAMBDAS = 4, MEWMA_PER_FIELD = 3, MEWMA_ENOUGH = 10 };

struct mewma_params {
	double lambda[MEWMA_LAMBDAS]; /* 0 < lambda <= 1 */
	size_t lambdas;
	double clip; /* quantile of the reference's lengths; 1: the longest */
	double fap;  /* what h is made for: false alarms by probability fap */
	double horizon; /* within so many records */
};

struct mewma_fit {
	struct mewma_params p;
	struct whiten whiten;
	double radius[MEWMA_LAMBDAS]; /* c */
	double *centre; /* lambdas x d: mean of the clipped vectors */
	float *rows;    /* n x d: whitened, each left out of the fit */
	float *by;      /* lambdas x n: what clips a row */
	double *y; /* 2 d: room for whiten_apply, of one stream at a time */
	double mean[MEWMA_LAMBDAS]; /* of T2 in control */
	double h[MEWMA_LAMBDAS];
	uint64_t digest;         /* of the reference */
	const char *const *name; /* of the fields, kept; or NULL */
	size_t contexts;         /* 0: none */
	double rounds;           /* of them, in the reference */
	double worth;            /* of the reference; 0: no residuals */
	size_t users;            /* that mewma_fit_free is to be called by */
};

/*
 * Learns from n rows of so many fields, for one user. Returns NULL, or why it
 * can't. It wants n >= MEWMA_PER_FIELD for each field that is not constant.
 */
const char *mewma_fit_init(struct mewma_fit *f, const struct mewma_params *p,
    const double *rows, size_t n, size_t fields);

/* The last user's call frees what it holds; whether it was that. */
int mewma_fit_free(struct mewma_fit *f);

/* By how much a vector is clipped, of this squared length. */
double mewma_fit_clip(const struct mewma_fit *f, size_t lambda, double length2);

/* A whitened vector, times by, is added to the z of one lambda: T2. */
double mewma_fit_update(const struct mewma_fit *f, size_t lambda, double *z,
    const double *y, double by);

#endif
