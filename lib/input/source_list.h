/*
 * Items of source.h out of a list on standard input: a line is the name of an
 * image, or a record that names one.
 */
#ifndef SOURCE_LIST_H
#define SOURCE_LIST_H

#include "input/source_item.h"
#include "json/jsonscan.h"
#include "tool/rec.h"

struct source_list {
	struct rec lines; /* its trouble ends the list */
	struct json_paths paths;
	int null; /* lines end in NUL */
};

/* From here on SIGINT and SIGTERM end the input (rec.h). */
void source_list_open(struct source_list *l, int null);

/* The next one: 1, or 0 at the end and when there is trouble. */
int source_list_next(struct source_list *l, struct source_item *item);

void source_list_close(struct source_list *l);

#endif
