/*
 * What is left of the values of some fields when what each field's own values
 * before them foretell is taken out: with the normal scores of a reference
 * (nscore.h) and the autoregression of these (stats/ar.h),
 *
 *	z_t = score of x_t
 *	e_t = z_t - phi_1 z_(t-1) - .. - phi_p z_(t-p)
 *
 * A detector that is given e, of the reference and of the stream, sees about
 * independent values (prewhitening; residual charts: L. C. Alwan and H. V.
 * Roberts, J. Business and Economic Statistics 6 (1988) 87-95). A shift of the
 * mean of z by s is one of e by s (1 - phi_1 - .. - phi_p) from the (p + 1)th
 * record on, and by s at the first. No unit is left in e, and an increasing
 * transform of x changes nothing. Among several fields, one without dependence
 * is left as it is.
 */
#ifndef RESIDUAL_H
#define RESIDUAL_H

#include "base/store.h"
#include "detect/nscore.h"
#include "stats/ar.h"

struct residual_part {
	struct nscore score; /* nothing where the order is 0 */
	struct ar ar;
};

/* What a reference teaches, for all that begin with it. */
struct residual_fit {
	size_t width, order; /* fields; the highest order of one */
	size_t most;         /* whose worth is the least of those with one */
	size_t users;
	struct residual_part *part;
};

/* One stream's. */
struct residual {
	struct residual_fit *fit; /* NULL: the values are taken as they are */
	double *past;             /* rows of scores, the latest first; owned */
	size_t held;              /* of them, up to the order */
};

/*
 * Learns n rows of width values and puts their residuals into e, which has room
 * for n rows: n less the order. The rows that come next follow the last ones.
 * An order of up to most, in one of the forms; dependent: of 1 or more in each
 * field. Without dependence in any there is no fit, and e is not touched.
 * Returns 0, or -1 when memory ended.
 */
struct residual_choice {
	size_t most;
	int dependent;
	enum ar_form form;
};
int residual_init(struct residual *r, const double *rows, size_t n,
    size_t width, const struct residual_choice *choice, double *e);

/*
 * The same reference as another one's, for a stream that does not follow it.
 * Returns 0, or -1 when memory ended.
 */
int residual_share(struct residual *r, const struct residual *other);

/* What comes next follows nothing. */
void residual_begin(struct residual *r);

/*
 * Makes a row its residuals; 0 when too few came before. To be asked with a
 * fit.
 */
int residual_next(struct residual *r, double *row);

/* Of the field that depends most on its past. */
const struct ar *residual_most(const struct residual *r);

/* The worth (stats/ar.h) of all fields: the inverse of the mean inverse. */
double residual_worth(const struct residual *r);

/* What came after the reference. */
void residual_state(struct residual *r, struct store *s);

void residual_free(struct residual *r);

#endif
