#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eval/recindex.h"
#include "json/intern.h"
#include "json/json.h"
#include "json/jsonpath.h"
#include "tool/err.h"
#include "tool/rec.h"

enum { ERROR, TRAILER, BARRIER, LABEL, ORDER, FIELDS };

static void
find_paths(struct json_paths *ps, const struct recindex_want *want)
{
	/* A path that is not wanted is one that stands there already. */
	jsonpath_add(ps, "error");
	jsonpath_add(ps, "trailer");
	jsonpath_add(ps, "barrier");
	if (jsonpath_add(ps, want->label ? want->label : "error") < 0)
		err_die("not a dotted path: '%s'", want->label);
	if (jsonpath_add(ps, want->order ? want->order : "error") < 0)
		err_die("not a dotted path: '%s'", want->order);
}

static void
open_file(struct recindex *ix, const char *name)
{
	struct stat st;
	/* A FIFO without a writer would make us wait. */
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) < 0)
		err_die("%s: %m", name);
	if (!S_ISREG(st.st_mode))
		err_die("%s: not a regular file: its records are read "
			"more than once",
		    name);
	ix->file = err_realloc(ix->file, (ix->files + 1) * sizeof(*ix->file));
	ix->file[ix->files++] = (struct recindex_file){name, fd};
}

static void
grow(struct recindex *ix, int ordered)
{
	if (ix->n < ix->room)
		return;
	ix->room = ix->room == 0 ? 1024 : ix->room * 2;
	ix->item = err_realloc(ix->item, ix->room * sizeof(*ix->item));
	if (ordered)
		ix->order = err_realloc(
		    ix->order, ix->room * sizeof(*ix->order));
}

/* Why the record can't be drawn, or NULL; its class and its order. */
static const char *
unusable(const struct json_span *found, const struct recindex_want *want,
    long *label, double *order)
{
	*label = -1;
	*order = 0;
	if (found[ERROR].type > JSON_NULL)
		return "has an error";
	if (found[TRAILER].type != JSON_NONE ||
	    found[BARRIER].type != JSON_NONE)
		return "a trailer or a barrier";
	if (want->order != NULL && (found[ORDER].type != JSON_NUMBER ||
				       json_number(&found[ORDER], order) < 0))
		return "the field that gives the order is no number";
	if (want->label == NULL)
		return NULL;
	*label = intern_code(want->classes, &found[LABEL]);
	if (*label == INTERN_NO_MEMORY)
		err_memory();
	if (*label < 0 || (size_t)*label == want->classes->max)
		return "no class, or one too many";
	return NULL;
}

void
recindex_add(
    struct recindex *ix, const char *file, const struct recindex_want *want)
{
	struct json_paths paths = {0};
	struct json_span found[FIELDS];
	struct json_line line;
	struct rec in;
	char *name = err_strdup(file);

	find_paths(&paths, want);
	open_file(ix, file);
	rec_open(&in, &name, 1, '\n');
	while (rec_json(&in, &paths, found, &line)) {
		double order;
		long label;
		const char *why = unusable(found, want, &label, &order);

		if (why != NULL && want->strict)
			err_die("%s:%llu: %s", file, in.number, why);
		if (why != NULL) {
			ix->left_out++;
			continue;
		}
		grow(ix, want->order != NULL);
		if (ix->order != NULL)
			ix->order[ix->n] = order;
		ix->item[ix->n++] = (struct recindex_item){in.at,
		    (uint32_t)in.len, (uint32_t)line.close,
		    (uint32_t)ix->files - 1, (int32_t)label};
	}
	rec_close(&in);
	free(name);
}

/* The line of an item. */
static const char *
read_line(struct recindex *ix, const struct recindex_item *it)
{
	const struct recindex_file *f = &ix->file[it->file];
	char *p = buf_room(&ix->line, it->len);
	size_t got = 0;
	ssize_t k;

	if (p == NULL)
		err_memory();
	for (; got < it->len; got += (size_t)k) {
		do
			k = pread(f->fd, p + got, it->len - got,
			    (off_t)(it->at + got));
		while (k < 0 && errno == EINTR);
		if (k < 0)
			err_die("%s: %m", f->name);
		if (k == 0)
			break;
	}
	if (got < it->len || p[it->close] != '}')
		err_die("%s: has changed since it was indexed", f->name);
	return p;
}

void
recindex_get(struct recindex *ix, size_t i, struct buf *members, struct buf *to)
{
	const struct recindex_item *it = &ix->item[i];
	const char *p = read_line(ix, it), *last = p + it->close - 1;

	buf_put(to, p, it->close);
	while (*last == ' ' || *last == '\t' || *last == '\r')
		last--;
	/* An empty object needs no comma. */
	buf_put(to, ",", members->len > 0 && *last != '{');
	buf_put(to, members->p, members->len);
	buf_put(to, p + it->close, it->len - it->close);
	buf_put(to, "\n", 1);
	if (to->failed || members->failed)
		err_memory();
	members->len = 0;
}

void
recindex_free(struct recindex *ix)
{
	for (size_t i = 0; i < ix->files; i++)
		close(ix->file[i].fd);
	free(ix->file);
	free(ix->item);
	free(ix->order);
	buf_free(&ix->line);
	*ix = (struct recindex){0};
}
