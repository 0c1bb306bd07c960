/* The pictures of a page: usual ones, the first of the change, the furthest. */
#ifndef PAGEIMAGES_H
#define PAGEIMAGES_H

#include "report/sheet.h"

void pageimages(struct sheet *p);

#endif
