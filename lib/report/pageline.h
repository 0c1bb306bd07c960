/* The time line of a page: what each detector said, and how it went. */
#ifndef PAGELINE_H
#define PAGELINE_H

#include "report/sheet.h"

void pageline(struct sheet *p);

#endif
