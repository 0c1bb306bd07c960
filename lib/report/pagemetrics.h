/* What the metrics add, see metrics.h. */
#ifndef PAGEMETRICS_H
#define PAGEMETRICS_H

#include "report/sheet.h"

void pagemetrics(struct sheet *p);

/* The same as a member of the stream's object. */
void pagemetrics_json(const struct sheet *p, struct buf *b);

#endif
