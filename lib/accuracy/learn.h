/*
 * Learns what accuracy is estimated by (learnt.h).
 *
 * The curve is the isotonic regression of the accuracy of windows on the cost
 * of transport, and the threshold of COTT is the one of 0, 0.01 ... 0.99 that
 * is best in squares for all windows: one by the undamaged records alone, as
 * published, lies where a small share of the plan moves it far. The widths of
 * the intervals are quantiles of what each method was wrong by in these windows,
 * undamaged ones as if they were new (margin.h); for these two, by what was
 * learnt without the window's own set, so that they are those of damage that was
 * not met.
 */
#ifndef LEARN_H
#define LEARN_H

#include "accuracy/labelled.h"
#include "accuracy/learnt.h"

/*
 * Fills in *out, to be freed, for windows of so many records. Returns NULL, or
 * why not. The rows come to the temperature.
 */
const char *learn_fit(struct labelled *l, size_t window, struct learnt *out);

#endif
