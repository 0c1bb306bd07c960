/*
 * Simulated runs for a limit (calib.h) out of the user's own reference, where
 * no distribution is to be assumed: blocks of its records, drawn with
 * replacement, make a new reference and a stream. Within a block the records
 * follow each other as they did, so that their autocorrelation is in the limit;
 * all fields take the same records, so that their correlation is, too (circular
 * block bootstrap: Politis and Romano, 1992).
 */
#ifndef RESAMPLE_H
#define RESAMPLE_H

#include "detect/kind.h"

struct resample {
	const struct kind *kind;
	size_t fields;              /* with a detector each */
	size_t width;               /* values of each; 1, or of a row */
	const double *const *value; /* of each field, n x width; kept */
	size_t block;               /* records in a row, 1 .. n */
};

/*
 * A simulation whose params are a struct resample: the largest statistic of
 * all the fields.
 */
kind_simulation resample_simulate;

/* A digest of the values, for the key of a kept limit. */
uint64_t resample_digest(const struct resample *s, size_t n);

#endif
