#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "tool/err.h"

enum { LONGEST = 8192 }; /* bytes of a message, before it is escaped */

static const char *tool = "driftpipe";
static int level;

/* The progress line: when it began, was last drawn, and whether it stands. */
static struct {
	double begun, drawn;
	int shown;
} progress;

void
err_init(const char *name)
{
	tool = name;
}

void
err_level(int l)
{
	level = l;
}

int
err_verbose(void)
{
	return level > 0;
}

/* Whether n bytes of UTF-8 are a control character: C0, DEL or C1. */
static int
is_control(const char *p, size_t n)
{
	unsigned char c = (unsigned char)p[n - 1];

	return n == 1 ? c < 0x20 || c == 0x7f
		      : n == 2 && (unsigned char)*p == 0xc2 && c < 0xa0;
}

/*
 * Whatever a message quotes may come from others: a file's name must not begin
 * a new line that looks like another tool's, nor reach the terminal's controls.
 */
static size_t
escape(char *to, const char *p, size_t left)
{
	static const char hex[] = "0123456789abcdef";
	char *begin = to;

	while (left > 0) {
		size_t n = utf8_length(p, left), k = n > 0 ? n : 1;
		int as_is = n > 0 && !is_control(p, n);

		for (left -= k; k > 0; k--, p++) {
			unsigned char c = (unsigned char)*p;

			*to++ = as_is ? *p : '\\';
			if (as_is)
				continue;
			*to++ = 'x';
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		}
	}
	return (size_t)(to - begin);
}

/* Whether stderr is the system's journal, as systemd.exec(5) tells it apart. */
static int
is_journal(void)
{
	static int known = -1;
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (known >= 0)
		return known;
	known = 0;
	if (stream != NULL && fstat(STDERR_FILENO, &st) == 0) {
		snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev,
		    (uintmax_t)st.st_ino);
		known = strcmp(own, stream) == 0;
	}
	return known;
}

/*
 * In one write, so that the messages of a pipeline's tools do not mix. The
 * journal takes the priority, of syslog(3), from the line (sd-daemon(3)).
 */
static void
say(int priority, const char *fmt, va_list ap)
{
	char text[LONGEST], line[4 * LONGEST + 1];
	int saved = errno;
	size_t n = 0;

	err_progress_end();
	if (is_journal())
		n = (size_t)snprintf(text, sizeof(text), "<%d>", priority);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "%.64s: ", tool);
	errno = saved;
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	n = escape(line, text, strlen(text));
	line[n] = '\n';
	fwrite(line, 1, n + 1, stderr);
	errno = saved;
}

void
err_warn(const char *fmt, ...)
{
	va_list ap;

	if (level < 0)
		return;
	va_start(ap, fmt);
	say(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void
err_info(const char *fmt, ...)
{
	va_list ap;

	if (level < 1)
		return;
	va_start(ap, fmt);
	say(LOG_INFO, fmt, ap);
	va_end(ap);
}

void
err_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(LOG_ERR, fmt, ap);
	va_end(ap);
	exit(EXIT_TROUBLE);
}

void
err_progress(const char *what, unsigned long long done,
    unsigned long long total, const char *note)
{
	static int terminal = -1;
	double t, rate;

	if (terminal < 0)
		terminal = isatty(STDERR_FILENO);
	if (level < 0 || !terminal)
		return;
	t = clock_monotonic();
	if (progress.begun == 0)
		progress.begun = t;
	/* Short work needs no line; long work no more than five a second. */
	if (t - progress.begun < 0.5 || t - progress.drawn < 0.2)
		return;
	progress.drawn = t;
	progress.shown = 1;
	rate = (double)done / (t - progress.begun);
	fprintf(stderr, "\r%s: %s: %llu", tool, what, done);
	if (total > 0)
		fprintf(stderr, " of %llu", total);
	fprintf(stderr, ", %.4g/s", rate);
	if (total > done && rate > 0)
		fprintf(stderr, ", %.0f s left", (double)(total - done) / rate);
	fprintf(stderr, "%s%s\033[K", note ? ", " : "", note ? note : "");
}

void
err_progress_end(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	memset(&progress, 0, sizeof(progress));
}

_Noreturn void
err_memory(void)
{
	err_die(NO_MEMORY);
}

static void *
checked(void *p, unsigned long size)
{
	if (p == NULL && size > 0)
		err_die(NO_MEMORY ": %lu bytes", size);
	return p;
}

void *
err_malloc(unsigned long size)
{
	return checked(malloc(size), size);
}

void *
err_calloc(unsigned long n, unsigned long size)
{
	return checked(calloc(n, size), n * size);
}

void *
err_realloc(void *p, unsigned long size)
{
	return checked(realloc(p, size), size);
}

char *
err_strdup(const char *s)
{
	return checked(strdup(s), strlen(s) + 1);
}

char *
err_join(const char *dir, const char *name)
{
	struct buf path = {0};

	if (path_join(&path, dir, name) == NULL)
		err_memory();
	return path.p;
}
