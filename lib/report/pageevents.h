/* The events of detectors, a row each. */
#ifndef PAGEEVENTS_H
#define PAGEEVENTS_H

#include "report/sheet.h"

void pageevents(struct sheet *p);

#endif
