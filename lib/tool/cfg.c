#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "tool/cfg.h"
#include "tool/err.h"
#include "tool/text.h"
#include "tool/version.h"

enum { DEEPEST = 16 }; /* levels; a configuration has three */

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
	if (strchr(text, '\n') != NULL)
		trouble(w->path, n->start_mark, subject,
		    "holds a line break: write it on one line");
	return text;
}

/* YAML's ways to say nothing, which are text only in quotes. */
static int
is_null(const yaml_node_t *n)
{
	static const char *const nothing[] = {"", "~", "null", "Null", "NULL"};

	if (n->type != YAML_SCALAR_NODE ||
	    n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return 0;
	for (size_t i = 0; i < sizeof(nothing) / sizeof(*nothing); i++)
		if (strcmp((const char *)n->data.scalar.value, nothing[i]) == 0)
			return 1;
	return 0;
}

/* Sets an option from one value. */
static void
set_option(const struct place *w, const struct opt *o, const yaml_node_t *n)
{
	char where[4096];

	if (is_null(n))
		trouble(w->path, n->start_mark, o->name, "has no value");
	snprintf(where, sizeof(where), "%s:%zu:%zu: '%s'", w->path,
	    n->start_mark.line + 1, n->start_mark.column + 1, o->name);
	opt_set(o, OPT_FILE, scalar(w, n, o->name), where, w->path);
}

static void
set_options(const struct place *w, const struct opt *o, const yaml_node_t *n)
{
	if (o->type != OPT_LIST || n->type != YAML_SEQUENCE_NODE) {
		set_option(w, o, n);
		return;
	}
	if (n->data.sequence.items.start == n->data.sequence.items.top)
		trouble(w->path, n->start_mark, o->name, "has no value");
	for (yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top; i++)
		set_option(w, o, yaml_document_get_node(w->doc, *i));
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
apply_section(const struct place *w, const char *name, const yaml_node_t *map,
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
			set_options(w, o, val);
	}
}

/* Whether a section that is not ours is known to be somebody's. */
static int
is_known(const struct place *w, const char *name, const yaml_node_t *map)
{
	const yaml_node_t *key_node, *val;
	const char *key;

	if (strcmp(name, model) == 0 || among(name, version_tools))
		return 1;
	for (yaml_node_pair_t *p = NULL;
	     (key = next_key(w, map, &p, &key_node, &val)) != NULL;)
		if (strcmp(key, "tool") == 0)
			return among(scalar(w, val, key), version_tools);
	return 0;
}

static void
apply_document(const struct place *w, const void *ctx)
{
	const yaml_node_t *root = yaml_document_get_root_node(w->doc);
	const struct tool *t = ctx;
	const yaml_node_t *key_node, *val;
	const char *name;
	int found = strcmp(t->instance, t->name) == 0;

	if (root == NULL || is_null(root))
		return;
	if (root->type != YAML_MAPPING_NODE)
		trouble(w->path, root->start_mark, NULL,
		    "sections were expected here");
	for (yaml_node_pair_t *p = NULL;
	     (name = next_key(w, root, &p, &key_node, &val)) != NULL;) {
		if (val->type != YAML_MAPPING_NODE && !is_null(val))
			trouble(w->path, val->start_mark, name,
			    "keys and values were expected here");
		found |= strcmp(name, t->instance) == 0;
		if (is_null(val))
			continue;
		if (!is_known(w, name, val))
			trouble(w->path, key_node->start_mark, name,
			    "unknown section");
		if (strcmp(name, t->instance) == 0 ||
		    (t->uses_model && strcmp(name, model) == 0))
			apply_section(w, name, val, t);
	}
	/* Who names an instance means its section. */
	if (!found)
		err_die("%s: no section '%s'", w->path, t->instance);
}

/* Bytes that are no text have an offset, but no line. */
static yaml_mark_t
mark_of(const yaml_parser_t *p, const struct buf *text)
{
	yaml_mark_t at = {0};

	if (p->error != YAML_READER_ERROR)
		return p->problem_mark;
	while (at.index < p->problem_offset && at.index < text->len) {
		at.column++;
		if (text->p[at.index++] == '\n') {
			at.line++;
			at.column = 0;
		}
	}
	return at;
}

/* What libyaml says only together with the place of another mark. */
static const char *
problem(const yaml_parser_t *p)
{
	if (p->problem == NULL)
		return "not YAML";
	if (strcmp(p->problem, "second occurrence") == 0)
		return "this anchor stands twice";
	return p->problem;
}

static void
open_parser(yaml_parser_t *p, const struct buf *text)
{
	if (!yaml_parser_initialize(p))
		err_memory();
	yaml_parser_set_input_string(
	    p, (const unsigned char *)text->p, text->len);
}

/*
 * Before a document is made of it: the time that libyaml takes grows with the
 * square of the depth. What else is wrong is found later.
 */
static void
check_depth(const char *path, const struct buf *text)
{
	yaml_event_type_t type = YAML_NO_EVENT;
	yaml_parser_t parser;
	yaml_event_t event;
	int depth = 0;

	open_parser(&parser, text);
	while (type != YAML_STREAM_END_EVENT &&
	       yaml_parser_parse(&parser, &event)) {
		type = event.type;
		depth += type == YAML_SEQUENCE_START_EVENT ||
			 type == YAML_MAPPING_START_EVENT;
		depth -= type == YAML_SEQUENCE_END_EVENT ||
			 type == YAML_MAPPING_END_EVENT;
		if (depth > DEEPEST)
			trouble(
			    path, event.start_mark, NULL, "nested too deep");
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

static void
load_document(const char *path, yaml_parser_t *p, yaml_document_t *doc,
    const struct buf *text)
{
	if (!yaml_parser_load(p, doc))
		trouble(path, mark_of(p, text), NULL, problem(p));
}

/* Hands on the only document of a file. */
static void
use_document(const char *path,
    void (*use)(const struct place *w, const void *ctx), const void *ctx)
{
	yaml_parser_t parser;
	yaml_document_t doc, next;
	struct buf text = {0};

	text_read(path, &text);
	check_depth(path, &text);
	open_parser(&parser, &text);
	load_document(path, &parser, &doc, &text);
	use(&(struct place){path, &doc}, ctx);
	load_document(path, &parser, &next, &text);
	if (yaml_document_get_root_node(&next) != NULL)
		trouble(path, next.start_mark, NULL, "a second document");
	yaml_document_delete(&next);
	yaml_document_delete(&doc);
	yaml_parser_delete(&parser);
	buf_free(&text);
}

void
cfg_load(const char *path, const struct tool *t)
{
	use_document(path, apply_document, t);
}

struct numbers {
	const char *key;
	void (*take)(void *ctx, const char *section, double value);
	void *ctx;
};

static void
take_number(const struct place *w, const char *section, const yaml_node_t *map,
    const struct numbers *x)
{
	const yaml_node_t *key_node, *val;
	const char *key, *text;
	double value;
	char *end;

	for (yaml_node_pair_t *p = NULL;
	     (key = next_key(w, map, &p, &key_node, &val)) != NULL;) {
		if (strcmp(key, x->key) != 0)
			continue;
		text = scalar(w, val, key);
		value = strtod(text, &end);
		if (end == text || *end != '\0' || !isfinite(value))
			trouble(w->path, val->start_mark, key, "not a number");
		x->take(x->ctx, section, value);
	}
}

static void
take_numbers(const struct place *w, const void *ctx)
{
	const yaml_node_t *root = yaml_document_get_root_node(w->doc);
	const yaml_node_t *key_node, *val;
	const char *name;

	if (root == NULL || root->type != YAML_MAPPING_NODE)
		return;
	for (yaml_node_pair_t *p = NULL;
	     (name = next_key(w, root, &p, &key_node, &val)) != NULL;)
		if (val->type == YAML_MAPPING_NODE)
			take_number(w, name, val, ctx);
}

void
cfg_numbers(const char *path, const char *key,
    void (*take)(void *ctx, const char *section, double value), void *ctx)
{
	use_document(path, take_numbers, &(struct numbers){key, take, ctx});
}
