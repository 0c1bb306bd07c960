#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "err.h"

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

/* In one write, so that the messages of a pipeline's tools do not mix. */
static void
say(const char *fmt, va_list ap)
{
	char line[8192];
	int saved = errno;
	size_t n;

	err_progress_end();
	n = (size_t)snprintf(line, sizeof(line) - 1, "%.64s: ", tool);
	errno = saved;
	vsnprintf(line + n, sizeof(line) - 1 - n, fmt, ap);
	n = strlen(line);
	memcpy(line + n, "\n", 2);
	fputs(line, stderr);
	errno = saved;
}

void
err_warn(const char *fmt, ...)
{
	va_list ap;

	if (level < 0)
		return;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
err_info(const char *fmt, ...)
{
	va_list ap;

	if (level < 1)
		return;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
err_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(EXIT_TROUBLE);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
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
	t = now();
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

static void *
checked(void *p, unsigned long size)
{
	if (p == NULL && size > 0)
		err_die("out of memory: %lu bytes", size);
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
