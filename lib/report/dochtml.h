/* The HTML of doc.h: one file without script, well-formed as XML too. */
#ifndef DOCHTML_H
#define DOCHTML_H

#include "report/docform.h"

void dochtml_open(struct doc *d, const char *title);
void dochtml_verdict(struct doc *d, enum doc_mood mood, const char *state,
    const char *verdict, const char *moved, const char *cause);
void dochtml_facts(struct doc *d, const char *const *pair);

/* An element with a text; class may be NULL. */
void dochtml_text(
    struct doc *d, const char *element, const char *class, const char *text);

void dochtml_part(struct doc *d, const char *title, const char *anchor);
void dochtml_section(struct doc *d, const char *title);
void dochtml_contents(struct doc *d);
void dochtml_table(struct doc *d, const char *caption);
void dochtml_cell(struct doc *d, const char *text, const char *target);
void dochtml_chart(struct doc *d, const struct buf *svg);
void dochtml_table_end(struct doc *d);
void dochtml_figure(struct doc *d, const struct buf *svg, const char *caption);
void dochtml_images(struct doc *d, const char *title);
void dochtml_image(struct doc *d, const char *source, const char *why,
    const char *name, const char *about);
void dochtml_close(struct doc *d, const char *foot);

#endif
