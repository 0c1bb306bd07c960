#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "json/jsonpath.h"
#include "json/jsonscan.h"
#include "run/statefile.h"
#include "run/statetext.h"
#include "tool/atomic.h"
#include "tool/gzip.h"
#include "tool/err.h"

/* The file at hand, and what made it. */
struct file {
	const struct state_setup *of;
	const char *path, *back, *anew;
};

/* Whether the option now does what older versions did. */
static int
is_as_before(const struct state_origin *newer)
{
	const struct opt *o = opt_find(newer->name);
	struct buf is = {0};
	int same;

	if (o != NULL)
		opt_put_value(&is, o);
	same = is.len == strlen(newer->text) &&
	       memcmp(newer->text, is.len > 0 ? is.p : "", is.len) == 0;
	buf_free(&is);
	return same;
}

/* Whether the file, if there is one, was made by a version with the option. */
static int
has_option(const struct buf *file, const char *name)
{
	struct buf key = {0};
	int has;

	buf_str(&key, "\"");
	buf_str(&key, name);
	buf_str(&key, "\":\"");
	if (key.failed)
		err_memory();
	has = memmem(file->p, file->len, key.p, key.len) != NULL;
	buf_free(&key);
	return has;
}

/*
 * The options; without those that the file has not, if one is given, for they
 * are newer, and need not be there.
 */
static void
put_options(
    const struct state_setup *of, const struct buf *older, struct buf *b)
{
	const char *except[OPT_MOST + 1];
	const struct state_origin *newer = of->newer;
	size_t n = 0;

	for (; of->may_differ[n] != NULL; n++)
		except[n] = of->may_differ[n];
	for (; older != NULL && newer != NULL && newer->name != NULL; newer++)
		if (!has_option(older, newer->name) && is_as_before(newer))
			except[n++] = newer->name;
	except[n] = NULL;
	opt_put(b, except);
}

/* What made the state: the beginning of the file. */
static void
put_origin(const struct state_setup *of, const struct buf *older, struct buf *b)
{
	const struct state_origin *with = of->made_with;

	buf_str(b, "{");
	buf_key_int(b, "driftpipe", STATETEXT_FORMAT);
	buf_key_str(b, "tool", of->tool->name);
	buf_key(b, "options");
	buf_str(b, "{");
	if (of->may_differ != NULL)
		put_options(of, older, b);
	for (; with != NULL && with->name != NULL; with++)
		buf_key_str(b, with->name, with->text);
	buf_str(b, "}");
}

/* A file as it is written: of many groups its text is larger than they are. */
struct saving {
	const struct state_setup *of;
	struct atomic *to;
	unsigned long crc; /* of what went there */
};

static void
put_piece(void *ctx, struct buf *b)
{
	struct saving *x = ctx;

	if (b->failed)
		return;
	x->crc = gzip_crc(x->crc, b->p, b->len);
	atomic_put(x->to, b->p, b->len);
	b->len = 0;
}

/* What the file would be, at the end of b; x: in pieces to where it goes. */
static void
put_whole(const struct state_setup *of, struct saving *x, struct buf *b)
{
	struct store s;

	put_origin(of, NULL, b);
	store_write(&s, b);
	if (x != NULL)
		store_pieces(&s, put_piece, x);
	s.comma = 1;
	store_open(&s, "state", '{');
	of->walk(of->ctx, &s);
	store_close(&s, '}');
	statetext_end(b, x != NULL ? x->crc : 0);
}

static int
put_state(void *ctx, struct atomic *to)
{
	struct saving *x = ctx;
	struct buf b = {0};
	int failed;

	x->to = to;
	put_whole(x->of, x, &b);
	failed = b.failed;
	put_piece(x, &b);
	buf_free(&b);
	return failed ? -1 : 0;
}

void
statefile_save(const struct state_setup *of, const char *path)
{
	struct saving x = {.of = of};

	atomic_write_by(path, 0644, put_state, &x);
}

void
statefile_put(const struct state_setup *of, struct buf *b)
{
	put_whole(of, NULL, b);
	if (b->failed)
		err_memory();
}

_Noreturn static void
refuse(const struct file *f, const char *why)
{
	err_die("%s: %s; %s%s", f->path, why, f->back != NULL ? f->back : "",
	    f->anew);
}

/* Takes the checksum off the text, when it is right. */
static void
check(const struct file *f, struct buf *b)
{
	const char *why = statetext_check(b);

	if (why != NULL)
		refuse(f, why);
}

/* An option without a value was not given. */
_Noreturn static void
refuse_option(
    const struct file *f, const char *name, const char *was, const char *is)
{
	if (*was == '\0')
		err_die("%s: made without '--%s', not with '%s'; %s", f->path,
		    name, is, f->anew);
	if (*is == '\0')
		err_die("%s: made with '--%s %s', not without; %s", f->path,
		    name, was, f->anew);
	err_die("%s: made with '--%s %s', not '%s'; %s", f->path, name, was, is,
	    f->anew);
}

/* An option of the file as text; one that it lacks is what it was before. */
static void
text_of(const struct file *f, const struct json_span *options, const char *name,
    char *text, size_t size)
{
	const struct state_origin *newer = f->of->newer;
	struct json_span value;

	*text = '\0';
	for (; newer != NULL && newer->name != NULL; newer++)
		if (strcmp(newer->name, name) == 0)
			snprintf(text, size, "%s", newer->text);
	if (json_find(options, name, &value))
		json_text(&value, text, size);
}

/* The option that differs, and how. */
_Noreturn static void
differ(const struct file *f, const struct buf *file, const struct buf *ours)
{
	struct json_paths paths = {0};
	struct json_span was[2], is[2], key, value;
	struct json_line line;
	const char *at = NULL;
	char name[80], was_text[200], is_text[200];

	jsonpath_add(&paths, "options");
	jsonpath_add(&paths, "tool");
	if (jsonscan_line(file->p, file->len, &paths, was, &line) < 0 ||
	    jsonscan_line(ours->p, ours->len, &paths, is, &line) < 0 ||
	    was->type != JSON_OBJECT || was[1].len != is[1].len ||
	    memcmp(was[1].p, is[1].p, is[1].len) != 0)
		refuse(f, "not a state of this tool");
	while (json_next(is, &at, &key, &value)) {
		json_text(&key, name, sizeof(name));
		json_text(&value, is_text, sizeof(is_text));
		text_of(f, was, name, was_text, sizeof(was_text));
		if (strcmp(was_text, is_text) != 0)
			refuse_option(f, name, was_text, is_text);
	}
	refuse(f, "made with other options or by another tool");
}

/* Whether the file begins with our origin, which is left in *ours. */
static int
begins_with(const struct buf *file, const struct file *f, int as_older,
    struct buf *ours)
{
	ours->len = 0;
	put_origin(f->of, as_older ? file : NULL, ours);
	if (ours->failed)
		err_memory();
	return file->len >= ours->len &&
	       memcmp(file->p, ours->p, ours->len) == 0;
}

/* The origin of the file at hand must be what ours would be. */
static size_t
check_origin(const struct file *f, struct buf *file)
{
	struct buf ours = {0};
	size_t n;

	if (!begins_with(file, f, 1, &ours)) {
		begins_with(file, f, 0, &ours);
		statetext_close(file);
		statetext_close(&ours);
		differ(f, file, &ours);
	}
	n = ours.len;
	buf_free(&ours);
	return n;
}

char *
statefile_digest(const char *path)
{
	unsigned long crc;
	char *text;

	if (gzip_crc_file(path, &crc) < 0)
		err_die("%s: %m", path);
	if (asprintf(&text, "crc32:%08lx", crc) < 0)
		err_memory();
	return text;
}

void
statefile_read(const struct state_setup *of, const char *path,
    void (*options)(void *ctx, const struct json_span *options))
{
	struct statetext text;
	struct store s;
	const char *why;

	statetext_open(&text, path);
	if (!json_equals(&text.tool, of->tool->name, strlen(of->tool->name)))
		err_die("%s: not a state of %s", path, of->tool->name);
	options(of->ctx, &text.options);
	store_read(&s, text.state.p, text.state.len);
	store_open(&s, NULL, '{');
	of->walk(of->ctx, &s);
	store_close(&s, '}');
	why = store_end(&s);
	if (why != NULL)
		err_die("%s: byte %zu: %s", path,
		    (size_t)(text.state.p - text.text.p) + s.at + 1, why);
	buf_free(&text.text);
}

void
statefile_load(const struct state_setup *of, const char *path, const char *back,
    const char *anew)
{
	const struct file f = {of, path, back, anew};
	struct buf b = {0};
	struct store s;
	size_t origin;
	const char *why = atomic_read(path, &b);

	if (why != NULL)
		refuse(&f, why);
	check(&f, &b);
	origin = check_origin(&f, &b);
	if (buf_room(&b, 1) == NULL)
		err_memory();
	b.p[b.len] = '\0';
	store_read(&s, b.p + origin, b.len - origin);
	s.comma = 1;
	store_open(&s, "state", '{');
	of->walk(of->ctx, &s);
	store_close(&s, '}');
	if (store_end(&s) != NULL)
		err_die("%s: byte %zu: %s; %s%s", path, origin + s.at + 1,
		    s.why, back != NULL ? back : "", anew);
	buf_free(&b);
	err_info("%s: goes on from there", path);
}
