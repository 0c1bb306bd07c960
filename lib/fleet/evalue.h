/*
 * The e-value of a record: the mean over the detectors named, of the mean of
 * 10^stat over the tests of each, or of 1 while it learns a reference.
 */
#ifndef EVALUE_H
#define EVALUE_H

#include "metric/detread.h"
#include "tool/opt.h"

/*
 * NAN: no such detector has a test. seen[i] becomes 1 where the ith has one.
 * field: of the largest, of no type without.
 */
double evalue(const struct detread *r, const struct opt_list *detectors,
    unsigned char *seen, struct json_span *field);

#endif
