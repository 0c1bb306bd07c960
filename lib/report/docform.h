/* A document in the making, as the formats see it. */
#ifndef DOCFORM_H
#define DOCFORM_H

#include "base/buf.h"

enum doc_format { DOC_HTML, DOC_MARKDOWN, DOC_TEXT };

enum { DOC_COLUMNS = 12 };

struct doc_column {
	const char *title;
	enum {
		DOC_WORDS,  /* to the left */
		DOC_NUMBER, /* to the right */
		DOC_CHART   /* HTML only */
	} kind;
};

/* The state that the page is about, for its colour. */
enum doc_mood { DOC_GOOD, DOC_OPEN, DOC_BAD };

struct doc {
	enum doc_format format;
	struct buf *out;
	/* The rest is the doc modules' own. */
	const struct doc_column *column;
	size_t columns, at; /* at: cells in the row so far */
	struct buf cells;   /* of a table, each ends in NUL: text alone */
	int parts;          /* sections are below one */
	size_t sections, contents; /* contents: where its links go */
	struct buf links;          /* to the sections since then */
};

#endif
