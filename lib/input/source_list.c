#include <string.h>

#include "input/source_list.h"
#include "json/name.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/text.h"

static const char *const fields[SOURCE_FIELDS] = {
    [SOURCE_SEQ] = "seq",
    [SOURCE_TIME] = "time",
    [SOURCE_IMAGE] = "image",
    [SOURCE_IMAGE_BYTES] = "image_bytes",
    [SOURCE_TRUTH] = "truth",
    [SOURCE_FAULT] = "error",
    [SOURCE_SKIPPED] = "skipped",
};

void
source_list_open(struct source_list *l, int null)
{
	*l = (struct source_list){.null = null};
	for (int i = 0; i < SOURCE_FIELDS; i++)
		jsonpath_add(&l->paths, fields[i]);
	rec_open(&l->lines, NULL, 0, null ? '\0' : '\n');
	l->lines.patient = 1;
}

/* A record of the list that names an image. */
static void
take_record(struct source_item *item)
{
	const char *why;

	source_item_name(item, NULL, "", 0);
	item->barrier = barrier_number(item->line.p, item->line.len);
	if (item->field[SOURCE_FAULT].type > JSON_FALSE ||
	    item->field[SOURCE_SKIPPED].type > JSON_NULL || item->barrier > 0) {
		source_item_fail(item, "record", "is not for this tool");
		item->kind = SOURCE_PASS;
		return;
	}
	why = name_get(&item->name, &item->field[SOURCE_IMAGE],
	    &item->field[SOURCE_IMAGE_BYTES]);
	if (why != NULL) {
		source_item_fail(item, "record", why);
		return;
	}
	if (item->name.failed)
		err_memory();
	source_item_open(item);
}

/* What begins with a brace is no name; blanks before it are JSON's. */
static int
is_record(const struct rec *r)
{
	size_t blanks = strspn(r->line, " \t");

	return blanks < r->len && r->line[blanks] == '{';
}

int
source_list_next(struct source_list *l, struct source_item *item)
{
	const struct rec *r = &l->lines;

	if (!rec_next(&l->lines))
		return 0;
	if (is_record(r)) {
		source_item_set(&item->line, r->line, r->len);
		if (jsonscan_line(item->line.p, r->len, &l->paths, item->field,
			&item->shape) == 0) {
			take_record(item);
			return 1;
		}
		item->line.len = 0;
	}
	source_item_name(
	    item, NULL, r->line, l->null ? r->len : text_line(r->line, r->len));
	source_item_open(item);
	return 1;
}

void
source_list_close(struct source_list *l)
{
	rec_close(&l->lines);
}
