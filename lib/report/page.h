/*
 * A report's sections, in the order in which somebody reads them who was told
 * of an alarm: what happened, how sure that is, when, what moved, and what to
 * do. The parts that need most room are in modules of their own.
 */
#ifndef PAGE_H
#define PAGE_H

#include "report/sheet.h"

/* One stream's part. */
void page_stream(struct sheet *p);

/* Whether the page has no room for another stream's part. */
int page_full(const struct sheet *p);

void page_free(struct sheet *p);

/* All streams in a table, those in drift first; target makes the links. */
void page_fleet(struct sheet *p, const size_t *order,
    void (*target)(struct buf *b, const struct reading *r, size_t i));

/* The order of the streams: drift first, then as they came. */
void page_order(const struct reading *r, size_t *order);

/* Makes the findings of a stream, which the page is about from here on. */
void page_choose(struct sheet *p, size_t i);

#endif
