/*
 * Multivariate EWMA (C. A. Lowry, W. H. Woodall, C. W. Champ and S. E. Rigdon,
 * Technometrics 34, 1992): has the mean of a vector moved, in any direction?
 *
 *	y_t     the vector, whitened by the reference (stats/whiten.h), its
 *	        length clipped at c(lambda), less the mean of these in the
 *	        reference
 *	z_t     = z_(t-1) + lambda (y_t - z_(t-1)),  z_0 = 0
 *	T2_t    = (2 - lambda) / lambda |z_t|^2
 *	stat_t  = max over the lambdas of T2_t / h(lambda)
 *
 * A small lambda sees small lasting shifts, a large one large shifts soon, so
 * several run at once. h(lambda) is about the limit that each would have alone,
 * by the first two moments of T2 in the reference, so that all have a like
 * share in the false alarms; the limit of the largest, near 1, is simulated.
 *
 * Clipping bounds what one strange record can do, and so the tail of the null
 * distribution, which no reference is long enough to show. For the largest
 * lambda c is a quantile of the reference's lengths; for the others it is so
 * much larger that one record may add the same to T2, lambda (2 - lambda) c^2:
 * what averages over many records stands more of each, and would else not see
 * that a few of them are far off.
 */
#ifndef MEWMA_H
#define MEWMA_H

#include "detect/kind.h"
#include "detect/mewma_fit.h"

enum { MEWMA_TOP = 3 }; /* fields that an alarm names */

struct mewma {
	struct mewma_fit *fit; /* shared */
	struct mewma_ewma {
		double t2;
		uint64_t above; /* records since T2 was at its mean */
	} * of;                 /* lambdas; after them z, lambdas x d */
};

/*
 * Learns from n rows of so many fields, by a struct mewma_params. NULL, or why
 * not, as mewma_fit_init.
 */
const char *mewma_init(void *mewma, const void *params, const double *rows,
    size_t n, size_t fields);

/* The same reference as another one's: one fit for both. NULL, or why not. */
const char *mewma_share(void *mewma, const void *other);

/* The fields' names, which are kept, for mewma_explain. */
void mewma_fields(void *mewma, const char *const *name);

/* What it has learnt are scores within contexts, and residuals (kind.h). */
void mewma_contexts(void *mewma, size_t contexts, double rounds);
void mewma_residuals(void *mewma, double worth);

/* One vector of all fields, all finite. */
void mewma_add(void *mewma, const double *x);

/* Which lambda has the statistic; and the z of one. */
size_t mewma_largest(const struct mewma *m);
double *mewma_z(const struct mewma *m, size_t lambda);

/* The statistic: 1. */
int mewma_value(const void *mewma, double *stat);

/*
 * Records since the estimated change point, the first after it included: since
 * T2 of the lambda that has the statistic was last no more than its mean.
 */
long long mewma_since(const void *mewma);

/*
 * What moved most, at most n; returns how many. The largest share comes first,
 * but a field with a name of its own, and a share that is worth it, before all
 * elements of arrays: it says more to a person.
 */
#define MEWMA_NAMED 0.1
struct mewma_part {
	size_t field;
	double share; /* of T2; all fields' sum to 1, some may be negative */
	int up;       /* the field's EWMA is above the reference's mean */
};
size_t mewma_top(const struct mewma *m, struct mewma_part *top, size_t n);

/* Members of a test: the lambda; what moved. */
void mewma_print(void *mewma, struct buf *out);
void mewma_explain(void *mewma, struct buf *out);

/* Constant fields, and a reference that is short, in words. */
void mewma_remark(const void *mewma, struct buf *out);

void mewma_reset(void *mewma);
void mewma_state(void *mewma, struct store *s);
void mewma_free(void *mewma);

/* For the search of the limit (kind.h). */
void mewma_key(const void *params, size_t n, struct buf *out);
void mewma_digest(const void *mewma, struct buf *out);
kind_simulation mewma_simulate;

#endif
