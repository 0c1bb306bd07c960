#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "journal/journalfiles.h"
#include "report/gather.h"
#include "report/operands.h"
#include "report/summary.h"
#include "run/guarantee.h"
#include "tool/atomic.h"
#include "tool/err.h"

static struct earlier *
earlier_of(struct subject *s)
{
	if (s->earlier == NULL) {
		s->earlier = err_calloc(1, sizeof(*s->earlier));
		s->earlier->begin = NAN;
	}
	return s->earlier;
}

/*
 * Those before the seam. Lines that were skipped are among the entries only:
 * they are in none of the records, and counted wherever they stand.
 */
static void
read_entries(struct reading *r, const char *dir, const char *name,
    const struct buf *seam)
{
	int n, reached = 0;
	char **file = journalfiles_list(dir, name, &n);
	struct json_line line;
	struct subject *s;
	struct rec in;

	rec_open(&in, file, n, '\n');
	in.skip_bad = 1;
	while (n > 0 && rec_json(&in, &r->paths, r->found, &line)) {
		if (reading_sign(r))
			continue;
		reached |= earlier_is(in.line, in.len, seam);
		if (!reached && (s = reading_subject(r)) != NULL)
			earlier_add(earlier_of(s), in.line, in.len);
	}
	r->bad += in.bad;
	r->torn += in.torn;
	rec_close(&in);
	journalfiles_free(file, n);
}

/* What the journal's pipeline guarantees: it names the states that know it. */
static double
false_alarms(const char *dir)
{
	struct buf state = {0};
	char *path = err_join(dir, ".lock");
	double rate = 0;

	if (atomic_read(path, &state) != NULL)
		state.len = 0;
	free(path);
	buf_put(&state, "", 1);
	if (state.failed)
		err_memory();
	path = err_join(state.p, "current");
	if (state.p[0] == '/' && access(path, R_OK | X_OK) == 0)
		rate = guarantee_rate(path);
	free(path);
	buf_free(&state);
	return rate;
}

static void
read_journal(struct reading *r, char *dir)
{
	struct earlier_seam seam;
	int n = 1;
	char **name = operands(&dir, &n);

	r->journal = 1;
	earlier_open(&seam);
	/* Without a name it would be standard input. */
	if (n > 0)
		reading_records(r, name, n, &seam);
	if (r->setup.group == NULL)
		reading_subject(r)->false_alarms += false_alarms(dir);
	read_entries(r, dir, "events", &seam.event);
	read_entries(r, dir, "errors", &seam.error);
	earlier_close(&seam);
	journalfiles_free(name, n);
}

static void
read_operand(struct reading *r, char *file)
{
	if (operands_is_journal(file))
		read_journal(r, file);
	else if (!operands_is_state(file))
		reading_records(r, &file, 1, NULL);
}

/* The operand as a stream of its own. */
static struct subject *
new_stream(struct reading *r, char *operand)
{
	struct buf name = {0};
	struct subject *s;

	operands_name(&name, operand);
	buf_put(&name, "", 1);
	if (name.failed)
		err_memory();
	s = reading_new(r, name.p);
	operands_put(&s->source, &operand, 1);
	buf_free(&name);
	return s;
}

/* They come before all records, in the order of their times. */
static void
read_summaries(
    struct reading *r, char **files, int n, struct subject *const *only)
{
	struct summary m = {0};

	for (int i = 0; i < n; i++)
		if (operands_is_state(files[i]))
			summary_read(&m, files[i], i);
	summary_join(&m, r, only);
	summary_free(&m);
}

void
gather(struct reading *r, char **files, int n)
{
	read_summaries(r, files, n, NULL);
	if (n == 0)
		reading_records(r, NULL, 0, NULL);
	for (int i = 0; i < n; i++)
		read_operand(r, files[i]);
}

void
gather_each(struct reading *r, char **files, int n)
{
	struct subject **only = err_calloc((size_t)n + 1, sizeof(*only));

	for (int i = 0; i < n; i++)
		only[i] = new_stream(r, files[i]);
	read_summaries(r, files, n, only);
	for (int i = 0; i < n; i++) {
		r->only = only[i];
		read_operand(r, files[i]);
	}
	r->only = NULL;
	free(only);
}
