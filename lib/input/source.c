#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libc.h"
#include "tool/err.h"
#include "image/decode.h"
#include "input/source.h"

/* Ends the input. */
__attribute__((format(printf, 2, 3))) static void
end_early(struct source *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s->trouble, fmt, ap) < 0)
		err_memory();
	va_end(ap);
}

static void
open_watch(struct source *s)
{
	const char *why = watch_open(&s->watch, s->setup.watch);

	if (why != NULL)
		err_die("%s: %s", s->setup.watch, why);
	s->reading = SOURCE_WATCH;
}

void
source_open(struct source *s, const struct source_setup *setup)
{
	static char standard_input[] = "-";
	static char *only[] = {standard_input};

	*s = (struct source){.setup = *setup};
	if (setup->watch != NULL) {
		open_watch(s);
	} else if (s->setup.count == 0) {
		s->setup.names = only;
		s->setup.count = 1;
	}
	if (setup->every <= 1)
		s->total = (unsigned long long)s->setup.count;
	source_idx_labels(&s->idx, setup->labels);
	source_list_open(&s->list, setup->null);
}

static int
next_listed(struct source *s, struct source_item *item)
{
	if (source_list_next(&s->list, item))
		return 1;
	if (s->list.lines.trouble != NULL)
		end_early(s, "%s", s->list.lines.trouble);
	return 0;
}

static int
next_walked(struct source *s, struct source_item *item)
{
	enum walk_what what;

	while ((what = walk_next(&s->walk)) == WALK_DIR)
		;
	if (what == WALK_END) {
		walk_close(&s->walk);
		return 0;
	}
	/* errno is the walk's, and what follows might change it. */
	if (what == WALK_ERROR)
		source_item_fail(item, "open", strerrordesc_np(errno));
	source_item_name(item, NULL, s->walk.path.p, s->walk.path.len);
	if (what == WALK_FILE)
		source_item_open(item);
	return 1;
}

static int
next_packed(struct source *s, struct source_item *item)
{
	const char *in = strcmp(s->name, "-") == 0 ? NULL : s->name;

	if (source_pack_next(&s->unpack, in, item))
		return 1;
	if (s->unpack.why != NULL)
		end_early(s, "%s: at byte %llu: %s", in ? in : "stdin",
		    s->unpack.at, s->unpack.why);
	unpack_close(&s->unpack);
	return 0;
}

static int
next_arrived(struct source *s, struct source_item *item)
{
	struct watch *w = &s->watch;

	if (!watch_next(w)) {
		if (w->trouble != NULL)
			end_early(s, "%s: %s", w->root, w->trouble);
		return 0;
	}
	source_item_name(item, NULL, w->path, strlen(w->path));
	if (w->fd < 0) {
		source_item_fail(item, "open", w->why);
		return 1;
	}
	item->kind = SOURCE_FILE;
	item->fd = w->fd;
	item->size = (size_t)w->found.size;
	item->mtime = 1e-9 * (double)w->found.written;
	return 1;
}

/* An operand that is an IDX file: it is the item itself when it is broken. */
static int
open_idx(struct source *s, struct source_item *item)
{
	int fits;
	const char *why = source_idx_open(&s->idx, s->name, &fits);

	if (why != NULL) {
		source_item_fail(item, "decode", why);
		return 1;
	}
	if (!fits)
		end_early(s, "%s: %zu images, but %zu labels", s->name,
		    s->idx.images.count, s->idx.labels.count);
	s->reading = SOURCE_IDX;
	s->total += s->total > 0 ? s->idx.images.count - 1 : 0;
	return 0;
}

static void
open_pack(struct source *s, int fd, enum unpack_form form)
{
	unpack_open(&s->unpack, fd, form, decode_largest(s->setup.max_pixels));
	s->reading = SOURCE_PACK;
	s->total = 0;
}

/* An operand that is a file: the item itself, or a container of others. */
static int
open_by_content(struct source *s, struct source_item *item)
{
	unsigned char b[TAR_BLOCK];
	ssize_t n;

	source_item_name(item, NULL, s->name, strlen(s->name));
	source_item_open(item);
	if (item->kind != SOURCE_FILE)
		return 1;
	n = pread(item->fd, b, sizeof(b), 0);
	if (n == sizeof(b) && tarhead_begins(b)) {
		open_pack(s, item->fd, UNPACK_TAR);
		item->kind = SOURCE_NONE;
		return 0;
	}
	/* Zeros, or gzip: worth a closer look. */
	if ((n > 2 && (b[0] << 8 | b[1]) != 0 &&
		(b[0] << 8 | b[1]) != 0x1f8b) ||
	    !idx_is(s->name))
		return 1;
	source_item_empty(item);
	source_item_name(item, NULL, s->name, strlen(s->name));
	return open_idx(s, item);
}

/* Goes to the next operand. Returns 1 when it is the item itself. */
static int
next_operand(struct source *s, struct source_item *item)
{
	struct stat st;

	s->name = s->setup.names[s->at++];
	if (strcmp(s->name, "-") == 0) {
		s->total = 0;
		s->reading = SOURCE_LIST;
		if (s->setup.tar || s->setup.mjpeg)
			open_pack(s, STDIN_FILENO,
			    s->setup.tar ? UNPACK_TAR : UNPACK_MJPEG);
		return 0;
	}
	if (stat(s->name, &st) == 0 && S_ISDIR(st.st_mode)) {
		walk_open(&s->walk, s->name);
		s->total = 0;
		s->reading = SOURCE_WALK;
		return 0;
	}
	return open_by_content(s, item);
}

static int
next_item(struct source *s, struct source_item *item)
{
	switch (s->reading) {
	case SOURCE_LIST:
		return next_listed(s, item);
	case SOURCE_WALK:
		return next_walked(s, item);
	case SOURCE_IDX:
		return source_idx_next(
		    &s->idx, s->name, s->setup.max_pixels, item);
	case SOURCE_PACK:
		return next_packed(s, item);
	case SOURCE_WATCH:
		return next_arrived(s, item);
	default:
		return 0;
	}
}

/* Whether next_item() would answer without waiting for input. */
static int
is_ready(struct source *s)
{
	switch (s->reading) {
	case SOURCE_LIST:
		return rec_waiting(&s->list.lines);
	case SOURCE_PACK:
		return unpack_waiting(&s->unpack);
	case SOURCE_WATCH:
		return watch_waiting(&s->watch);
	default:
		return 1;
	}
}

/* The next item: 1; 0 at the end; -1 when it is not to wait, but would. */
static int
find_item(struct source *s, struct source_item *item, int wait)
{
	while (!rec_stopped() && s->trouble == NULL) {
		if (s->reading == SOURCE_OPERANDS) {
			if (s->at == s->setup.count)
				break;
			if (next_operand(s, item))
				return 1;
			continue;
		}
		if (!wait && !is_ready(s))
			return -1;
		if (next_item(s, item))
			return 1;
		s->reading = SOURCE_OPERANDS;
	}
	return 0;
}

/* A record that is no image's is never left out. */
static int
is_wanted(struct source *s, const struct source_item *item)
{
	unsigned long long every = (unsigned long long)s->setup.every;

	if (every <= 1 || item->kind == SOURCE_PASS)
		return 1;
	return s->count++ % every == 0;
}

/* The same of the items that are wanted. */
static int
advance(struct source *s, struct source_item *item, int wait)
{
	int r;

	do {
		source_item_empty(item);
		r = find_item(s, item, wait);
	} while (r > 0 && !is_wanted(s, item));
	return r;
}

int
source_waiting(struct source *s)
{
	int r = s->have_ahead ? 1 : advance(s, &s->ahead, 0);

	s->have_ahead = r > 0;
	return r >= 0;
}

int
source_next(struct source *s, struct source_item *item)
{
	struct source_item last = *item;

	if (s->setup.idle || (s->setup.once && !source_waiting(s)))
		return 0;
	if (!s->have_ahead)
		return advance(s, item, 1);
	/* The two change places, so that their memory is used again. */
	*item = s->ahead;
	s->ahead = last;
	s->have_ahead = 0;
	return 1;
}

void
source_close(struct source *s)
{
	source_item_free(&s->ahead);
	source_list_close(&s->list);
	walk_close(&s->walk);
	unpack_close(&s->unpack);
	watch_close(&s->watch);
	source_idx_close(&s->idx, s->at == s->setup.count);
	free(s->trouble);
	s->trouble = NULL;
}
