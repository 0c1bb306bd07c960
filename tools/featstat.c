/*
 * featstat - statistics of a numeric array in each record. The arithmetic is
 * in lib/stat.c.
 */
#include <stdlib.h>

#include "tool/err.h"
#include "json/jsonscan.h"
#include "tool/args.h"
#include "tool/out.h"
#include "tool/rec.h"
#include "stats/stat.h"
#include "run/state.h"

static struct tool tool;
static struct {
	const char *field;
	int keep, skip_bad;
} opt = {.field = "act"};

static const struct opt options[] = {
    {'f', "field", OPT_STRING, &opt.field, "NAME", "numeric array to summarise",
	0, 0},
    {'n', "name", OPT_STRING, &tool.instance, "NAME",
	"name of this instance: section and member", 0, 0},
    {0, "keep", OPT_FLAG, &opt.keep, NULL, "leave the array in the record", 0,
	0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static unsigned long long used, skipped;

/* The values of the array that stands in the record at hand. */
struct values {
	double *x;
	size_t n, room;
};

static void
put(struct buf *b, const char *name, const struct stat *s)
{
	buf_key(b, name);
	buf_str(b, "{");
	buf_key_int(b, "n", (long long)s->n);
	buf_key_real(b, "mean", s->mean);
	buf_key_real(b, "std", s->std);
	buf_key_real(b, "min", s->min);
	buf_key_real(b, "max", s->max);
	buf_key_real(b, "l2", s->l2);
	buf_key_real(b, "skew", s->skew);
	buf_key_real(b, "kurt", s->kurt);
	buf_key_int(b, "zeros", (long long)s->zeros);
	buf_str(b, "}");
}

static int
read_values(struct values *v, const struct json_span *found)
{
	if (found->type != JSON_ARRAY)
		return 0;
	return json_numbers(found, &v->x, &v->room, &v->n) == 0;
}

/* Nothing but counts is carried from one record to the next. */
static void
walk(void *ctx, struct store *s)
{
	(void)ctx;
	store_count(s, "used", &used);
	store_count(s, "passed", &skipped);
}

static void
recall(void)
{
	static const char *const may_differ[] = {
	    "name", "skip-bad", "state", "wait", NULL};
	const struct state_setup setup = {
	    .tool = &tool, .may_differ = may_differ, .walk = walk};

	state_open(&setup);
}

static void
summarise(char **files, int n, const char *name)
{
	struct json_paths paths = {0};
	struct json_span found[2];
	struct json_line line;
	struct rec in;
	struct buf member = {0};
	struct values v = {0};
	struct stat s;

	if (jsonpath_add(&paths, opt.field) < 0)
		err_die("'--field': not a dotted path: '%s'", opt.field);
	jsonpath_add(&paths, "skipped");
	recall();
	rec_open(&in, files, n, '\n');
	in.skip_bad = opt.skip_bad;
	while (rec_json(&in, &paths, found, &line)) {
		if (state_barrier(in.line, in.len))
			continue;
		if (!read_values(&v, found)) {
			skipped += found[1].type == JSON_NONE;
			out_record(in.line, in.len);
			continue;
		}
		used++;
		stat_of(&s, v.x, v.n);
		put(&member, name, &s);
		if (opt.keep)
			out_append(in.line, in.len, &line, &member);
		else
			out_replace(in.line, in.len, &line, found, &member);
	}
	rec_close(&in);
	out_flush();
	state_end();
	err_info("%llu records summarised, %llu skipped", used, skipped);
	free(v.x);
	buf_free(&member);
}

static int
parse_options(int argc, char **argv)
{
	tool = (struct tool){
	    .name = "featstat",
	    .usage = "[-qv] [-c file] [-f field] [-n name] [-s dir] "
		     "[--keep] [--skip-bad] [file ...]",
	    .about = "statistics of a numeric array in each record",
	    .tables = {options, state_options},
	};
	return args_parse(&tool, argc, argv);
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	int named = tool.instance != tool.name;

	summarise(argv + first, argc - first, named ? tool.instance : "feat");
	out_close();
	return 0;
}
