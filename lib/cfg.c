#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "cfg.h"
#include "err.h"
#include "version.h"

/* Where messages say that something stands. */
struct place {
	const char *path;
	yaml_document_t *doc;
};

/* The section that every tool with a network shares, and its keys. */
static const char model[] = "model";
static const char model_keys[] =
    "cfg weights labels name version fit filter mean scale order temperature";

/* Whether name is one of the words of a list with blanks between them. */
static int
among(const char *name, const char *words)
{
	size_t len = strlen(name), n;

	for (; *words != '\0'; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		if (n == len && memcmp(words, name, n) == 0)
			return 1;
	}
	return 0;
}

_Noreturn static void
trouble(const char *path, yaml_mark_t at, const char *subject, const char *why)
{
	err_die("%s:%zu:%zu: %s%s%s%s", path, at.line + 1, at.column + 1,
	    subject ? "'" : "", subject ? subject : "", subject ? "': " : "",
	    why);
}

static const char *
scalar(const struct place *w, const yaml_node_t *n, const char *subject)
{
	const char *text = (const char *)n->data.scalar.value;

	if (n->type != YAML_SCALAR_NODE)
		trouble(w->path, n->start_mark, subject,
		    "a single value was expected here");
	if (strlen(text) != n->data.scalar.length)
		trouble(w->path, n->start_mark, subject, "holds a NUL");
	return text;
}

static void
set(const struct place *w, const struct opt *o, const yaml_node_t *n)
{
	char where[4096];

	if (n->type == YAML_SCALAR_NODE && n->data.scalar.length == 0 &&
	    n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		trouble(w->path, n->start_mark, o->name, "has no value");
	snprintf(where, sizeof(where), "%s:%zu:%zu: '%s'", w->path,
	    n->start_mark.line + 1, n->start_mark.column + 1, o->name);
	opt_set(o, scalar(w, n, o->name), where, w->path);
}

static void
set_all(const struct place *w, const struct opt *o, const yaml_node_t *n)
{
	if (o->type != OPT_LIST || n->type != YAML_SEQUENCE_NODE) {
		set(w, o, n);
		return;
	}
	if (n->data.sequence.items.start == n->data.sequence.items.top)
		trouble(w->path, n->start_mark, o->name, "has no value");
	for (yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top; i++)
		set(w, o, yaml_document_get_node(w->doc, *i));
}

/*
 * Walks a mapping: *pair starts at NULL. Returns the key, or NULL at the end;
 * a key that stands twice is trouble.
 */
static const char *
next_key(const struct place *w, const yaml_node_t *map, yaml_node_pair_t **pair,
    const yaml_node_t **key_node, const yaml_node_t **val)
{
	yaml_node_pair_t *first = map->data.mapping.pairs.start;
	const char *key;

	*pair = *pair ? *pair + 1 : first;
	if (*pair >= map->data.mapping.pairs.top)
		return NULL;
	*key_node = yaml_document_get_node(w->doc, (*pair)->key);
	*val = yaml_document_get_node(w->doc, (*pair)->value);
	key = scalar(w, *key_node, NULL);
	for (yaml_node_pair_t *p = first; p < *pair; p++)
		if (strcmp(key,
			(const char *)yaml_document_get_node(w->doc, p->key)
			    ->data.scalar.value) == 0)
			trouble(w->path, (*key_node)->start_mark, key,
			    "stands twice");
	return key;
}

/* An empty section ("pht:") is a mapping without keys. */
static int
is_empty(const yaml_node_t *n)
{
	return n->type == YAML_SCALAR_NODE && n->data.scalar.length == 0;
}

/* A key of model: sets the option of its name, or else model-KEY. */
static const struct opt *
model_opt(const char *key)
{
	const struct opt *o = opt_find(key);
	char name[32];

	snprintf(name, sizeof(name), "%s-%s", model, key);
	return o != NULL ? o : opt_find(name);
}

static void
section(const struct place *w, const char *name, const yaml_node_t *map,
    const struct tool *t)
{
	const yaml_node_t *key_node, *val;
	const char *key;
	int shared = strcmp(name, model) == 0;

	for (yaml_node_pair_t *p = NULL;
	     (key = next_key(w, map, &p, &key_node, &val)) != NULL;) {
		const struct opt *o = shared ? model_opt(key) : opt_find(key);

		if (!shared && strcmp(key, "tool") == 0) {
			if (strcmp(scalar(w, val, key), t->name) != 0)
				trouble(w->path, val->start_mark, name,
				    "is the section of another tool");
			continue;
		}
		if (shared && !among(key, model_keys))
			trouble(w->path, key_node->start_mark, key,
			    "unknown key of section 'model'");
		if (o == NULL && !shared)
			trouble(
			    w->path, key_node->start_mark, key, "unknown key");
		if (o != NULL)
			set_all(w, o, val);
	}
}

/* Whether a section that is not ours is known to be somebody's. */
static int
is_known(const struct place *w, const char *name, const yaml_node_t *map)
{
	const yaml_node_t *key_node, *val;
	const char *key;

	if (strcmp(name, model) == 0 || among(name, tools))
		return 1;
	for (yaml_node_pair_t *p = NULL;
	     (key = next_key(w, map, &p, &key_node, &val)) != NULL;)
		if (strcmp(key, "tool") == 0)
			return among(scalar(w, val, key), tools);
	return 0;
}

static void
document(const struct place *w, const struct tool *t)
{
	const yaml_node_t *root = yaml_document_get_root_node(w->doc);
	const yaml_node_t *key_node, *val;
	const char *name;
	int found = strcmp(t->instance, t->name) == 0;

	if (root == NULL || is_empty(root))
		return;
	if (root->type != YAML_MAPPING_NODE)
		trouble(w->path, root->start_mark, NULL,
		    "sections were expected here");
	for (yaml_node_pair_t *p = NULL;
	     (name = next_key(w, root, &p, &key_node, &val)) != NULL;) {
		if (val->type != YAML_MAPPING_NODE && !is_empty(val))
			trouble(w->path, val->start_mark, name,
			    "keys and values were expected here");
		found |= strcmp(name, t->instance) == 0;
		if (is_empty(val))
			continue;
		if (!is_known(w, name, val))
			trouble(w->path, key_node->start_mark, name,
			    "unknown section");
		if (strcmp(name, t->instance) == 0 ||
		    (t->uses_model && strcmp(name, model) == 0))
			section(w, name, val, t);
	}
	/* Who names an instance means its section. */
	if (!found)
		err_die("%s: no section '%s'", w->path, t->instance);
}

/* Bytes that are no text have an offset, but no line. */
static yaml_mark_t
mark_of(const yaml_parser_t *p, FILE *f)
{
	yaml_mark_t at = {0};
	int c;

	if (p->error != YAML_READER_ERROR)
		return p->problem_mark;
	rewind(f);
	while (at.index++ < p->problem_offset && (c = getc(f)) != EOF) {
		at.column++;
		if (c == '\n') {
			at.line++;
			at.column = 0;
		}
	}
	return at;
}

static void
load(const char *path, yaml_parser_t *p, yaml_document_t *doc, FILE *f)
{
	if (yaml_parser_load(p, doc))
		return;
	if (ferror(f))
		err_die("%s: cannot be read", path);
	trouble(
	    path, mark_of(p, f), NULL, p->problem ? p->problem : "not YAML");
}

void
cfg_load(const char *path, const struct tool *t)
{
	yaml_parser_t parser;
	yaml_document_t doc, next;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		err_die("%s: %m", path);
	if (!yaml_parser_initialize(&parser))
		err_die("out of memory");
	yaml_parser_set_input_file(&parser, f);
	load(path, &parser, &doc, f);
	document(&(struct place){path, &doc}, t);
	load(path, &parser, &next, f);
	if (yaml_document_get_root_node(&next) != NULL)
		trouble(path, next.start_mark, NULL, "a second document");
	yaml_document_delete(&next);
	yaml_document_delete(&doc);
	yaml_parser_delete(&parser);
	fclose(f);
}
