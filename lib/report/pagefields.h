/* The fields of a page, those that moved most first, and their quantiles. */
#ifndef PAGEFIELDS_H
#define PAGEFIELDS_H

#include "report/sheet.h"

void pagefields(struct sheet *p);

#endif
