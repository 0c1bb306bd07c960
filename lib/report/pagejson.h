/* What a page says as one JSON object, for programs. */
#ifndef PAGEJSON_H
#define PAGEJSON_H

#include "report/sheet.h"

/* Appends the object of the stream that the sheet is about. */
void pagejson_stream(struct sheet *p, struct buf *b);

/* Appends the members that are about the input as a whole. */
void pagejson_input(const struct sheet *p, struct buf *b);

#endif
