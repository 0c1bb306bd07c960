/*
 * What the drift detectors have in common: the reference, the limit, the
 * record. A tool adds its options to its module's verbs and calls
 * det_run; the arithmetic is in the module.
 *
 * Every field that is watched has a detector of its own, in each group that -g
 * tells apart. Those of a group move in step: a record that lacks one of the
 * fields, or carries an error, feeds none.
 */
#ifndef DET_H
#define DET_H

#include "detect/kind.h"
#include "monitor/detopt.h"
#include "run/state.h"

/*
 * Runs the stream, from the n files or standard input. Returns the exit
 * status: 0, or with -e EXIT_EVENT when there was an event, and EXIT_TROUBLE
 * when nothing was tested and there is no state to go on with.
 */
int det_run(const struct kind *kind, char **files, int n);

#endif
