/*
 * driftscore - score detectors on streams of driftmix. The counting is
 * in lib/eval/score.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "eval/score.h"
#include "eval/scoretext.h"
#include "json/intern.h"
#include "json/json.h"
#include "json/jsonpath.h"
#include "stats/special.h"
#include "tool/args.h"
#include "tool/err.h"
#include "tool/opt.h"
#include "tool/out.h"
#include "tool/rec.h"

/* Streams that can be told apart, and detectors. */
enum { STREAMS = 100000000, DETECTORS = 1000 };

/* The two that are no filter's. */
enum { EVERY, NEVER };

static struct {
	struct opt_list names;
	long long at, gap, cap, every;
	double level;
	int format;
} opt = {.at = -1, .every = 1000, .level = .95};

static const struct opt options[] = {
    {'n', "name", OPT_LIST, &opt.names, "NAME",
	"list this detector even if it has no record, repeatable", 0, 0},
    {0, "at", OPT_INT, &opt.at, "N",
	"all streams change after N records; -1: at the first drifted one", -1,
	1e15},
    {0, "gap", OPT_INT, &opt.gap, "N",
	"drift after N undrifted records is another change; 0: one a stream", 0,
	1e15},
    {0, "cap", OPT_INT, &opt.cap, "N",
	"longer delays are not found; 0: none are too long", 0, 1e15},
    {0, "dummy", OPT_INT, &opt.every, "N",
	"records between the alarms of the dummy that has them", 1, 1e15},
    {0, "level", OPT_REAL, &opt.level, "P", "confidence of the intervals", 0.5,
	0.9999},
    {0, "format", OPT_CHOICE, &opt.format, "table|tsv|records", "what to write",
	0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct score score;
static struct intern streams, names;

static void
parse_options(int *argc, char ***argv)
{
	struct tool tool = {
	    .name = "driftscore",
	    .usage = "[-qv] [-c file] [-n name] ... [option ...] [file ...]",
	    .about = "score detectors on streams whose change points are known",
	    .tables = {options},
	};
	int first = args_parse(&tool, *argc, *argv);

	opt_refuse(opt.at >= 0, "gap", "--at says where the one change is");
	*argc -= first;
	*argv += first;
	score.at = opt.at;
	score.gap = (unsigned long long)opt.gap;
	score.cap = (unsigned long long)opt.cap;
}

/* The number of a detector, by the bytes of its key without the quotes. */
static size_t
number_of(const char *name, size_t len, const struct rec *in)
{
	long code = intern_bytes(&names, name, len);

	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code < 0 || code == DETECTORS)
		err_die("%s:%llu: too many detectors, or too long a name",
		    in->file, in->number);
	return (size_t)code;
}

static void
raise_event(size_t stream, size_t detector)
{
	if (score_event(&score, stream, detector) < 0)
		err_memory();
}

/* A member of the record: is it a detector's, with an event? */
static void
count_member(const struct rec *in, size_t stream, const struct json_span *key,
    const struct json_span *value)
{
	struct json_span name, part;
	const char *at = NULL;
	int detector = 0, event = 0;

	while (json_next(value, &at, &name, &part)) {
		if (json_equals(&name, "event", 5)) {
			detector = 1;
			event = part.type == JSON_STRING &&
				json_equals(&part, "drift", 5);
		} else if (json_equals(&name, "alarm", 5)) {
			detector = 1;
		}
	}
	if (detector) {
		size_t i = number_of(key->p + 1, key->len - 2, in);

		if (event)
			raise_event(stream, i);
	}
}

static void
count_members(const struct rec *in, size_t stream)
{
	struct json_span whole = {in->line, in->len, JSON_OBJECT}, key, value;
	const char *at = NULL;

	whole.p += strspn(whole.p, " \t\r");
	while (json_next(&whole, &at, &key, &value))
		if (value.type == JSON_OBJECT)
			count_member(in, stream, &key, &value);
}

/* The number of the record's stream, or -1. */
static long
stream_of(const struct rec *in, const struct json_span *found)
{
	long code;

	if (found[1].type != JSON_TRUE && found[1].type != JSON_FALSE)
		return -1;
	code = intern_code(&streams, &found[0]);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code == STREAMS)
		err_die("%s:%llu: more than %d streams", in->file, in->number,
		    STREAMS);
	return code;
}

static void
count_record(const struct rec *in, size_t stream, int drifted)
{
	int status = score_record(&score, stream, drifted);

	if (status < 0)
		err_memory();
	if (status > 0)
		err_die("%s:%llu: drifted before '--at %lld'", in->file,
		    in->number, opt.at);
	if (score.stream[stream].count % (unsigned long long)opt.every == 0)
		raise_event(stream, EVERY);
	count_members(in, stream);
}

static void
read_records(char **files, int n)
{
	struct json_paths paths = {0};
	struct json_span found[2];
	struct json_line line;
	struct rec in;
	unsigned long long skipped = 0;

	jsonpath_add(&paths, "stream");
	jsonpath_add(&paths, "drifted");
	rec_open(&in, files, n, '\n');
	while (rec_json(&in, &paths, found, &line)) {
		long stream = stream_of(&in, found);

		if (stream < 0)
			skipped++;
		else
			count_record(
			    &in, (size_t)stream, found[1].type == JSON_TRUE);
	}
	rec_close(&in);
	if (skipped > 0)
		err_warn("%llu records without stream and drifted were skipped",
		    skipped);
}

/* The dummies get the first numbers, and what the user names the next. */
static void
name_detectors(void)
{
	char every[64];

	intern_init(&streams, STREAMS);
	intern_init(&names, DETECTORS);
	snprintf(every, sizeof(every), "(every %lld)", opt.every);
	number_of(every, strlen(every), &(struct rec){.file = "--dummy"});
	number_of("(never)", 7, &(struct rec){.file = "--dummy"});
	for (size_t i = 0; i < opt.names.n; i++)
		number_of(opt.names.item[i], strlen(opt.names.item[i]),
		    &(struct rec){.file = "--name"});
}

static void
write_score(size_t detector)
{
	struct score_result r;
	struct buf line = {0};
	char name[INTERN_LONGEST + 1];
	size_t len;
	const char *text = intern_text(&names, detector, &len);

	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	if (score_result(&score, detector, &r) < 0)
		err_memory();
	scoretext_put(&line, (enum scoretext)opt.format, name, &r, opt.level);
	out_line(&line);
	buf_free(&line);
}

/* The dummies stand last. */
static void
write_scores(void)
{
	struct buf head = {0};

	scoretext_head(&head, (enum scoretext)opt.format);
	if (head.len > 0)
		out_line(&head);
	for (size_t i = NEVER + 1; i < names.n; i++)
		write_score(i);
	write_score(EVERY);
	write_score(NEVER);
	buf_free(&head);
}

int
main(int argc, char **argv)
{
	parse_options(&argc, &argv);
	name_detectors();
	read_records(argv, argc);
	if (rec_stopped())
		err_die("stopped by a signal");
	write_scores();
	out_close();
	score_free(&score);
	intern_free(&streams);
	intern_free(&names);
	return EXIT_SUCCESS;
}
