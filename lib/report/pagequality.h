/* Recall and precision of each class, where the true class is known. */
#ifndef PAGEQUALITY_H
#define PAGEQUALITY_H

#include "report/sheet.h"

void pagequality(struct sheet *p);

/* The same as a member of the stream's object. */
void pagequality_json(struct sheet *p, struct buf *b);

#endif
