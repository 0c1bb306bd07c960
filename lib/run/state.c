#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/atomic.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "run/generation.h"
#include "run/parts.h"
#include "run/state.h"
#include "tool/out.h"
#include "tool/partition.h"

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
static int inherited;             /* the directory, from the pipeline */
static int by_barriers;           /* there is one, or a barrier has passed */

/* The instance's file in DIR, or in a generation of it. */
static char *
state_file(long long in, const char *before, const char *after)
{
	struct buf name = {0};
	char *path;

	buf_str(&name, before);
	buf_str(&name, setup.tool->instance);
	buf_put(&name, after, strlen(after) + 1);
	if (name.failed)
		err_memory();
	path = in >= 0 ? generation_path(opt.dir, in, name.p)
		       : err_join(opt.dir, name.p);
	buf_free(&name);
	return path;
}

/*
 * Whoever was killed may need a moment to end, and its pipeline too. A stage
 * has more patience: the pipeline has a lock of its own, so only one that is
 * about to end can hold this; or another stage of the same name, which is not.
 */
static int
locks_soon(int fd)
{
	int seconds = setup.leads ? 5 : by_barriers ? 10 : 0;

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
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0664);

	if (fd < 0 && errno == ELOOP)
		err_die(
		    "%s: is a link: 'rm %s' makes room for a file", path, path);
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

int
state_wanted(void)
{
	if (opt.dir == NULL) {
		opt.dir = getenv("DRIFTPIPE_STATE");
		inherited = opt.dir != NULL;
	}
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

static void
make_directory(void)
{
	if (mkdir(opt.dir, 0775) < 0 && errno != EEXIST)
		err_die("%s: %m", opt.dir);
}

/* It may have been made just now, by us or by whoever was killed then. */
static void
keep_directory(void)
{
	char *parent = err_join(opt.dir, "..");

	atomic_sync(parent);
	free(parent);
}

/* Brings the state back; a damaged one is a message that says what helps. */
static void
load(const char *path)
{
	char *back = NULL, *anew;

	if (generation > 1 &&
	    asprintf(&back,
		"'ln -sfn gen.%lld %s/current' goes back to the generation "
		"before, ",
		generation - 1, opt.dir) < 0)
		err_memory();
	if (asprintf(&anew, "'rm %s%s' begins anew",
		generation >= 0 ? "-r " : "",
		generation >= 0 ? opt.dir : path) < 0)
		err_memory();
	statefile_load(&setup, path, back, anew);
	free(back);
	free(anew);
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
	make_directory();
	if (!inherited) {
		parts_claim(opt.dir, partition_parts());
		opt.dir = partition_directory(opt.dir);
		make_directory();
	}
	by_barriers = generation_current(opt.dir) >= 0;
	lock();
	if (setup.leads)
		generation_begin(opt.dir);
	generation = generation_current(opt.dir);
	by_barriers = generation >= 0;
	path = state_file(generation, "", ".json");
	if (setup.anew)
		keep_directory();
	else if (access(path, F_OK) == 0)
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
	statefile_save(&setup, path);
	free(path);
	by_barriers = 1;
}

void
state_keep_file(long long n, const char *suffix, atomic_giver *give, void *ctx)
{
	char *path;

	if (opt.dir == NULL)
		return;
	generation_make(opt.dir, n);
	path = state_file(n, "", suffix);
	atomic_write_by(path, 0644, give, ctx);
	free(path);
}

int
state_is_for_barriers(void)
{
	return by_barriers;
}

int
state_barrier(const char *line, size_t len)
{
	long long n = barrier_number(line, len);

	if (n == 0)
		return 0;
	state_keep(n);
	out_record(line, len);
	return 1;
}

void
state_end(void)
{
	char *path;

	if (opt.dir == NULL || by_barriers)
		return;
	path = state_file(-1, "", ".json");
	statefile_save(&setup, path);
	free(path);
}
