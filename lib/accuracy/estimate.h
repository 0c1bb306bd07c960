/*
 * The accuracy of a classifier in a window of records without truth, by what
 * was learnt of it (learnt.h):
 *
 *	CBPE  mean of max_k p_k           NannyML's, for the accuracy of many
 *	                                  classes
 *	ATC   share with sum p ln p >= t  S. Garg et al., ICLR 2022
 *	DOC   accuracy + mean max p - c   D. Guillory et al., ICCV 2021
 *	COT   a curve of the cost of transport.h, COTT the share of the plan
 *	      whose cost is at most t     Y. Lu et al., NeurIPS 2023, UAI 2023
 *	EM    CBPE for the mix of classes that prior.h finds
 *	FIT   a polynomial of what prior.h finds, learnt from damaged images
 *
 * all with p at the temperature that was learnt.
 */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "accuracy/learnt.h"
#include "accuracy/transport.h"

struct estimate {
	double accuracy, low, high; /* 0 to 1; the interval is one of 90 % */
	enum learnt_method method;
};

/* How likely the truth is in the interval. */
#define ESTIMATE_LEVEL 0.9

/*
 * One estimate, of n rows at the temperature; NAN when memory ends. *gain is
 * what learnt_unit wants, 0 but for FIT.
 */
double estimate_by(const struct learnt *l, struct transport *t,
    enum learnt_method method, const double *p, size_t n, double *gain);

/* A sliding window: constant memory, an estimate every stride records. */
struct estimate_window {
	double *p;            /* a ring of window x classes */
	size_t next, held;    /* of it */
	size_t since;         /* records since the estimate */
	struct estimate last; /* when held is the window */
};

/* 0, or -1 when memory ends. */
int estimate_init(struct estimate_window *w, const struct learnt *l);

/*
 * Takes a row as it was recorded; AUTO is EM, or FIT where the window is
 * doubtful. 1 when there is a new estimate, 0 when there
 * is none, -1 when memory ends.
 */
int estimate_add(struct estimate_window *w, const struct learnt *l,
    struct transport *t, enum learnt_method method, size_t stride,
    const double *p);

/* Whether the window is full, and last says something. */
int estimate_known(const struct estimate_window *w, const struct learnt *l);

void estimate_state(
    struct estimate_window *w, const struct learnt *l, struct store *s);

void estimate_free(struct estimate_window *w);

#endif
