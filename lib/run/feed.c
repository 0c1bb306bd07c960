#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "json/jsonshape.h"
#include "run/feed.h"
#include "run/generation.h"
#include "run/pipeline.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/skip.h"
#include "tool/text.h"

enum { LATENCY = 250 /* ms between two looks at the input */ };

struct feeder {
	struct follow *in;
	int names; /* a line that is no object may be one */
	unsigned long long skipped;
	struct jsonshape shape;
	struct json_paths none;
};

/* A line that is no record; number is its own in the file. */
static void
skip_line(
    struct feeder *f, unsigned long long number, const struct json_line *l)
{
	void (*say)(const char *, ...) = f->skipped == 0 ? err_warn : err_info;
	struct buf record = {0};
	char *where;

	if (asprintf(&where, "%s:%llu", follow_name(f->in), number) < 0)
		err_memory();
	if (!skip_allowed())
		err_die(
		    "%s:%zu: not a JSON object: %s", where, l->at + 1, l->why);
	say("%s:%zu: not a JSON object, and skipped: %s", where, l->at + 1,
	    l->why);
	f->skipped++;
	skip_put(&record, "json", where);
	out_line(&record);
	buf_free(&record);
	free(where);
}

/* The line is a record, or the stage's to judge. */
static int
is_good(struct feeder *f, char *line, size_t n, struct json_line *l)
{
	struct json_span found;
	int good;

	if (f->names && line[strspn(line, " \t\r")] != '{')
		return 1;
	line[n] = '\0';
	good = jsonshape_scan(&f->shape, line, n, &f->none, &found, l) == 0;
	line[n] = '\n';
	return good;
}

/* Returns 0 when there is nothing new for now. */
static int
feed_some(struct feeder *f)
{
	char *p, *good, *end;
	unsigned long long number;
	struct json_line l;
	size_t n;

	if (!follow_next(f->in, &p, &n))
		return 0;
	number = follow_line(f->in);
	end = p + n;
	if (number == 1)
		p += text_mark(p, n);
	for (good = p; p < end; number++) {
		char *line = p;

		p = (char *)memchr(p, '\n', (size_t)(end - p)) + 1;
		if (is_good(f, line, (size_t)(p - 1 - line), &l))
			continue;
		out_write(good, (size_t)(line - good));
		skip_line(f, number, &l);
		good = p;
	}
	out_write(good, (size_t)(end - good));
	return 1;
}

/* The place in the input is kept before the barrier goes out. */
static void
send_barrier(long long *generation)
{
	struct buf line = {0};

	state_keep(++*generation);
	barrier_put(&line, *generation);
	out_line(&line);
	out_flush();
	buf_free(&line);
}

/*
 * When it is time, and the last one has been committed: were barriers sent
 * faster than states are written, they would pile up.
 */
static int
barrier_is_due(double due, long long generation)
{
	return clock_monotonic() >= due &&
	       generation_current(state_directory()) >= generation;
}

/* That the log can't be opened: once, while it is waited for. */
static void
say_refused(const struct logchain *log)
{
	static const char *said;

	if (log->refused != NULL && log->refused != said)
		err_warn("%s: %s", log->path, log->refused);
	said = log->refused;
}

/* What is new in the input, to standard output, and barriers. */
void
feed(struct follow *in, const char *first_stage, double interval)
{
	static struct feeder f;
	long long generation = state_generation();
	double last = clock_monotonic();

	f.in = in;
	f.names = strstr(first_stage, "imgcls") != NULL;
	/* Once in any case: what was lost before is to be counted. */
	do {
		if (feed_some(&f)) {
			/* A barrier may be due. */
		} else if (in->chain.path == NULL ? !in->ended
						  : !isnan(interval)) {
			say_refused(&in->chain);
			out_flush();
			follow_wait(in, LATENCY);
		} else if (in->chain.refused != NULL) {
			err_die("%s: %s", in->chain.path, in->chain.refused);
		} else {
			break;
		}
		if (!isnan(interval) &&
		    barrier_is_due(last + interval, generation)) {
			send_barrier(&generation);
			last = clock_monotonic();
		}
	} while (!pipeline_stopped());
	send_barrier(&generation);
	follow_close(in);
	out_close();
}

void
feed_nothing(void)
{
	long long generation = state_generation();

	send_barrier(&generation);
	out_close();
}
