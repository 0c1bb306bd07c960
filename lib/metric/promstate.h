/* A store of series (prom.h) in a saved state. */
#ifndef PROMSTATE_H
#define PROMSTATE_H

#include "base/store.h"
#include "metric/prom.h"

/*
 * The series, and what was left out; not the constant labels. Series are read
 * into a store that has none.
 */
void promstate(struct prom *p, const char *name, struct store *s);

#endif
