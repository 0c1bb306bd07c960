/*
 * A document that is written from top to bottom, the same calls for each
 * format: HTML, Markdown, or plain text for mail. Charts and images are in
 * HTML only. All texts are escaped here.
 */
#ifndef DOC_H
#define DOC_H

#include "report/docform.h"

void doc_open(
    struct doc *d, enum doc_format format, struct buf *out, const char *title);

/* The top of the page: state, verdict, what moved, its cause. */
void doc_verdict(struct doc *d, enum doc_mood mood, const char *state,
    const char *verdict, const char *moved, const char *cause);

/* A few facts in a row: pairs of a name and a value; NULL ends. */
void doc_facts(struct doc *d, const char *const *pair);

/* Headings: of a stream's part, of a section. */
void doc_part(struct doc *d, const char *title, const char *anchor);
void doc_section(struct doc *d, const char *title);

/* Links to all sections between the two calls stand where the first was. */
void doc_contents(struct doc *d);
void doc_contents_end(struct doc *d);

void doc_say(struct doc *d, const char *text);  /* a paragraph */
void doc_note(struct doc *d, const char *text); /* in small print */

/* A table: cells row by row. The columns are kept until its end. */
void doc_table(struct doc *d, const char *caption,
    const struct doc_column *column, size_t n);
void doc_cell(struct doc *d, const char *text);
void doc_link(struct doc *d, const char *text, const char *target);
void doc_chart(struct doc *d, const struct buf *svg);
void doc_table_end(struct doc *d);

/* A chart that stands alone. */
void doc_figure(struct doc *d, const struct buf *svg, const char *caption);

/* Images: a row of them under a title; source is a data URL, or NULL and why. */
void doc_images(struct doc *d, const char *title);
void doc_image(struct doc *d, const char *source, const char *why,
    const char *name, const char *about);
void doc_images_end(struct doc *d);

/* What to do, and the command that does it. */
void doc_command(struct doc *d, const char *what, const char *command);

void doc_close(struct doc *d, const char *foot);

#endif
