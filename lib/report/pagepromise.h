/* How often a stream that does not drift would get the same verdict. */
#ifndef PAGEPROMISE_H
#define PAGEPROMISE_H

#include "report/sheet.h"

void pagepromise(struct sheet *p);

#endif
