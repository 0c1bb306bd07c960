#include "base/num.h"
#include "classify/record.h"
#include "json/name.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"

/* The first that can't be read is worth a line, where a person may see it. */
static void
say_error(const struct record *r, const struct intake_item *item)
{
	void (*say)(const char *,
	    ...) = r->said || !barrier_expected() ? err_info : err_warn;
	const struct buf *name = &item->from.name;

	say("%.*s: %s: %s", (int)name->len, name->p, item->error.stage,
	    item->error.reason);
}

/* The members from the answer on, or the error in their place. */
static void
put_answer(struct record *r, const struct intake_item *item,
    const struct json_span *truth)
{
	const struct source_item *s = &item->from;

	given_put(&r->given, s->name.p, s->name.len, s->in, &r->members);
	if (item->input < 0) {
		classify_error(&item->error, &r->members);
		say_error(r, item);
		r->said = 1;
		r->errors++;
	} else if (classify_answer(r->model, item->input, &item->seen, truth,
		       &r->members) < 0) {
		r->errors++;
	}
}

/* A record of our own. */
static void
put_own(struct record *r, const struct intake_item *item)
{
	const struct source_item *s = &item->from;
	char digits[NUM_SIZE];
	struct json_span truth = {digits, 0, JSON_NONE};

	r->records++;
	buf_str(&r->members, "{");
	buf_key_int(&r->members, "seq", (long long)r->records);
	buf_key_real(&r->members, "time", source_item_time(s));
	name_put(&r->members, s->name.p, s->name.len);
	if (s->truth >= 0) {
		buf_key_int(&r->members, "truth", s->truth);
		truth.type = JSON_NUMBER;
		truth.len = num_write_int(digits, s->truth);
	}
	put_answer(r, item, &truth);
	buf_str(&r->members, "}");
	out_line(&r->members);
}

/* A barrier of the runner's. */
static void
pass_barrier(struct record *r, const struct source_item *s)
{
	if (r->makes_barriers)
		err_die("a barrier in the input, and --barrier");
	state_barrier(s->line.p, s->line.len);
}

/* The record that named the image; one that is for others stays as it is. */
static void
append_answer(struct record *r, const struct intake_item *item)
{
	const struct source_item *s = &item->from;

	if (s->barrier > 0) {
		pass_barrier(r, s);
		return;
	}
	r->records += s->field[SOURCE_SKIPPED].type <= JSON_NULL;
	if (s->kind == SOURCE_PASS) {
		out_record(s->line.p, s->line.len);
		return;
	}
	if (s->field[SOURCE_SEQ].type == JSON_NONE)
		buf_key_int(&r->members, "seq", (long long)r->records);
	if (s->field[SOURCE_TIME].type == JSON_NONE)
		buf_key_real(&r->members, "time", source_item_time(s));
	put_answer(r, item, &s->field[SOURCE_TRUTH]);
	out_append(s->line.p, s->line.len, &s->shape, &r->members);
}

void
record_put(struct record *r, const struct intake_item *item)
{
	if (item->from.line.len > 0)
		append_answer(r, item);
	else
		put_own(r, item);
}

void
record_barrier(struct record *r, long long generation)
{
	barrier_put(&r->members, generation);
	out_line(&r->members);
	out_flush();
}

void
record_trailer(
    struct record *r, unsigned long long records, unsigned long long errors)
{
	buf_str(&r->members, "{\"trailer\":{\"tool\":\"imgcls\"");
	buf_key_int(&r->members, "records", (long long)records);
	buf_key_int(&r->members, "errors", (long long)errors);
	buf_str(&r->members, "}}");
	out_line(&r->members);
}

void
record_free(struct record *r)
{
	buf_free(&r->members);
	given_free(&r->given);
}
