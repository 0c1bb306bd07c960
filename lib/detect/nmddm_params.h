/* What nmddm (nmddm.h) can be asked for. */
#ifndef NMDDM_PARAMS_H
#define NMDDM_PARAMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum nmddm_mode {
	NMDDM_GLR,
	NMDDM_PAPER,
	NMDDM_KDE,
	NMDDM_SEED,
};

struct nmddm_params {
	enum nmddm_mode mode;
	int scan;      /* glr: over the splits of a growing window */
	size_t window; /* records; in paper and scan the window's cap. 0: glr,
			  kde 100, scan 1000, paper 3000, seed 50 */
	size_t step;   /* records. 0: glr 1, paper 50, kde window / 5; seed has
			  no choice */
	size_t bins;   /* glr: 2 .. 64; 0: 8 */
	uint64_t seed; /* glr: of the generator that decides ties */
	double limit;  /* paper: a statistic beyond it cuts the window at the
			  split. 0: nmddm_paper_limit(0.001) */
};

/* The same without zeros. */
struct nmddm_params nmddm_params_full(struct nmddm_params p);

/* The window that they stand for. */
size_t nmddm_params_window(const void *params);

/* paper has no reference. */
int nmddm_params_starts_untaught(const void *params);

/* Names them, for a kept limit. */
void nmddm_params_key(const void *params, size_t n, struct buf *out);

#endif
