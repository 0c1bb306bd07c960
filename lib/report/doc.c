#include <string.h>

#include "report/doc.h"
#include "report/dochtml.h"
#include "report/doctext.h"

void
doc_open(
    struct doc *d, enum doc_format format, struct buf *out, const char *title)
{
	*d = (struct doc){.format = format, .out = out};
	if (format == DOC_HTML)
		dochtml_open(d, title);
	else
		doctext_open(d, title);
}

void
doc_verdict(struct doc *d, enum doc_mood mood, const char *state,
    const char *verdict, const char *moved, const char *cause)
{
	if (d->format == DOC_HTML)
		dochtml_verdict(d, mood, state, verdict, moved, cause);
	else
		doctext_verdict(d, state, verdict, moved, cause);
}

void
doc_facts(struct doc *d, const char *const *pair)
{
	if (d->format == DOC_HTML)
		dochtml_facts(d, pair);
	else
		doctext_facts(d, pair);
}

void
doc_part(struct doc *d, const char *title, const char *anchor)
{
	d->parts = 1;
	if (d->format == DOC_HTML)
		dochtml_part(d, title, anchor);
	else
		doctext_heading(d, 2, title);
}

void
doc_section(struct doc *d, const char *title)
{
	if (d->format == DOC_HTML)
		dochtml_section(d, title);
	else
		doctext_heading(d, 3, title);
}

void
doc_contents(struct doc *d)
{
	d->contents = d->out->len;
	d->links.len = 0;
}

void
doc_contents_end(struct doc *d)
{
	if (d->format == DOC_HTML)
		dochtml_contents(d);
}

void
doc_say(struct doc *d, const char *text)
{
	if (d->format == DOC_HTML)
		dochtml_text(d, "p", NULL, text);
	else
		doctext_say(d, text);
}

void
doc_note(struct doc *d, const char *text)
{
	if (d->format == DOC_HTML)
		dochtml_text(d, "p", "note", text);
	else
		doctext_say(d, text);
}

void
doc_table(struct doc *d, const char *caption, const struct doc_column *column,
    size_t n)
{
	d->column = column;
	d->columns = n;
	d->at = 0;
	d->cells.len = 0;
	if (d->format == DOC_HTML)
		dochtml_table(d, caption);
	else if (*caption != '\0')
		doctext_say(d, caption);
}

void
doc_link(struct doc *d, const char *text, const char *target)
{
	if (d->format == DOC_HTML)
		dochtml_cell(d, text, target);
	else
		doctext_cell(d, text);
	d->at = (d->at + 1) % d->columns;
}

void
doc_cell(struct doc *d, const char *text)
{
	doc_link(d, text, NULL);
}

void
doc_chart(struct doc *d, const struct buf *svg)
{
	if (d->format == DOC_HTML)
		dochtml_chart(d, svg);
	d->at = (d->at + 1) % d->columns;
}

void
doc_table_end(struct doc *d)
{
	if (d->format == DOC_HTML)
		dochtml_table_end(d);
	else
		doctext_table_end(d);
}

void
doc_figure(struct doc *d, const struct buf *svg, const char *caption)
{
	if (d->format == DOC_HTML)
		dochtml_figure(d, svg, caption);
}

void
doc_images(struct doc *d, const char *title)
{
	if (d->format == DOC_HTML)
		dochtml_images(d, title);
	else
		doctext_say(d, title);
}

void
doc_image(struct doc *d, const char *source, const char *why, const char *name,
    const char *about)
{
	if (d->format == DOC_HTML)
		dochtml_image(d, source, why, name, about);
	else
		doctext_image(d, name, about);
}

void
doc_images_end(struct doc *d)
{
	buf_str(d->out, d->format == DOC_HTML ? "</div>\n" : "\n");
}

void
doc_command(struct doc *d, const char *what, const char *command)
{
	if (d->format == DOC_HTML) {
		dochtml_text(d, "p", NULL, what);
		dochtml_text(d, "pre", NULL, command);
	} else {
		doctext_command(d, what, command);
	}
}

void
doc_close(struct doc *d, const char *foot)
{
	if (d->format == DOC_HTML)
		dochtml_close(d, foot);
	else
		doctext_say(d, foot);
	d->out->failed |= d->cells.failed | d->links.failed;
	buf_free(&d->cells);
	buf_free(&d->links);
}
