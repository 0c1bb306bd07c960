#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tool/err.h"
#include "tool/text.h"
#include "net/netact.h"
#include "net/netcfg.h"

enum {
	FILE_MAX = 1 << 20, /* bytes of a cfg */
	SECTIONS_MAX = 4096,
	SHOWN = 40 /* of a line, in a message */
};

/* The beginning of a text, fit for a message. */
static const char *
shown(const char *s)
{
	static char buf[SHOWN + 4];
	size_t n = 0, len;

	for (; *s != '\0'; s += len) {
		len = utf8_length(s, strlen(s));
		if (n + (len > 0 ? len : 1) > SHOWN)
			break;
		if (len > 1 || (len == 1 && isprint((unsigned char)*s))) {
			memcpy(buf + n, s, len);
			n += len;
		} else {
			buf[n++] = '?';
			len = 1;
		}
	}
	strcpy(buf + n, *s == '\0' ? "" : "...");
	return buf;
}

void
netcfg_die(const struct netcfg *cfg, const struct netcfg_section *s,
    const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	err_die("%s:%d: '[%s]': %s", cfg->path, s->line, s->kind->name, why);
}

const char *
netcfg_type(const struct netcfg_section *s)
{
	return s->kind->name;
}

static const struct netcfg_pair *
find(const struct netcfg_section *s, const char *key)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->pair[i].key->name, key) == 0)
			return &s->pair[i];
	return NULL;
}

long long
netcfg_int(const struct netcfg_section *s, const char *key, long long fallback)
{
	const struct netcfg_pair *p = find(s, key);

	return p != NULL ? strtoll(p->text, NULL, 10) : fallback;
}

double
netcfg_real(const struct netcfg_section *s, const char *key, double fallback)
{
	const struct netcfg_pair *p = find(s, key);

	return p != NULL ? strtod(p->text, NULL) : fallback;
}

const char *
netcfg_text(
    const struct netcfg_section *s, const char *key, const char *fallback)
{
	const struct netcfg_pair *p = find(s, key);

	return p != NULL ? p->text : fallback;
}

/* The line's key in the section, its value made a text of its own. */
static const struct netkeys_key *
split_pair(struct netcfg *cfg, char *text, int line, char **value)
{
	const struct netkeys_key *key;

	*value = strchr(text, '=');
	if (*value == NULL || *value == text || (*value)[1] == '\0')
		err_die("%s:%d: '%s': is not a line of a cfg", cfg->path, line,
		    shown(text));
	if (cfg->n == 0)
		err_die("%s:%d: '%s': stands before the first section",
		    cfg->path, line, shown(text));
	*(*value)++ = '\0';
	key = netkeys_find(cfg->section[cfg->n - 1].kind, text);
	if (key == NULL)
		err_die("%s:%d: '%s': is not a key of [%s]", cfg->path, line,
		    shown(text), cfg->section[cfg->n - 1].kind->name);
	(*value)[netkeys_length(key, *value)] = '\0';
	return key;
}

/* Of a key that is given twice darknet takes the first. */
static void
add_pair(struct netcfg *cfg, char *text, int line)
{
	const struct netkeys_key *key;
	const struct netcfg_pair *first;
	struct netcfg_section *s;
	const char *why;
	char *value;

	key = split_pair(cfg, text, line, &value);
	s = &cfg->section[cfg->n - 1];
	if ((first = find(s, key->name)) != NULL) {
		if (strcmp(first->text, value) != 0)
			err_warn("%s:%d: '%s': is given twice: line %d counts, "
				 "as in darknet",
			    cfg->path, line, key->name, first->line);
		return;
	}
	if ((why = netkeys_check(key, value)) != NULL)
		err_die("%s:%d: '%s': value '%s' %s", cfg->path, line,
		    key->name, shown(value), why);
	s->pair = err_realloc(s->pair, (s->n + 1) * sizeof *s->pair);
	s->pair[s->n++] = (struct netcfg_pair){key, err_strdup(value), line};
}

static void
add_section(struct netcfg *cfg, char *text, int line)
{
	const struct netkeys_kind *k;
	size_t len = strlen(text);

	if (text[len - 1] != ']')
		err_die("%s:%d: '%s': is not a line of a cfg", cfg->path, line,
		    shown(text));
	text[len - 1] = '\0';
	if ((k = netkeys_kind(text + 1)) == NULL)
		err_die("%s:%d: '[%s]': is not a section of a classifier",
		    cfg->path, line, shown(text + 1));
	if ((k->type == NETKEYS_NET) != (cfg->n == 0))
		err_die(
		    "%s:%d: '[%s]': the first section, and no other, is [net]",
		    cfg->path, line, k->name);
	if (cfg->n == SECTIONS_MAX)
		err_die("%s:%d: has too many sections", cfg->path, line);
	cfg->section = err_realloc(
	    cfg->section, (cfg->n + 1) * sizeof *cfg->section);
	cfg->section[cfg->n++] = (struct netcfg_section){
	    .kind = k, .line = line};
}

/* Copies s without its blanks, as darknet does; to may begin before s. */
static void
squeeze(char *to, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr(" \t\r\n", *s) == NULL)
			*to++ = *s;
	*to = '\0';
}

static void
read_lines(struct netcfg *cfg, FILE *f)
{
	char *line = NULL;
	size_t room = 0, total = 0, mark;
	ssize_t len;
	int n = 0;

	while ((len = getline(&line, &room, f)) >= 0) {
		n++;
		total += (size_t)len;
		if (total > FILE_MAX || memchr(line, '\0', (size_t)len) != NULL)
			err_die(
			    "%s:%d: is not the text of a cfg", cfg->path, n);
		mark = n == 1 ? text_mark(line, (size_t)len) : 0;
		squeeze(line, line + mark);
		if (line[0] == '[')
			add_section(cfg, line, n);
		else if (line[0] != '\0' && line[0] != '#' && line[0] != ';')
			add_pair(cfg, line, n);
	}
	free(line);
	if (ferror(f))
		err_die("%s: %m", cfg->path);
	if (cfg->n < 2)
		err_die("%s: %s", cfg->path,
		    total == 0    ? "is empty"
		    : cfg->n == 0 ? "has no section: not a cfg"
				  : "has no layer");
}

struct netcfg *
netcfg_open(const char *path)
{
	struct netcfg *cfg = err_calloc(1, sizeof *cfg);
	FILE *f = fopen(path, "re");

	if (f == NULL)
		err_die("%s: %m", path);
	cfg->path = err_strdup(path);
	read_lines(cfg, f);
	fclose(f);
	return cfg;
}

void
netcfg_free(struct netcfg *cfg)
{
	size_t i, j;

	for (i = 0; i < cfg->n; i++) {
		for (j = 0; j < cfg->section[i].n; j++)
			free(cfg->section[i].pair[j].text);
		free(cfg->section[i].pair);
	}
	free(cfg->section);
	free(cfg->path);
	free(cfg);
}

void
netcfg_write(const struct netcfg *cfg, FILE *f, int batch)
{
	const struct netcfg_section *s = cfg->section;
	size_t i, j;

	fprintf(f, "[net]\nbatch=%d\nwidth=%d\nheight=%d\nchannels=%d\n", batch,
	    s->w, s->h, s->c);
	for (i = 1; i < cfg->n; i++) {
		s = &cfg->section[i];
		fprintf(f, "[%s]\n", s->kind->name);
		for (j = 0; j < s->n; j++)
			fprintf(f, "%s=%s\n", s->pair[j].key->name,
			    netact_find(s->pair[j].text) ? "linear"
							 : s->pair[j].text);
	}
}
