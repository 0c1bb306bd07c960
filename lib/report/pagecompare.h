/* Two samples of records against each other, field by field. */
#ifndef PAGECOMPARE_H
#define PAGECOMPARE_H

#include "report/sheet.h"

void pagecompare(struct sheet *p);

#endif
