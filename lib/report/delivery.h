/*
 * Where reports go: one page to standard output or a file, or a directory with
 * an index and a page for each stream. What fails is a message and exit 2.
 */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "report/sheet.h"

enum delivery_format {
	DELIVERY_HTML,
	DELIVERY_MARKDOWN,
	DELIVERY_TEXT,
	DELIVERY_JSON
};

/* Kept, not copied. */
struct delivery {
	const struct reading *reading;
	const struct sheet_setup *setup;
	enum delivery_format format;
	const char *output; /* a file or a directory; NULL: standard output */
	const char *title;
	int directory;
};

/* Before anything is read: whether output is a directory, and can be written. */
void delivery_check(struct delivery *d);

void delivery_write(const struct delivery *d);

#endif
