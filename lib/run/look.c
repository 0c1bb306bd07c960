#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "run/logname.h"
#include "run/look.h"
#include "run/rotation.h"
#include "tool/err.h"

#define GONE "the file that was read before is gone, or overwritten"

static int
is_ours(const struct look *l, const struct place *place)
{
	for (size_t i = 0; i < l->files; i++)
		if (place_same(&l->file[i].place, place))
			return 1;
	return 0;
}

void
look_begin(struct look *l)
{
	l->next.fd = -1;
	l->no_log = logfile_open(&l->log, l->path);
	siblings_list(&l->all, l->path);
}

void
look_end(struct look *l)
{
	logfile_close(&l->log);
	logfile_close(&l->next);
	siblings_free(&l->all);
	siblings_free(&l->rest);
	free(l->at);
}

/* Goes on with a file in a sibling. */
static int
resume_in(const struct look *l, struct logfile *file, const struct sibling *s,
    int same)
{
	char *path = siblings_path(l->path, s->name);
	int resumed = logfile_resume(file, path, same);

	free(path);
	return resumed;
}

static int
is_packed(const struct look *l, const struct sibling *s)
{
	char *path = siblings_path(l->path, s->name);
	int packed = logfile_is_packed(path);

	free(path);
	return packed;
}

/*
 * The sibling that holds what was read of a file, which goes on there. Without
 * a log it has to have the name of a rotation: any other may be the log, moved
 * away.
 */
static const struct sibling *
find_contents(const struct look *l, struct logfile *file, int packed)
{
	for (size_t i = 0; i < l->all.n && file->place.offset > 0; i++) {
		const struct sibling *s = &l->all.item[i];

		if ((l->no_log == NULL ||
			logname_is_usual(s->name, path_base(l->path))) &&
		    !is_ours(l, &s->place) &&
		    !siblings_has(l->past, s, l->path) &&
		    is_packed(l, s) == packed && resume_in(l, file, s, 0))
			return s;
	}
	return NULL;
}

int
look_find(const struct look *l, struct logfile *file, int newest,
    const struct sibling **in)
{
	*in = NULL;
	if (logfile_resume(file, l->path, 1))
		return 1;
	*in = siblings_find(&l->all, &file->place);
	if (*in != NULL && resume_in(l, file, *in, 1))
		return 1;
	*in = find_contents(l, file, 1);
	if (*in != NULL || !newest)
		return *in != NULL;
	if (l->no_log == NULL && file->place.offset > 0 &&
	    !is_ours(l, &l->log.place) && logfile_resume(file, l->path, 0))
		return 1;
	*in = find_contents(l, file, 0);
	return *in != NULL;
}

int
look_is_stale(const struct look *l, const struct place *place)
{
	const struct sibling *s = siblings_find(&l->all, place);
	char *path = s != NULL ? siblings_path(l->path, s->name) : NULL;
	int stale = path != NULL && !place_is_at(place, path);

	free(path);
	return stale;
}

/* A file, open, in a compressed sibling that holds what it holds. */
static int
reopen_in(const struct look *l, struct logfile *file, const struct sibling *s)
{
	char *path = siblings_path(l->path, s->name);
	struct logfile now;
	int is = logfile_is_packed(path) && logfile_part(path, file) > 0 &&
		 logfile_open(&now, path) == NULL;

	free(path);
	if (!is)
		return 0;
	logfile_close(file);
	*file = now;
	return 1;
}

/*
 * Where a file is that is open, of which nothing has been read yet, and that is
 * nowhere any more: the sibling that it was compressed into just now.
 */
static const struct sibling *
find_packed(const struct look *l, struct logfile *file)
{
	for (size_t i = 0; i < l->all.n; i++)
		if (!is_ours(l, &l->all.item[i].place) &&
		    reopen_in(l, file, &l->all.item[i]))
			return &l->all.item[i];
	return NULL;
}

/*
 * Whether a sibling that holds what was read of an open file is another than
 * that one was: one that was written anew, as an editor does it, and renamed.
 */
static int
goes_on(
    const struct look *l, const struct sibling *s, const struct logfile *file)
{
	char *path = siblings_path(l->path, s->name);
	int does = !place_same(&s->place, &file->place) &&
		   logfile_part(path, file) < 0;

	free(path);
	return does;
}

/* As which sibling a file is there; NULL: it is the log, or nowhere. */
static const struct sibling *
locate(struct look *l, struct logfile *file)
{
	struct logfile probe = {.fd = -1, .place = file->place};
	const struct sibling *in;
	int found = look_find(l, &probe, 1, &in);

	if (file->name == NULL)
		l->in_place = l->no_log == NULL &&
			      place_same(&file->place, &l->log.place) &&
			      !(found && in == NULL);
	if (found &&
	    (file->name == NULL || in == NULL || goes_on(l, in, file))) {
		logfile_close(file);
		*file = probe;
	} else {
		logfile_close(&probe);
	}
	if (!found && file->name != NULL && file->place.offset == 0)
		in = find_packed(l, file);
	return in;
}

static void
lose(struct look *l, const char *at, const char *why)
{
	if (l->lost != NULL)
		return;
	l->lost = why;
	l->at = err_strdup(at);
}

/*
 * Leaves in all what may come after that one, or NULL, of the first n files;
 * returns how many are missing.
 */
static long
choose(struct look *l, const struct sibling *after, size_t n)
{
	const struct sibling *like = NULL;
	const char *name;

	while (n > 0 && like == NULL)
		like = siblings_find(&l->all, &l->file[--n].place);
	name = like != NULL ? like->name : NULL;
	for (size_t i = 0; i < l->all.n;)
		if (is_ours(l, &l->all.item[i].place))
			siblings_move(&l->all, i, &l->rest);
		else
			i++;
	return rotation_choose(
	    l->path, after, name, l->past, &l->rising, &l->all, &l->rest);
}

/*
 * A file with what a log begins with is a copy that is made of it, before it
 * is truncated: it is not looked at yet.
 */
static void
leave_copies(struct look *l, const struct logfile *log)
{
	int part = 1;

	while (part && l->all.n > 0) {
		char *path = siblings_path(l->path, l->all.item[0].name);

		part = logfile_part(path, log) >= 0;
		free(path);
		if (part)
			siblings_drop(&l->all, 0);
	}
}

static void
open_next(struct look *l, const struct sibling *s)
{
	char *path = siblings_path(l->path, s->name);
	const char *why = logfile_open(&l->next, path);

	if (why != NULL)
		lose(l, path, why);
	free(path);
}

static void
open_log(struct look *l)
{
	l->next = l->log;
	l->log = (struct logfile){.fd = -1};
}

/* A file that was read holds something else now: it is what comes next. */
static int
open_again(struct look *l, const struct logfile *file)
{
	const struct sibling *s = siblings_find(&l->all, &file->place);
	int is_log = l->no_log == NULL &&
		     place_same(&file->place, &l->log.place);

	if (s == NULL && !is_log)
		return 0;
	lose(l, l->path,
	    "is shorter or another than it was: read from its beginning");
	if (is_log)
		open_log(l);
	else
		open_next(l, s);
	return 1;
}

/* Whether a file of which nothing was read may be among those that come. */
static int
has_packed(const struct look *l)
{
	for (size_t i = 0; i < l->all.n; i++)
		if (is_packed(l, &l->all.item[i]))
			return 1;
	return 0;
}

void
look_after(struct look *l, size_t n)
{
	struct logfile *file = n > 0 ? &l->file[n - 1] : NULL;
	const struct sibling *in = file != NULL ? locate(l, file) : NULL;
	struct sibling after = in != NULL ? *in : (struct sibling){0};
	int gone = file != NULL && file->name == NULL, begun = n < l->files;

	if (!begun && file != NULL && !gone && l->no_log == NULL &&
	    place_same(&file->place, &l->log.place))
		return;
	if (gone && (open_again(l, file) || l->no_log != NULL)) {
		lose(l, l->path, GONE);
		return;
	}
	l->chosen = 1;
	if (choose(l, in != NULL ? &after : NULL, n) > 0 && !begun &&
	    (l->all.n > 0 || l->no_log == NULL))
		lose(l, l->path, "files of a number in between are gone");
	if (begun)
		leave_copies(l, &l->file[n]);
	else if (l->in_place && l->no_log == NULL)
		leave_copies(l, &l->log);
	if (gone && (file->place.offset > 0 || !has_packed(l)))
		lose(l, l->path, GONE);
	if (l->all.n > 0)
		open_next(l, &l->all.item[0]);
	else if (!begun)
		open_log(l);
}
