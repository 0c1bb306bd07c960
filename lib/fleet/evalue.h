/*
 * The e-value of a record: the mean over the detectors named, of the mean of
 * 10^stat over the tests of each, or of 1 while it learns a reference.
 */
#ifndef EVALUE_H
#define EVALUE_H

#include "metric/detread.h"
#include "tool/opt.h"

struct evalue {
	double e; /* NAN: no such detector has a test */
	struct json_span
	    field;    /* of the test with the most; of no type: none */
	double share; /* that it has of e, from 0 to 1 */
};

/* seen[i] becomes 1 where the ith detector has a test. */
struct evalue evalue(const struct detread *r, const struct opt_list *detectors,
    unsigned char *seen);

#endif
