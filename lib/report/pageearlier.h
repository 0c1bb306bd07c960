/* What a journal has from before its last records (earlier.h). */
#ifndef PAGEEARLIER_H
#define PAGEEARLIER_H

#include "report/sheet.h"

void pageearlier(struct sheet *p);

/* "earlier":{...}, where there is something. */
void pageearlier_json(struct sheet *p, struct buf *b);

#endif
