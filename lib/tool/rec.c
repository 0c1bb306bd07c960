#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"
#include "tool/skip.h"
#include "tool/text.h"

/* What is read at once, and what a pipe to us is to hold. */
enum { BLOCK = 1 << 17 };

static volatile sig_atomic_t stopped;

/* A signal writes a byte to it, so that no wait for input misses one. */
static int wake[2] = {-1, -1};

/* What to do while no input comes; -1: nothing, for ever. */
static struct {
	int patience;
	void (*call)(void *ctx);
	void *ctx;
} idle = {.patience = -1};

static void
stop(int signo)
{
	int saved = errno;

	(void)signo;
	stopped = 1;
	if (write(wake[1], "", 1) < 0)
		errno = saved;
}

void
rec_open(struct rec *r, char **names, int n, int delimiter)
{
	/* No SA_RESTART: a read that waits is to return at once. */
	struct sigaction sa = {.sa_handler = stop}, term;
	static char standard_input[] = "-";
	static char *only[] = {standard_input};

	if (wake[0] < 0 && pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0)
		err_die("pipe: %m");
	*r = (struct rec){.delimiter = delimiter, .fd = -1};
	r->names = n > 0 ? names : only;
	r->left = n > 0 ? n : 1;
	r->shape = err_calloc(1, sizeof(*r->shape));
	fcntl(STDIN_FILENO, F_SETPIPE_SZ, BLOCK);
	sigaction(SIGINT, &sa, NULL);
	/* A pipeline that ends at its beginning has it ignored here. */
	sigaction(SIGTERM, NULL, &term);
	if (term.sa_handler != SIG_IGN)
		sigaction(SIGTERM, &sa, NULL);
}

static void
open_next(struct rec *r)
{
	r->file = *r->names++;
	r->left--;
	r->number = 0;
	r->before = 0 - r->begin;
	r->eof = 0;
	if (strcmp(r->file, "-") == 0) {
		r->file = "stdin";
		r->fd = STDIN_FILENO;
		return;
	}
	r->fd = open(r->file, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		err_die("%s: %m", r->file);
}

/* Makes room after what is buffered: moves it to the front, or grows. */
static void
make_room(struct rec *r)
{
	if (r->begin > 0) {
		memmove(r->buf, r->buf + r->begin, r->end - r->begin);
		r->end -= r->begin;
		r->seen -= r->begin;
		r->before += r->begin;
		r->begin = 0;
	}
	if (r->cap > r->end)
		return;
	r->cap = r->cap == 0 ? BLOCK : r->cap * 2;
	r->buf = err_realloc(r->buf, r->cap + JSONSHAPE_SLACK);
	/* It is looked at before anything is read there. */
	memset(r->buf + r->end, 0, r->cap + JSONSHAPE_SLACK - r->end);
}

int
rec_ready(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, 0) != 0;
}

int
rec_await(int fd)
{
	struct pollfd ready[] = {
	    {fd, POLLIN, 0},
	    {wake[0], POLLIN, 0},
	};

	if (stopped || rec_ready(fd))
		return !stopped;
	out_flush();
	while (!stopped) {
		int n = poll(ready, 2, idle.patience);

		if (n > 0 || (n < 0 && errno != EINTR))
			break;
		if (n == 0)
			idle.call(idle.ctx);
	}
	return !stopped;
}

/* Ends the program, or for who is patient, the input. */
__attribute__((format(printf, 2, 3))) static void
end_in_trouble(struct rec *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&r->trouble, fmt, ap) < 0)
		err_memory();
	va_end(ap);
	if (!r->patient)
		err_die("%s", r->trouble);
	r->begin = r->seen = r->end;
	r->left = 0;
	r->eof = 1;
}

/* Reads a block; at the end of the file sets eof. */
static void
read_block(struct rec *r)
{
	ssize_t n;

	make_room(r);
	if (!rec_await(r->fd))
		return;
	do
		n = read(r->fd, r->buf + r->end, r->cap - r->end);
	while (n < 0 && errno == EINTR && !stopped);
	if (n < 0 && errno != EINTR)
		end_in_trouble(r, "%s: %m", r->file);
	if (n <= 0) {
		r->eof = 1;
		return;
	}
	r->end += (size_t)n;
}

/* Where the first buffered line ends, or NULL. */
static char *
line_end(struct rec *r)
{
	char *p = NULL;

	if (r->end > r->seen)
		p = memchr(r->buf + r->seen, r->delimiter, r->end - r->seen);
	r->seen = p ? (size_t)(p - r->buf) : r->end;
	return p;
}

/* Is there a line to go on with, too long a one, or the end of a file? */
static int
have_line(struct rec *r)
{
	return r->eof || line_end(r) != NULL || r->end - r->begin > REC_LONGEST;
}

/* Opens the next file when none is open. Returns 0 when there is none left. */
static int
have_file(struct rec *r)
{
	if (r->fd < 0 && r->left > 0)
		open_next(r);
	return r->fd >= 0;
}

int
rec_waiting(struct rec *r)
{
	while (!stopped && have_file(r) && !have_line(r)) {
		if (!rec_ready(r->fd))
			return 0;
		read_block(r);
	}
	return 1;
}

/*
 * A byte order mark: at the start of a file, or where files have been joined.
 * A name that ends in NUL is no text, and may begin with those bytes.
 */
static void
skip_mark(struct rec *r)
{
	size_t mark = r->delimiter == '\n' ? text_mark(r->line, r->len) : 0;

	r->line += mark;
	r->len -= mark;
}

/* Takes the first buffered line; at the end of the file maybe an open one. */
static int
take_line(struct rec *r)
{
	char *stop_at = line_end(r);

	r->line = r->buf + r->begin;
	r->len = r->seen - r->begin;
	if (r->len > REC_LONGEST) {
		end_in_trouble(r, "%s:%llu: line longer than %d MiB", r->file,
		    r->number + 1, REC_LONGEST >> 20);
		return 0;
	}
	if (stop_at == NULL && (!r->eof || r->len == 0))
		return 0;
	/* A last line without its newline counts as a line. */
	r->buf[r->seen] = '\0';
	r->begin = r->seen += stop_at != NULL;
	if (r->len > 0 && *r->line == '\xef')
		skip_mark(r);
	r->at = r->before + (unsigned long long)(r->line - r->buf);
	r->number++;
	return 1;
}

int
rec_next(struct rec *r)
{
	while (!stopped && have_file(r)) {
		if (take_line(r))
			return 1;
		if (!r->eof) {
			read_block(r);
			continue;
		}
		if (r->fd != STDIN_FILENO)
			close(r->fd);
		r->fd = -1;
	}
	return 0;
}

/* Puts the record that says so in the place of a line that is none. */
static void
replace_line(struct rec *r, const struct json_line *line)
{
	char where[300];
	void (*say)(const char *, ...) = r->replaced == 0 ? err_warn : err_info;

	r->replaced++;
	snprintf(where, sizeof(where), "%s:%llu", r->file, r->number);
	say("%s:%zu: not a JSON object, and skipped: %s", where, line->at + 1,
	    line->why);
	r->instead.len = 0;
	skip_put(&r->instead, "json", where);
	r->len = r->instead.len;
	if (buf_room(&r->instead, 1 + JSONSHAPE_SLACK) == NULL)
		err_memory();
	memset(r->instead.p + r->len, 0, 1 + JSONSHAPE_SLACK);
	r->line = r->instead.p;
}

/* Whether the record is ours (partition.h). */
static int
is_ours(const struct rec *r)
{
	if (r->group == NULL)
		return 1;
	return (r->shared && r->group->type <= JSON_NULL) ||
	       partition_takes(r->group, r->line, r->len);
}

/* A line that is no record is counted by one partition. */
static void
drop_line(struct rec *r)
{
	if (r->group != NULL && !partition_is_first())
		return;
	r->bad++;
	r->torn += r->line + r->len == r->buf + r->end;
}

int
rec_json(struct rec *r, const struct json_paths *ps, struct json_span *found,
    struct json_line *line)
{
	while (rec_next(r)) {
		int good = jsonshape_scan(
			       r->shape, r->line, r->len, ps, found, line) == 0;

		if (!good && skip_allowed()) {
			replace_line(r, line);
			good = jsonshape_scan(r->shape, r->line, r->len, ps,
				   found, line) == 0;
		}
		if (good && is_ours(r))
			return 1;
		if (good)
			continue;
		if (r->skip_bad)
			drop_line(r);
		else
			end_in_trouble(r, "%s:%llu:%zu: not a JSON object: %s",
			    r->file, r->number, line->at + 1, line->why);
	}
	return 0;
}

void
rec_when_idle(int patience, void (*call)(void *ctx), void *ctx)
{
	idle.patience = patience;
	idle.call = call;
	idle.ctx = ctx;
}

int
rec_stopped(void)
{
	return stopped;
}

void
rec_close(struct rec *r)
{
	if (r->bad > 0)
		err_warn("%llu lines that are not JSON objects were dropped",
		    r->bad);
	if (r->replaced > 1)
		err_warn("%llu lines that are not JSON objects were skipped",
		    r->replaced);
	if (r->fd > STDIN_FILENO)
		close(r->fd);
	free(r->buf);
	buf_free(&r->instead);
	free(r->trouble);
	free(r->shape);
	r->buf = NULL;
	r->trouble = NULL;
	r->shape = NULL;
}
