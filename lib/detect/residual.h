/*
 * What is left of a field's values when what the values before them foretell
 * is taken out: with the normal scores of a reference (nscore.h) and the
 * autoregression of these (stats/ar.h),
 *
 *	z_t = score of x_t
 *	e_t = z_t - phi_1 z_(t-1) - .. - phi_p z_(t-p)
 *
 * A detector that is given e, of the reference and of the stream, sees about
 * independent values (prewhitening; residual charts: L. C. Alwan and H. V.
 * Roberts, J. Business and Economic Statistics 6 (1988) 87-95). A shift of the
 * mean of z by s is one of e by s (1 - phi_1 - .. - phi_p) from the (p + 1)th
 * record on, and by s at the first. No unit is left in e, and an increasing
 * transform of x changes nothing.
 */
#ifndef RESIDUAL_H
#define RESIDUAL_H

#include "base/store.h"
#include "detect/nscore.h"
#include "stats/ar.h"

/* What a reference teaches, for all that begin with it. */
struct residual_fit {
	struct nscore score;
	struct ar ar;
	size_t users;
};

/* One stream's. */
struct residual {
	struct residual_fit *fit; /* NULL: the values are taken as they are */
	double *past;             /* scores, the latest first; owned */
	size_t held;              /* of them, up to the order */
};

/*
 * Learns n values and puts their residuals into e, which has room for n: n
 * less the order. The values that come next follow the last ones. An order of
 * up to most; dependent: of 1 or more. Without dependence there is no fit, and
 * e is not touched. Returns 0, or -1 when memory ended.
 */
int residual_init(struct residual *r, const double *x, size_t n, size_t most,
    int dependent, double *e);

/*
 * The same reference as another one's, for a stream that does not follow it.
 * Returns 0, or -1 when memory ended.
 */
int residual_share(struct residual *r, const struct residual *other);

/* What comes next follows nothing. */
void residual_begin(struct residual *r);

/* Makes x its residual; 0 when too few came before. To be asked with a fit. */
int residual_next(struct residual *r, double *x);

/* What came after the reference. */
void residual_state(struct residual *r, struct store *s);

void residual_free(struct residual *r);

#endif
