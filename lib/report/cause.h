/*
 * What usually makes the fields move that did: guesses by rule, put as
 * questions.
 */
#ifndef CAUSE_H
#define CAUSE_H

#include "report/findings.h"

/* "" when nothing moved. */
const char *cause(const struct findings *f, const struct reading *r);

#endif
