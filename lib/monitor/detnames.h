/*
 * The classes that one test of a group has codes for. Those of a reference that
 * groups share are lent to each of them, until it has one that is not there:
 * then its own go on where they end.
 */
#ifndef DETNAMES_H
#define DETNAMES_H

#include "json/intern.h"

struct detnames {
	struct intern *table; /* NULL: values are numbers */
	int lent;
};

void detnames_init(struct detnames *n, size_t max);

/* From here on those of from, which stay as they are; there may be none. */
void detnames_lend(struct detnames *n, const struct detnames *from);

/* As intern_code; the table may be another one then. */
long detnames_code(struct detnames *n, const struct json_span *value);

/* The same, when reading. */
void detnames_state(struct detnames *n, struct store *s);

void detnames_free(struct detnames *n);

#endif
