/* What pht.h does where nothing drifts: its limits. */
#ifndef PHT_NULL_H
#define PHT_NULL_H

#include "detect/kind.h"
#include "detect/pht_ref.h"

/*
 * The limit of STANDARD with MEAN at which each of so many tests, in as many
 * directions as p has, has a false alarm in arl0 x tests records on average,
 * and all of them together one in arl0: for mean and deviation that are known
 * exactly (arl.h). NAN when it is out of reach.
 */
double pht_null_arl_limit(
    const struct pht_params *p, double arl0, double tests);

/*
 * A simulated run of STANDARD or UNKNOWN (kind.h): normal values for
 * PHT_VALUES, the estimation of mean and deviation from n of them included;
 * uniform ones for PHT_RANKS, which stand for every continuous distribution. A
 * reference that grows does so here, too.
 */
kind_simulation pht_null_simulate;

#endif
