#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "netcfg.h"

enum {
	FILE_MAX = 1 << 20, /* bytes of a cfg */
	SECTIONS_MAX = 4096,
	SHOWN = 40 /* of a line, in a message */
};

#define TOTAL_MAX (1LL << 28) /* floats: weights, or outputs of all layers */

/* The beginning of a text, fit for a message. */
static const char *
shown(const char *s)
{
	static char buf[SHOWN + 4];
	size_t i;

	for (i = 0; i < SHOWN && s[i] != '\0'; i++)
		buf[i] = isprint((unsigned char)s[i]) ? s[i] : '?';
	strcpy(buf + i, s[i] == '\0' ? "" : "...");
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

/* One number of the key's type and range; *end is where it stops. */
static const char *
check_number(const struct netcfg_key *k, const char *s, char **end)
{
	int whole = k->type == NETCFG_INT || k->type == NETCFG_INTS;
	double v;

	errno = 0;
	v = whole ? (double)strtoll(s, end, 10) : strtod(s, end);
	if (*end == s || (**end != '\0' && **end != ','))
		return whole ? "is not an integer" : "is not a number";
	if (errno != 0 || !isfinite(v) || v < k->min || v > k->max)
		return "is out of range";
	return NULL;
}

/* Why the text is no value of the key, or NULL. */
static const char *
check_value(const struct netcfg_key *k, const char *s)
{
	int list = k->type == NETCFG_INTS || k->type == NETCFG_REALS;
	const char *why, *hit;
	char *end;

	if (k->type == NETCFG_WORD) {
		for (hit = k->words; (hit = strstr(hit, s)) != NULL; hit++)
			if (hit[-1] == '|' && hit[strlen(s)] == '|')
				return NULL;
		return "is not known";
	}
	while ((why = check_number(k, s, &end)) == NULL && *end == ',') {
		if (!list)
			return "is not one number";
		s = end + 1;
	}
	return why;
}

static const struct netcfg_key *
find_key(const struct netcfg_section *s, const char *name)
{
	const struct netcfg_key *k;

	for (k = s->kind->keys; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	if (s->kind == netcfg_kinds)
		return NULL;
	for (k = netcfg_layer_keys; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static void
add_pair(struct netcfg *cfg, char *text, int line)
{
	struct netcfg_section *s;
	char *value = strchr(text, '=');
	const struct netcfg_key *key;
	const char *why;

	if (value == NULL || value == text || value[1] == '\0')
		err_die("%s:%d: '%s': is not a line of a cfg", cfg->path, line,
		    shown(text));
	if (cfg->n == 0)
		err_die("%s:%d: '%s': stands before the first section",
		    cfg->path, line, shown(text));
	s = &cfg->section[cfg->n - 1];
	*value++ = '\0';
	if ((key = find_key(s, text)) == NULL)
		err_die("%s:%d: '%s': is not a key of [%s]", cfg->path, line,
		    shown(text), s->kind->name);
	if (find(s, text) != NULL)
		err_die("%s:%d: '%s': is given twice", cfg->path, line, text);
	if ((why = check_value(key, value)) != NULL)
		err_die("%s:%d: '%s': value '%s' %s", cfg->path, line, text,
		    shown(value), why);
	s->pair = err_realloc(s->pair, (s->n + 1) * sizeof *s->pair);
	s->pair[s->n++] = (struct netcfg_pair){key, err_strdup(value), line};
}

static void
add_section(struct netcfg *cfg, char *text, int line)
{
	const struct netcfg_kind *k;
	size_t len = strlen(text);

	if (text[len - 1] != ']')
		err_die("%s:%d: '%s': is not a line of a cfg", cfg->path, line,
		    shown(text));
	text[len - 1] = '\0';
	for (k = netcfg_kinds; k->name != NULL; k++)
		if (strcmp(text + 1, k->name) == 0 ||
		    (k->alias != NULL && strcmp(text + 1, k->alias) == 0))
			break;
	if (k->name == NULL)
		err_die("%s:%d: '[%s]': is not a section of a classifier",
		    cfg->path, line, shown(text + 1));
	if ((k == netcfg_kinds) != (cfg->n == 0))
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

/* Takes the blanks out, as darknet does. */
static void
squeeze(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (strchr(" \t\r\n", *s) == NULL)
			*to++ = *s;
	*to = '\0';
}

static void
read_lines(struct netcfg *cfg, FILE *f)
{
	char *line = NULL;
	size_t room = 0, total = 0;
	ssize_t len;
	int n = 0;

	while ((len = getline(&line, &room, f)) >= 0) {
		n++;
		total += (size_t)len;
		if (total > FILE_MAX || memchr(line, '\0', (size_t)len) != NULL)
			err_die(
			    "%s:%d: is not the text of a cfg", cfg->path, n);
		squeeze(line);
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

/* Follows the shapes from layer to layer. */
static void
shape_layers(struct netcfg *cfg)
{
	long long outputs = 0;
	size_t i;

	for (i = 0; i < cfg->n; i++) {
		struct netcfg_section *s = &cfg->section[i];

		s->kind->shape(cfg, s);
		outputs += s->outputs;
		cfg->params += s->params;
		if (outputs > TOTAL_MAX || cfg->params > TOTAL_MAX ||
		    s->work > TOTAL_MAX)
			netcfg_die(cfg, s, "makes the network too large");
	}
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
	shape_layers(cfg);
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
			    s->pair[j].text);
	}
}
