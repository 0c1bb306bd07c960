#include <stdio.h>
#include <string.h>

#include "report/dochtml.h"
#include "report/docstyle.h"
#include "report/svg.h"

void
dochtml_open(struct doc *d, const char *title)
{
	buf_str(d->out,
	    "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
	    "lang=\"en\"><head><meta charset=\"utf-8\"/>"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\"/><meta name=\"color-scheme\" "
	    "content=\"light dark\"/><meta http-equiv=\""
	    "Content-Security-Policy\" content=\"default-src 'none'; "
	    "img-src data:; style-src 'unsafe-inline'\"/><title>");
	svg_escape(d->out, title);
	buf_str(d->out, "</title>\n<style>");
	buf_str(d->out, docstyle);
	buf_str(d->out, "</style></head>\n<body><header><p class=\"kicker\">"
			"Drift report</p>");
	dochtml_text(d, "h1", NULL, title);
	buf_str(d->out, "</header><main>\n");
}

void
dochtml_text(
    struct doc *d, const char *element, const char *class, const char *text)
{
	buf_str(d->out, "<");
	buf_str(d->out, element);
	if (class != NULL) {
		buf_str(d->out, " class=\"");
		buf_str(d->out, class);
		buf_str(d->out, "\"");
	}
	buf_str(d->out, ">");
	svg_escape(d->out, text);
	buf_str(d->out, "</");
	buf_str(d->out, element);
	buf_str(d->out, ">\n");
}

void
dochtml_verdict(struct doc *d, enum doc_mood mood, const char *state,
    const char *verdict, const char *moved, const char *cause)
{
	static const char *const moods[] = {"good", "open", "bad"};

	buf_str(d->out, "<div class=\"verdict ");
	buf_str(d->out, moods[mood]);
	buf_str(d->out, "\">");
	dochtml_text(d, "p", "state", state);
	dochtml_text(d, "p", "said", verdict);
	if (*moved != '\0')
		dochtml_text(d, "p", "moved", moved);
	if (*cause != '\0')
		dochtml_text(d, "p", "cause", cause);
	buf_str(d->out, "</div>\n");
}

void
dochtml_facts(struct doc *d, const char *const *pair)
{
	buf_str(d->out, "<dl>");
	for (; *pair != NULL; pair += 2) {
		buf_str(d->out, "<div>");
		dochtml_text(d, "dt", NULL, pair[0]);
		dochtml_text(d, "dd", NULL, pair[1]);
		buf_str(d->out, "</div>");
	}
	buf_str(d->out, "</dl>\n");
}

void
dochtml_part(struct doc *d, const char *title, const char *anchor)
{
	buf_str(d->out, "<h2 class=\"part\" id=\"");
	svg_escape(d->out, anchor);
	buf_str(d->out, "\">");
	svg_escape(d->out, title);
	buf_str(d->out, "</h2>\n");
}

/* No level of headings is left out where there are no parts. */
void
dochtml_section(struct doc *d, const char *title)
{
	char text[96];
	int level = d->parts ? 3 : 2;

	snprintf(text, sizeof(text), "<h%d class=\"section\" id=\"s%zu\">",
	    level, ++d->sections);
	buf_str(d->out, text);
	svg_escape(d->out, title);
	snprintf(text, sizeof(text), "</h%d>\n", level);
	buf_str(d->out, text);
	snprintf(text, sizeof(text), "<a href=\"#s%zu\">", d->sections);
	buf_str(&d->links, text);
	svg_escape(&d->links, title);
	buf_str(&d->links, "</a>\n");
}

void
dochtml_contents(struct doc *d)
{
	static const char begin[] = "<nav aria-label=\"Sections\">",
			  end[] = "</nav>\n";
	size_t n = d->links.len, all = n + strlen(begin) + strlen(end);
	char *at;

	if (n == 0 || buf_room(d->out, all) == NULL)
		return;
	at = d->out->p + d->contents;
	memmove(at + all, at, d->out->len - d->contents);
	memcpy(at, begin, strlen(begin));
	memcpy(at + strlen(begin), d->links.p, n);
	memcpy(at + strlen(begin) + n, end, strlen(end));
	d->out->len += all;
}

void
dochtml_table(struct doc *d, const char *caption)
{
	buf_str(d->out, "<figure>");
	dochtml_text(d, "figcaption", NULL, caption);
	buf_str(d->out, "<div class=\"wide\"><table>");
	buf_str(d->out, "<thead><tr>");
	for (size_t i = 0; i < d->columns; i++) {
		buf_str(d->out, d->column[i].kind == DOC_NUMBER
				    ? "<th scope=\"col\" class=\"x\">"
				    : "<th scope=\"col\">");
		svg_escape(d->out, d->column[i].title);
		buf_str(d->out, "</th>");
	}
	buf_str(d->out, "</tr></thead><tbody>\n");
}

static void
begin_cell(struct doc *d)
{
	if (d->at == 0)
		buf_str(d->out, "<tr><th scope=\"row\">");
	else
		buf_str(d->out, d->column[d->at].kind == DOC_NUMBER
				    ? "<td class=\"x\">"
				    : "<td>");
}

static void
end_cell(struct doc *d)
{
	buf_str(d->out, d->at == 0 ? "</th>" : "</td>");
	if (d->at + 1 == d->columns)
		buf_str(d->out, "</tr>\n");
}

void
dochtml_cell(struct doc *d, const char *text, const char *target)
{
	begin_cell(d);
	if (target != NULL) {
		buf_str(d->out, "<a href=\"");
		svg_escape(d->out, target);
		buf_str(d->out, "\">");
	}
	svg_escape(d->out, text);
	buf_str(d->out, target != NULL ? "</a>" : "");
	end_cell(d);
}

void
dochtml_chart(struct doc *d, const struct buf *svg)
{
	begin_cell(d);
	buf_put(d->out, svg->p, svg->len);
	end_cell(d);
}

void
dochtml_table_end(struct doc *d)
{
	buf_str(d->out, "</tbody></table></div></figure>\n");
}

void
dochtml_figure(struct doc *d, const struct buf *svg, const char *caption)
{
	buf_str(d->out, "<figure class=\"chart\">");
	buf_put(d->out, svg->p, svg->len);
	dochtml_text(d, "figcaption", NULL, caption);
	buf_str(d->out, "</figure>\n");
}

void
dochtml_images(struct doc *d, const char *title)
{
	dochtml_text(d, d->parts ? "h4" : "h3", "row", title);
	buf_str(d->out, "<div class=\"images\">");
}

void
dochtml_image(struct doc *d, const char *source, const char *why,
    const char *name, const char *about)
{
	buf_str(d->out, "<figure>");
	if (source != NULL) {
		buf_str(d->out, "<img src=\"");
		buf_str(d->out, source);
		buf_str(d->out, "\" alt=\"");
		svg_escape(d->out, about);
		buf_str(d->out, "\"/>");
	} else {
		dochtml_text(d, "span", "none", why);
	}
	buf_str(d->out, "<figcaption>");
	svg_escape(d->out, about);
	buf_str(d->out, "<br/>");
	svg_escape(d->out, name);
	buf_str(d->out, "</figcaption></figure>\n");
}

void
dochtml_close(struct doc *d, const char *foot)
{
	buf_str(d->out, "</main>");
	dochtml_text(d, "footer", NULL, foot);
	buf_str(d->out, "</body></html>\n");
}
