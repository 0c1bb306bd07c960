/* The classes of a page: their mix, and how right and how sure answers were. */
#ifndef PAGECLASSES_H
#define PAGECLASSES_H

#include "report/sheet.h"

void pageclasses(struct sheet *p);

#endif
