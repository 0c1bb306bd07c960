#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "report/delivery.h"
#include "report/page.h"
#include "report/pagejson.h"
#include "report/pagenotes.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/version.h"

/* What files of the format are called; .html where a page is written. */
static const char *const ending[] = {"html", "md", "txt", "json"};

static int
is_directory(const char *path)
{
	struct stat st;
	size_t n = strlen(path);

	if (n > 0 && path[n - 1] == '/' && mkdir(path, 0777) < 0 &&
	    errno != EEXIST)
		err_die("%s: %m", path);
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void
delivery_check(struct delivery *d)
{
	d->directory = d->output != NULL && is_directory(d->output);
	if (d->output != NULL && !d->directory)
		atomic_check(d->output);
}

static void
put_anchor(struct buf *b, const struct reading *r, size_t i)
{
	char text[32];

	(void)r;
	snprintf(text, sizeof(text), "#stream-%zu", i + 1);
	buf_str(b, text);
}

/*
 * A file's name that is made of a stream's, and no other stream has: a name
 * that can't be used as it is, and would be another's, ends in a number.
 */
static void
put_name(struct buf *b, const struct reading *r, size_t i)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *s = r->subject[i]->name;
	size_t n = strlen(s), tail = n;
	int plain = n > 0 && n < 100 && strspn(s, good) == n &&
		    strcmp(s, "index") != 0;
	char number[32];

	while (tail > 0 && s[tail - 1] >= '0' && s[tail - 1] <= '9')
		tail--;
	plain &= tail == n || tail == 0 || s[tail - 1] != '-';
	for (size_t k = 0; k < i && plain; k++)
		plain = strcmp(r->subject[k]->name, s) != 0;
	for (size_t k = 0; k < n && k < 100; k++)
		buf_put(b, strchr(good, s[k]) != NULL ? &s[k] : "_", 1);
	snprintf(number, sizeof(number), plain ? "." : "-%zu.", i + 1);
	buf_str(b, number);
}

static void
put_page(struct buf *b, const struct reading *r, size_t i)
{
	put_name(b, r, i);
	buf_str(b, ending[DELIVERY_HTML]);
}

static void
put_markdown(struct buf *b, const struct reading *r, size_t i)
{
	put_name(b, r, i);
	buf_str(b, ending[DELIVERY_MARKDOWN]);
}

static void
write_part(struct sheet *p, size_t i)
{
	struct buf anchor = {0};

	put_anchor(&anchor, p->reading, i);
	buf_put(&anchor, "", 1);
	if (anchor.failed)
		err_memory();
	page_choose(p, i);
	doc_part(&p->doc, p->subject->name, anchor.p + 1);
	page_stream(p);
	buf_free(&anchor);
}

/* The part of each stream, while there is room. */
static void
write_parts(struct sheet *p, const size_t *order)
{
	size_t n = p->reading->subjects;
	char text[128];

	for (size_t i = 0; i < n; i++) {
		if (page_full(p)) {
			snprintf(text, sizeof(text),
			    "The parts of %zu more streams have no room here: "
			    "-o DIR gives each a page.",
			    n - i);
			doc_say(&p->doc, text);
			return;
		}
		write_part(p, order[i]);
	}
}

static void
open_page(struct sheet *p, const struct delivery *d, struct buf *out,
    const char *title)
{
	*p = (struct sheet){.setup = d->setup, .reading = d->reading};
	if (d->format != DELIVERY_JSON)
		doc_open(&p->doc, (enum doc_format)d->format, out, title);
}

static void
close_page(struct sheet *p, struct buf *out)
{
	char foot[160];

	snprintf(foot, sizeof(foot), "Written by driftreport %s (%s).", version,
	    version_revision);
	if (p->doc.out != NULL) {
		pagenotes_input(p);
		doc_close(&p->doc, foot);
	}
	if (out->failed || p->text.failed || p->chart.failed)
		err_memory();
	page_free(p);
}

/* All that is known of each stream, those that drift first. */
static void
write_objects(struct sheet *p, struct buf *out, const size_t *order, size_t n)
{
	buf_str(out, "{");
	pagejson_input(p, out);
	buf_key(out, "streams");
	buf_str(out, "[");
	for (size_t i = 0; i < n; i++) {
		page_choose(p, order[i]);
		buf_str(out, i > 0 ? ",\n" : "\n");
		pagejson_stream(p, out);
	}
	buf_str(out, "]}\n");
}

/* The page of all, or of the only stream. */
static void
write_whole(const struct delivery *d, struct buf *out)
{
	struct sheet page;
	size_t n = d->reading->subjects;
	size_t *order = err_calloc(n + 1, sizeof(*order));

	open_page(&page, d, out, d->title);
	page_order(d->reading, order);
	if (d->format == DELIVERY_JSON) {
		write_objects(&page, out, order, n);
	} else if (!d->reading->setup.fleet) {
		page_choose(&page, 0);
		page_stream(&page);
	} else {
		page_fleet(&page, order,
		    !d->directory                ? put_anchor
		    : d->format == DELIVERY_HTML ? put_page
						 : put_markdown);
		if (!d->directory)
			write_parts(&page, order);
	}
	close_page(&page, out);
	free(order);
}

static void
write_file(const struct delivery *d, struct buf *out, struct buf *name)
{
	struct buf path = {0};

	buf_str(name, ending[d->format]);
	buf_put(name, "", 1);
	if (name->failed || path_join(&path, d->output, name->p) == NULL)
		err_memory();
	atomic_write(path.p, out->p, out->len, 0644);
	out->len = name->len = 0;
	buf_free(&path);
}

static void
write_one(const struct delivery *d, struct buf *out, size_t i)
{
	struct sheet page;

	open_page(&page, d, out, d->reading->subject[i]->name);
	if (d->format == DELIVERY_JSON) {
		write_objects(&page, out, &i, 1);
	} else {
		page_choose(&page, i);
		page_stream(&page);
	}
	close_page(&page, out);
}

/* A page for each stream beside the index. */
static void
write_directory(const struct delivery *d, struct buf *out)
{
	struct buf name = {0};

	for (size_t i = 0; d->reading->setup.fleet && i < d->reading->subjects;
	     i++) {
		write_one(d, out, i);
		put_name(&name, d->reading, i);
		write_file(d, out, &name);
	}
	write_whole(d, out);
	buf_str(&name, "index.");
	write_file(d, out, &name);
	buf_free(&name);
}

void
delivery_write(const struct delivery *d)
{
	struct buf out = {0};

	if (d->directory) {
		write_directory(d, &out);
	} else {
		write_whole(d, &out);
		if (d->output != NULL)
			atomic_write(d->output, out.p, out.len, 0644);
		else
			out_write(out.p, out.len);
	}
	out_close();
	buf_free(&out);
}
