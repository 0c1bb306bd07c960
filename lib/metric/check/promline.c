#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "metric/check/promline.h"
#include "base/utf8.h"

enum { LONGEST_NUMBER = 400 };

/* Where the reader stands. */
struct at {
	const char *p, *end;
};

static int
peek(const struct at *at)
{
	return at->p < at->end ? (unsigned char)*at->p : -1;
}

static int
is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static void
skip_blanks(struct at *at)
{
	while (is_blank(peek(at)))
		at->p++;
}

/* Not by ctype.h: a locale has no say in this. */
static int
is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* A name, which may be empty; a colon is for metrics. */
static struct promline_text
read_name(struct at *at, int colon)
{
	const char *begin = at->p;

	while (is_letter(peek(at)) || (colon && peek(at) == ':') ||
	       (at->p > begin && is_digit(peek(at))))
		at->p++;
	return (struct promline_text){begin, (size_t)(at->p - begin)};
}

static struct promline_text
read_word(struct at *at)
{
	const char *begin = at->p;

	while (at->p < at->end && !is_blank(peek(at)))
		at->p++;
	return (struct promline_text){begin, (size_t)(at->p - begin)};
}

int
promline_equal(const struct promline_text *a, const struct promline_text *b)
{
	return a->len == b->len &&
	       (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

int
promline_is(const struct promline_text *s, const char *word)
{
	return s->len == strlen(word) && memcmp(s->p, word, s->len) == 0;
}

/* Digits, at least one unless it is optional. */
static int
skip_digits(struct at *at)
{
	const char *begin = at->p;

	while (is_digit(peek(at)))
		at->p++;
	return at->p > begin;
}

/* 1, 1.5, .5, 1.e5, with a sign: what both Go and C take. */
static int
is_decimal(struct at at)
{
	int any;

	if (peek(&at) == '-' || peek(&at) == '+')
		at.p++;
	any = skip_digits(&at);
	if (peek(&at) == '.') {
		at.p++;
		any |= skip_digits(&at);
	}
	if (any && (peek(&at) == 'e' || peek(&at) == 'E')) {
		at.p++;
		if (peek(&at) == '-' || peek(&at) == '+')
			at.p++;
		any = skip_digits(&at);
	}
	return any && at.p == at.end;
}

/* The words, in any case; a sign is for infinity. */
static int
is_special(const char *s)
{
	if (strcasecmp(s, "nan") == 0)
		return 1;
	s += *s == '-' || *s == '+';
	return strcasecmp(s, "inf") == 0 || strcasecmp(s, "infinity") == 0;
}

int
promline_number(const struct promline_text *s, double *x)
{
	char text[LONGEST_NUMBER + 1];
	double value;

	if (s->len == 0 || s->len > LONGEST_NUMBER)
		return -1;
	memcpy(text, s->p, s->len);
	text[s->len] = '\0';
	if (strlen(text) != s->len ||
	    !(is_decimal((struct at){s->p, s->p + s->len}) || is_special(text)))
		return -1;
	value = strtod(text, NULL);
	if (isinf(value) && is_digit(text[s->len - 1]))
		return -1; /* too large */
	*x = value;
	return 0;
}

/* Bytes that have no place in any line. */
static const char *
check_bytes(const char *p, size_t len)
{
	for (size_t k; len > 0; p += k, len -= k) {
		k = utf8_length(p, len);
		if (k == 0)
			return "not UTF-8, which can cost Prometheus the whole host";
		if (*p == '\r')
			return "a carriage return";
		if (*p == '\0')
			return "a NUL byte";
	}
	return NULL;
}

/* Whether each backslash is followed by one of these. */
static int
escapes_are(const struct promline_text *s, const char *allowed)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->p[i] == '\\' &&
		    (++i == s->len || strchr(allowed, s->p[i]) == NULL))
			return 0;
	return 1;
}

static const char *
read_comment(struct promline *l, struct at *at)
{
	struct promline_text word;

	skip_blanks(at);
	word = read_word(at);
	if (!promline_is(&word, "HELP") && !promline_is(&word, "TYPE"))
		return NULL;
	skip_blanks(at);
	l->name = read_name(at, 1);
	if (at->p == at->end)
		return NULL; /* taken for a comment */
	if (l->name.len == 0 || !is_blank(peek(at)))
		return "not a metric name after HELP or TYPE";
	skip_blanks(at);
	l->text = (struct promline_text){at->p, (size_t)(at->end - at->p)};
	l->kind = *word.p == 'H' ? PROMLINE_HELP : PROMLINE_TYPE;
	if (l->kind == PROMLINE_HELP && !escapes_are(&l->text, "\\n"))
		return "an escape in HELP that is neither \\\\ nor \\n";
	return NULL;
}

/* Between the quotes; the first one has been read. */
static const char *
read_value(struct at *at, struct promline_text *value)
{
	value->p = at->p;
	while (peek(at) != '"') {
		if (peek(at) == '\\')
			at->p++;
		if (at->p >= at->end)
			return "a label value without its closing quote";
		at->p++;
	}
	value->len = (size_t)(at->p - value->p);
	at->p++;
	if (!escapes_are(value, "\\\"n"))
		return "an escape that is none of \\\\, \\\" and \\n";
	return NULL;
}

static const char *
check_name(const struct promline *l, const struct promline_text *name)
{
	if (name->len == 0)
		return "not a label name";
	if (promline_is(name, "__name__"))
		return "a reserved label name";
	if (name->len > 1 && memcmp(name->p, "__", 2) == 0)
		return "a label name with '__', which ends node_exporter";
	for (size_t i = 0; i < l->labels; i++)
		if (promline_equal(&l->label[i].name, name))
			return "a label twice";
	return NULL;
}

static const char *
read_label(struct promline *l, struct at *at)
{
	struct promline_label label = {.name = read_name(at, 0)};
	const char *why = check_name(l, &label.name);

	l->subject = label.name;
	if (why != NULL)
		return why;
	skip_blanks(at);
	if (peek(at) != '=')
		return "no '=' after a label name";
	at->p++;
	skip_blanks(at);
	if (peek(at) != '"')
		return "no quote before a label value";
	at->p++;
	why = read_value(at, &label.value);
	if (why != NULL)
		return why;
	if (l->labels == PROMLINE_LABELS)
		return "more labels than can be checked";
	l->label[l->labels++] = label;
	l->subject.len = 0;
	return NULL;
}

/* The opening brace has been read. */
static const char *
read_labels(struct promline *l, struct at *at)
{
	for (;;) {
		const char *why;

		skip_blanks(at);
		if (peek(at) == '}')
			break;
		why = read_label(l, at);
		if (why != NULL)
			return why;
		skip_blanks(at);
		if (peek(at) == ',')
			at->p++;
		else if (peek(at) != '}')
			return "no ',' or '}' after a label value";
	}
	at->p++;
	return NULL;
}

static const char *
read_sample(struct promline *l, struct at *at)
{
	const char *why = NULL;

	l->kind = PROMLINE_SAMPLE;
	l->name = read_name(at, 1);
	l->subject = (struct promline_text){at->p, (size_t)(at->end - at->p)};
	if (l->name.len == 0)
		return "not a metric name";
	skip_blanks(at);
	if (peek(at) == '{') {
		at->p++;
		l->subject.len = 0;
		why = read_labels(l, at);
		if (why != NULL)
			return why;
	}
	skip_blanks(at);
	l->subject = read_word(at);
	if (promline_number(&l->subject, &l->value) < 0)
		return "not a number";
	l->subject.len = 0;
	if (at->p == at->end)
		return NULL;
	skip_blanks(at);
	return at->p == at->end ? "blanks after the value"
				: "more than a value; a timestamp is refused";
}

const char *
promline_read(struct promline *l, const char *p, size_t len)
{
	struct at at = {p, p + len};
	const char *why = check_bytes(p, len);

	l->kind = PROMLINE_NOTHING;
	l->labels = 0;
	l->name = l->text = l->subject = (struct promline_text){p, 0};
	if (why != NULL)
		return why;
	skip_blanks(&at);
	if (at.p == at.end)
		return NULL;
	if (*at.p != '#')
		return read_sample(l, &at);
	at.p++;
	return read_comment(l, &at);
}
