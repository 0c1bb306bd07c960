/* What all groups have in common (detgroup.h), from what the options say. */
#ifndef DETSETUP_H
#define DETSETUP_H

#include "monitor/detgroup.h"

/* Fills in tests, width, open, head and room for values, from the rest. */
void detsetup_prepare(struct detgroup_setup *s, const char *instance);
void detsetup_finish(struct detgroup_setup *s);

#endif
