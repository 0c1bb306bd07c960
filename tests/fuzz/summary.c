/*
 * What stands behind "state" in a summary: refused, or written as it was read,
 * and a page can be made of it, alone and of two of them.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/pagejson.h"
#include "report/summary.h"
#include "report/sumstate.h"
#include "target.h"

/* A reading with the fields a, b ... of a reference of 60 records. */
static void
begin(struct reading *r)
{
	static const char *const name[] = {"a", "b", "c"};
	struct portrait none = {.class = -1};

	sumstate_open(r, 0);
	for (int i = 0; i < 60; i++) {
		double x[] = {i * 17 % 23, i, 7};

		usual_add(&r->file, x, 3, i % 3, &none);
	}
	demand(usual_make(&r->file) == 0);
	r->has_file = 1;
	r->setup.reference = "r";
	for (size_t i = 0; i < 3; i++)
		r->watched.name[r->watched.n++] = strdup(name[i]);
}

static void
put_pages(struct reading *r)
{
	static const struct promise promise;
	struct sheet_setup how = {.fap = .05,
	    .horizon = 1000,
	    .promise = &promise,
	    .files = "f",
	    .version = "v",
	    .options = "o"};
	struct buf out = {0}, text = {0};
	struct sheet p = {.setup = &how, .reading = r};

	doc_open(&p.doc, DOC_TEXT, &text, "t");
	for (size_t i = 0; i < r->subjects && i < 3; i++) {
		page_choose(&p, i);
		pagejson_stream(&p, &out);
		page_stream(&p);
	}
	doc_close(&p.doc, "");
	demand(!out.failed && !text.failed);
	page_free(&p);
	buf_free(&out);
	buf_free(&text);
}

/* Written again, a save is what it was, if all mistakes had a place. */
static void
check_save(struct reading *r, size_t fields, const struct buf *text)
{
	struct buf again = {0};
	struct store s;
	unsigned long long over = 0;

	store_write(&s, &again);
	sumstate(r, fields, &s);
	for (size_t i = 0; i < r->subjects; i++)
		over += r->subject[i]->pairs_over;
	demand(over > 0 || (again.len == text->len &&
			       memcmp(again.p, text->p, again.len) == 0));
	buf_free(&again);
}

/* All saves, so many times. */
static void
join(struct summary *m, int times)
{
	static const size_t field[WATCHED_MOST] = {0, 1, 2, WATCHED_MOST};
	struct reading r;
	const char *why = NULL;

	begin(&r);
	for (int i = 0; i < times; i++)
		for (size_t k = 0; k < m->n && why == NULL; k++) {
			struct reading next;
			struct store s;

			sumstate_open(&next, m->fields);
			store_read(&s, m->save[k].text.p, m->save[k].text.len);
			sumstate(&next, m->fields, &s);
			demand(store_end(&s) == NULL);
			check_save(&next, m->fields, &m->save[k].text);
			why = sumstate_join(&r, &next, field);
			reading_close(&next);
		}
	if (why == NULL) {
		reading_end(&r);
		put_pages(&r);
		sumstate_fold(&r);
		put_pages(&r);
	}
	reading_close(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct summary m = {0};
	struct store s;
	char *text = malloc(size + 1);

	demand(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	store_read(&s, text, size);
	store_open(&s, NULL, '{');
	summary_state(&m, &s);
	store_close(&s, '}');
	if (store_end(&s) == NULL && m.fields <= 4) {
		join(&m, 1);
		join(&m, 3);
	}
	summary_free(&m);
	free(text);
	return 0;
}
