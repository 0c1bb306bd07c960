/* The short sections at the end of a page. */
#ifndef PAGENOTES_H
#define PAGENOTES_H

#include "report/sheet.h"

/* A table of reasons why images could not be read. */
void pagenotes_reasons(
    struct sheet *p, const struct reasons *r, const char *caption);

void pagenotes_unreadable(struct sheet *p);
void pagenotes_quality(struct sheet *p);
void pagenotes_identity(struct sheet *p);
void pagenotes_next(struct sheet *p);

/* What was not read, or belongs to no stream: once a page. */
void pagenotes_input(struct sheet *p);

#endif
