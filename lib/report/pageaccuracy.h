/* The accuracy where truth is known, what is mistaken; as estimated. */
#ifndef PAGEACCURACY_H
#define PAGEACCURACY_H

#include "report/sheet.h"

void pageaccuracy(struct sheet *p);
void pageaccuracy_estimated(struct sheet *p);

/* What is estimated, as members of an object. */
void pageaccuracy_json(struct sheet *p, struct buf *b);

#endif
