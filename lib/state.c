#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"
#include "crc.h"
#include "err.h"
#include "generation.h"
#include "jsonval.h"
#include "state.h"

enum { FORMAT = 1 };

static struct {
	const char *dir;
	int wait;
} opt;

const struct opt state_options[] = {
    {'s', "state", OPT_PATH, &opt.dir, "DIR",
	"go on from the state in DIR, and keep it there", 0, 0},
    {0, "wait", OPT_FLAG, &opt.wait, NULL,
	"wait while another process has that state", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct state_setup setup;
static long long generation = -1; /* that is current; -1: none */
static int by_barriers;           /* there is one, or a barrier has passed */

/* The instance's file in DIR, or in a generation of it. */
static char *
state_file(long long in, const char *before, const char *after)
{
	struct buf name = {0}, path = {0};
	char *found;

	buf_str(&name, before);
	buf_str(&name, setup.tool->instance);
	buf_put(&name, after, strlen(after) + 1);
	buf_str(&path, opt.dir);
	buf_str(&path, "/");
	buf_put(&path, name.p, name.len);
	if (name.failed || path.failed)
		err_die("out of memory");
	found = in >= 0 ? generation_path(opt.dir, in, name.p) : path.p;
	buf_free(&name);
	if (in >= 0)
		buf_free(&path);
	return found;
}

/*
 * Whoever was killed may need a moment to end, and its pipeline too. A stage
 * has more patience: the pipeline has a lock of its own, so only one that is
 * about to end can hold this; or another stage of the same name, which is not.
 */
static int
locks_soon(int fd)
{
	int seconds = setup.leads ? 1 : by_barriers ? 10 : 0;

	for (int tries = 0; tries < seconds * 50; tries++) {
		poll(NULL, 0, 20);
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 1;
	}
	return 0;
}

/* Held until the process ends, however it does. */
static void
lock(void)
{
	char *path = state_file(-1, ".", ".lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd < 0)
		err_die("%s: %m", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			err_die("%s: %m", path);
		if (opt.wait)
			err_info("%s: waiting", path);
		else if (!locks_soon(fd))
			err_die("%s: another process has this state; "
				"see '--wait', and '--name' for two in one "
				"pipeline",
			    path);
		while (opt.wait && flock(fd, LOCK_EX) < 0)
			if (errno != EINTR)
				err_die("%s: %m", path);
	}
	free(path);
}

/* What made the state: the beginning of the file. */
static void
put_origin(struct buf *b)
{
	unsigned long crc;
	char text[32];

	buf_str(b, "{");
	buf_key_int(b, "driftpipe", FORMAT);
	buf_key_str(b, "tool", setup.tool->name);
	buf_key(b, "options");
	buf_str(b, "{");
	if (setup.may_differ != NULL)
		opt_put(b, setup.may_differ);
	if (setup.reference != NULL) {
		if (crc_file(setup.reference, &crc) < 0)
			err_die("%s: %m", setup.reference);
		snprintf(text, sizeof(text), "crc32:%08lx", crc);
		buf_key_str(b, "reference", text);
	}
	buf_str(b, "}");
}

/* Behind the state: the checksum of all that stands before it. */
static void
put_checksum(struct buf *b)
{
	char text[40];

	snprintf(text, sizeof(text), ",\"crc32\":\"%08lx\"}\n",
	    b->failed ? 0 : crc_bytes(b->p, b->len));
	buf_str(b, text);
}

static void
save(const char *path)
{
	struct buf b = {0};
	struct store s;

	put_origin(&b);
	store_write(&s, &b);
	s.comma = 1;
	store_open(&s, "state", '{');
	setup.walk(setup.ctx, &s);
	store_close(&s, '}');
	put_checksum(&b);
	if (b.failed)
		err_die("out of memory");
	atomic_write(path, b.p, b.len, 0644);
	buf_free(&b);
}

/* What to do about a state that can't be used. */
_Noreturn static void
refuse(const char *path, const char *why)
{
	if (generation > 1)
		err_die("%s: %s; the generation before may be whole: make "
			"%s/current a link to gen.%lld, or remove it to begin "
			"anew",
		    path, why, opt.dir, generation - 1);
	err_die("%s: %s; remove it to begin anew", path, why);
}

/* Takes the checksum off the text, when it is right. */
static void
check(const char *path, struct buf *b)
{
	static const char head[] = "{\"driftpipe\":";
	struct buf end = {0};
	const char *tail;

	if (buf_room(b, 1) == NULL)
		err_die("out of memory");
	b->p[b->len] = '\0';
	if (strncmp(b->p, head, sizeof(head) - 1) == 0 &&
	    strtol(b->p + sizeof(head) - 1, NULL, 10) > FORMAT)
		refuse(path, "made by a newer driftpipe");
	/* As much as put_checksum adds. */
	put_checksum(&end);
	if (b->len < end.len)
		refuse(path, "cut short");
	tail = b->p + b->len - end.len;
	b->len -= end.len;
	end.len = 0;
	buf_put(&end, b->p, b->len);
	put_checksum(&end);
	if (end.failed)
		err_die("out of memory");
	if (memcmp(tail, end.p + b->len, end.len - b->len) != 0)
		refuse(path, "damaged or cut short: its checksum is wrong");
	buf_free(&end);
}

/* The option that differs, and how. */
_Noreturn static void
differ(const char *path, const struct buf *file, const struct buf *ours)
{
	struct json_paths paths = {0};
	struct json_span was, is, key, key2, a, b;
	struct json_line line;
	const char *at = NULL, *at2 = NULL;
	char was_name[80], was_text[200], is_text[200];

	json_path(&paths, "options");
	if (json_scan(file->p, file->len, &paths, &was, &line) < 0 ||
	    json_scan(ours->p, ours->len, &paths, &is, &line) < 0)
		refuse(path, "not a state of this tool");
	while (
	    json_next(&was, &at, &key, &a) && json_next(&is, &at2, &key2, &b)) {
		json_text(&key, was_name, sizeof(was_name));
		json_text(&a, was_text, sizeof(was_text));
		json_text(&b, is_text, sizeof(is_text));
		if (key.len != key2.len || memcmp(key.p, key2.p, key.len) != 0)
			break;
		if (a.len != b.len || memcmp(a.p, b.p, a.len) != 0)
			err_die("%s: made with '--%s %s', not '%s'", path,
			    was_name, was_text, is_text);
	}
	refuse(path, "made with other options or by another tool");
}

/* Makes a whole line of it, for json_scan. */
static void
close_object(struct buf *b)
{
	buf_put(b, "}", 2);
	if (b->failed)
		err_die("out of memory");
	b->len--;
}

/* The origin of the file at hand must be what ours would be. */
static size_t
check_origin(const char *path, struct buf *file)
{
	struct buf ours = {0};
	size_t n;

	put_origin(&ours);
	if (ours.failed)
		err_die("out of memory");
	n = ours.len;
	if (file->len < n || memcmp(file->p, ours.p, n) != 0) {
		close_object(file);
		close_object(&ours);
		differ(path, file, &ours);
	}
	buf_free(&ours);
	return n;
}

static void
load(const char *path)
{
	struct buf b = {0};
	struct store s;
	size_t origin;

	atomic_read(path, &b);
	check(path, &b);
	origin = check_origin(path, &b);
	if (buf_room(&b, 1) == NULL)
		err_die("out of memory");
	b.p[b.len] = '\0';
	store_read(&s, b.p + origin, b.len - origin);
	s.comma = 1;
	store_open(&s, "state", '{');
	setup.walk(setup.ctx, &s);
	store_close(&s, '}');
	if (store_end(&s) != NULL)
		err_die("%s: byte %zu: %s", path, origin + s.at + 1, s.why);
	buf_free(&b);
	err_info("%s: goes on from there", path);
}

int
state_wanted(void)
{
	if (opt.dir == NULL)
		opt.dir = getenv("DRIFTPIPE_STATE");
	return opt.dir != NULL;
}

long long
state_generation(void)
{
	return generation;
}

const char *
state_directory(void)
{
	return opt.dir;
}

/* It may have been made just now, by us or by whoever was killed then. */
static void
keep_directory(void)
{
	struct buf parent = {0};

	buf_str(&parent, opt.dir);
	buf_put(&parent, "/..", 4);
	if (parent.failed)
		err_die("out of memory");
	atomic_sync(parent.p);
	buf_free(&parent);
}

void
state_open(const struct state_setup *s)
{
	char *path;

	opt_refuse(!state_wanted(), "wait", "only with --state");
	if (!state_wanted())
		return;
	setup = *s;
	if (strchr(setup.tool->instance, '/') != NULL)
		err_die("'--name': a state has no file of that name: '%s'",
		    setup.tool->instance);
	if (mkdir(opt.dir, 0777) < 0 && errno != EEXIST)
		err_die("%s: %m", opt.dir);
	by_barriers = generation_current(opt.dir) >= 0;
	lock();
	if (setup.leads)
		generation_begin(opt.dir);
	generation = generation_current(opt.dir);
	by_barriers = generation >= 0;
	path = state_file(generation, "", ".json");
	if (access(path, F_OK) == 0)
		load(path);
	else if (errno != ENOENT)
		err_die("%s: %m", path);
	else
		keep_directory();
	free(path);
}

void
state_keep(long long n)
{
	char *path;

	if (opt.dir == NULL)
		return;
	generation_make(opt.dir, n);
	path = state_file(n, "", ".json");
	save(path);
	free(path);
	by_barriers = 1;
}

void
state_keep_file(long long n, const char *suffix, const void *data, size_t len)
{
	char *path;

	if (opt.dir == NULL)
		return;
	generation_make(opt.dir, n);
	path = state_file(n, "", suffix);
	atomic_write(path, data, len, 0644);
	free(path);
}

int
state_is_for_barriers(void)
{
	return by_barriers;
}

long long
state_barrier_number(const struct json_span *number)
{
	double n;

	if (json_number(number, &n) < 0 || n < 1 || n > 9e15 || n != floor(n))
		err_die("a barrier whose generation is no number from 1 on");
	return (long long)n;
}

void
state_barrier(const struct json_span *number)
{
	if (number->type != JSON_NONE)
		state_keep(state_barrier_number(number));
}

void
state_put_barrier(struct buf *b, long long n)
{
	buf_str(b, "{\"barrier\":{");
	buf_key_int(b, "generation", n);
	buf_str(b, "}}");
}

void
state_end(void)
{
	char *path;

	if (opt.dir == NULL || by_barriers)
		return;
	path = state_file(-1, "", ".json");
	save(path);
	free(path);
}
