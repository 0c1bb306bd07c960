/*
 * The Markdown and the plain text of doc.h. Plain text has lines of 78 columns
 * at most where words allow it.
 */
#ifndef DOCTEXT_H
#define DOCTEXT_H

#include "report/docform.h"

void doctext_open(struct doc *d, const char *title);
void doctext_verdict(struct doc *d, const char *state, const char *verdict,
    const char *moved, const char *cause);
void doctext_facts(struct doc *d, const char *const *pair);

/* level 1 is the title. */
void doctext_heading(struct doc *d, int level, const char *title);
void doctext_say(struct doc *d, const char *text);
void doctext_cell(struct doc *d, const char *text);
void doctext_table_end(struct doc *d);
void doctext_image(struct doc *d, const char *name, const char *about);
void doctext_command(struct doc *d, const char *what, const char *command);

#endif
