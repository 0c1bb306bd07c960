#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "out.h"
#include "rec.h"

static volatile sig_atomic_t stopped;

/* A signal writes a byte to it, so that no wait for input misses one. */
static int wake[2] = {-1, -1};

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

/* Makes room behind what is buffered: moves it to the front, or grows. */
static void
make_room(struct rec *r)
{
	if (r->begin > 0) {
		memmove(r->buf, r->buf + r->begin, r->end - r->begin);
		r->end -= r->begin;
		r->begin = 0;
	}
	if (r->cap - r->end > 1)
		return;
	r->cap = r->cap == 0 ? 1 << 16 : r->cap * 2;
	r->buf = err_realloc(r->buf, r->cap);
}

/* Before a read that would block: flushes, and waits for input or a signal. */
static void
await(struct rec *r)
{
	struct pollfd ready[] = {
	    {r->fd, POLLIN, 0},
	    {wake[0], POLLIN, 0},
	};

	if (poll(ready, 1, 0) != 0)
		return;
	out_flush();
	while (!stopped) {
		int n = poll(ready, 2, r->patience > 0 ? r->patience : -1);

		if (n > 0 || (n < 0 && errno != EINTR))
			break;
		if (n == 0)
			r->idle(r->ctx);
	}
}

/* Reads a block; at the end of the file sets eof. */
static void
fill(struct rec *r)
{
	ssize_t n;

	make_room(r);
	await(r);
	if (stopped)
		return;
	do
		n = read(r->fd, r->buf + r->end, r->cap - r->end - 1);
	while (n < 0 && errno == EINTR && !stopped);
	if (n < 0 && errno != EINTR)
		err_die("%s: %m", r->file);
	if (n <= 0) {
		r->eof = 1;
		return;
	}
	r->end += (size_t)n;
}

int
rec_next(struct rec *r)
{
	size_t seen = 0;

	while (!stopped) {
		char *line = r->buf + r->begin, *stop_at = NULL;
		size_t n = r->end - r->begin;

		if (r->fd < 0) {
			if (r->left == 0)
				return 0;
			open_next(r);
			continue;
		}
		if (n > seen)
			stop_at = memchr(line + seen, r->delimiter, n - seen);
		r->len = stop_at ? (size_t)(stop_at - line) : n;
		if (r->len > REC_LONGEST)
			err_die("%s:%llu: line longer than %d MiB", r->file,
			    r->number + 1, REC_LONGEST >> 20);
		if (stop_at == NULL && !r->eof) {
			seen = n;
			fill(r);
			continue;
		}
		if (stop_at == NULL && n == 0) {
			if (r->fd != STDIN_FILENO)
				close(r->fd);
			r->fd = -1;
			seen = 0;
			continue;
		}
		/* A last line without its newline counts as a line. */
		line[r->len] = '\0';
		r->line = line;
		r->begin += r->len + (stop_at != NULL);
		r->number++;
		return 1;
	}
	return 0;
}

int
rec_json(struct rec *r, const struct json_paths *ps, struct json_span *found,
    struct json_line *line)
{
	while (rec_next(r)) {
		if (json_scan(r->line, r->len, ps, found, line) == 0)
			return 1;
		if (!r->skip_bad)
			err_die("%s:%llu:%zu: not a JSON object: %s", r->file,
			    r->number, line->at + 1, line->why);
		r->bad++;
		r->torn += r->line + r->len == r->buf + r->end;
	}
	return 0;
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
	if (r->fd > STDIN_FILENO)
		close(r->fd);
	free(r->buf);
	r->buf = NULL;
}
