#include <string.h>

#include "base/utf8.h"
#include "report/doctext.h"

enum { WIDTH = 78 };

/* What no terminal and no Markdown may take for more than text. */
static void
put_inert(struct doc *d, const char *text)
{
	size_t left = strlen(text), n;

	for (; left > 0; text += n, left -= n) {
		unsigned char c = (unsigned char)*text;

		n = utf8_length(text, left);
		if (n == 0 || c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && (unsigned char)text[1] < 0xa0)) {
			n = n > 0 ? n : 1;
			buf_str(d->out, "\357\277\275");
			continue;
		}
		if (d->format == DOC_MARKDOWN &&
		    strchr("\\`*_{}[]<>#|!&~", c) != NULL)
			buf_str(d->out, "\\");
		buf_put(d->out, text, n);
	}
}

/* How many columns a text takes, each character one. */
static size_t
columns_of(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

/* Words, in lines that are not too long. */
static void
put_wrapped(struct doc *d, const char *text)
{
	size_t column = 0;
	char word[512];

	while (*text != '\0') {
		size_t len = strcspn(text, " \n"), n;

		n = len < sizeof(word) ? len : sizeof(word) - 1;
		memcpy(word, text, n);
		word[n] = '\0';
		if (column > 0 && column + 1 + columns_of(word, n) > WIDTH) {
			buf_str(d->out, "\n");
			column = 0;
		} else if (column > 0) {
			buf_str(d->out, " ");
			column++;
		}
		put_inert(d, word);
		column += columns_of(word, n);
		text += n;
		text += *text != '\0' && n == len;
	}
	buf_str(d->out, "\n");
}

void
doctext_heading(struct doc *d, int level, const char *title)
{
	size_t n = columns_of(title, strlen(title));

	if (d->out->len > 0)
		buf_str(d->out, "\n");
	if (d->format == DOC_MARKDOWN) {
		buf_str(d->out, level == 1   ? "# "
				: level == 2 ? "## "
					     : "### ");
		put_inert(d, title);
		buf_str(d->out, "\n\n");
		return;
	}
	put_inert(d, title);
	buf_str(d->out, "\n");
	for (size_t i = 0; i < n && i < WIDTH; i++)
		buf_str(d->out, level <= 2 ? "=" : "-");
	buf_str(d->out, "\n");
}

void
doctext_open(struct doc *d, const char *title)
{
	doctext_heading(d, 1, title);
}

void
doctext_say(struct doc *d, const char *text)
{
	put_wrapped(d, text);
	if (d->format == DOC_MARKDOWN)
		buf_str(d->out, "\n");
}

void
doctext_verdict(struct doc *d, const char *state, const char *verdict,
    const char *moved, const char *cause)
{
	const char *const part[] = {verdict, moved, cause};

	if (d->format == DOC_MARKDOWN) {
		buf_str(d->out, "**");
		put_inert(d, state);
		buf_str(d->out, "**\n\n");
	} else {
		put_inert(d, state);
		buf_str(d->out, ".\n\n");
	}
	for (size_t i = 0; i < 3; i++)
		if (*part[i] != '\0')
			doctext_say(d, part[i]);
}

void
doctext_facts(struct doc *d, const char *const *pair)
{
	size_t widest = 0;

	buf_str(d->out, d->format == DOC_TEXT ? "\n" : "");
	for (const char *const *p = pair; *p != NULL; p += 2) {
		size_t n = columns_of(*p, strlen(*p));

		widest = n > widest ? n : widest;
	}
	for (; *pair != NULL; pair += 2) {
		size_t n = columns_of(pair[0], strlen(pair[0]));

		buf_str(d->out, d->format == DOC_MARKDOWN ? "- " : "");
		put_inert(d, pair[0]);
		buf_str(d->out, ": ");
		for (; d->format == DOC_TEXT && n < widest; n++)
			buf_str(d->out, " ");
		put_inert(d, pair[1]);
		buf_str(d->out, "\n");
	}
	buf_str(d->out, "\n");
}

void
doctext_cell(struct doc *d, const char *text)
{
	buf_put(&d->cells, text, strlen(text) + 1);
}

static void
put_padded(struct doc *d, const char *text, size_t width, int right, int last)
{
	size_t n = columns_of(text, strlen(text));

	for (size_t i = n; right && i < width; i++)
		buf_str(d->out, " ");
	put_inert(d, text);
	for (size_t i = n; !right && !last && i < width; i++)
		buf_str(d->out, " ");
}

/* One row; where texts is NULL the titles. Returns what comes after it. */
static const char *
put_row(struct doc *d, const char *texts, const size_t *width)
{
	int bars = d->format == DOC_MARKDOWN;
	size_t last = d->columns - 1;

	while (last > 0 && d->column[last].kind == DOC_CHART)
		last--;
	buf_str(d->out, bars ? "|" : "");
	for (size_t i = 0; i < d->columns; i++) {
		const char *text = texts != NULL ? texts : d->column[i].title;

		if (d->column[i].kind == DOC_CHART)
			continue;
		buf_str(d->out, bars ? " " : i > 0 ? "  " : "");
		put_padded(d, text, width[i], d->column[i].kind == DOC_NUMBER,
		    i == last && !bars);
		buf_str(d->out, bars ? " |" : "");
		if (texts != NULL)
			texts += strlen(texts) + 1;
	}
	buf_str(d->out, "\n");
	return texts;
}

static void
find_widths(const struct doc *d, size_t *width)
{
	const char *p = d->cells.p, *end = p + d->cells.len;

	for (size_t i = 0; i < d->columns; i++)
		width[i] = columns_of(
		    d->column[i].title, strlen(d->column[i].title));
	while (p < end)
		for (size_t i = 0; i < d->columns; i++) {
			size_t n;

			if (d->column[i].kind == DOC_CHART)
				continue;
			n = columns_of(p, strlen(p));
			width[i] = n > width[i] ? n : width[i];
			p += strlen(p) + 1;
		}
}

void
doctext_table_end(struct doc *d)
{
	const char *p = d->cells.p;
	size_t width[DOC_COLUMNS];

	if (d->cells.failed || d->cells.len == 0)
		return;
	find_widths(d, width);
	put_row(d, NULL, width);
	if (d->format == DOC_MARKDOWN) {
		buf_str(d->out, "|");
		for (size_t i = 0; i < d->columns; i++)
			if (d->column[i].kind != DOC_CHART)
				buf_str(d->out, d->column[i].kind == DOC_NUMBER
						    ? " ---: |"
						    : " --- |");
		buf_str(d->out, "\n");
	}
	while (d->cells.len > 0 && p < d->cells.p + d->cells.len)
		p = put_row(d, p, width);
	buf_str(d->out, "\n");
}

void
doctext_image(struct doc *d, const char *name, const char *about)
{
	buf_str(d->out, d->format == DOC_MARKDOWN ? "- " : "  ");
	put_inert(d, name);
	buf_str(d->out, ": ");
	put_inert(d, about);
	buf_str(d->out, "\n");
}

/* Indented: code in Markdown too, where nothing is escaped. */
void
doctext_command(struct doc *d, const char *what, const char *command)
{
	enum doc_format format = d->format;

	doctext_say(d, what);
	d->format = DOC_TEXT;
	buf_str(d->out, "    ");
	put_inert(d, command);
	buf_str(d->out, "\n\n");
	d->format = format;
}
