/*
 * imgcls - classify images, one record each. The answer is made in
 * classify.c; images come from image.c, one by one or out of an IDX file
 * (source.c).
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "classify.h"
#include "err.h"
#include "image.h"
#include "json.h"
#include "jsonval.h"
#include "opt.h"
#include "out.h"
#include "prepopt.h"
#include "rec.h"
#include "source.h"
#include "temper.h"

static const char *penultimate[] = {"penultimate"};
static struct {
	struct classify_setup model;
	const char *idx_labels;
	long long max_pixels;
	int null, trailer;
} opt = {
    .model = {.layers = {penultimate, 1}, .top = 5, .temperature = 1},
    .max_pixels = 100000000,
};

static const struct opt options[] = {
    {'m', "cfg", OPT_PATH, &opt.model.cfg, "FILE",
	"the network's description, as darknet has it", 0, 0},
    {'w', "weights", OPT_PATH, &opt.model.weights, "FILE",
	"the network's weights", 0, 0},
    {'l', "labels", OPT_PATH, &opt.model.labels, "FILE",
	"names of the classes, one a line", 0, 0},
    {0, "layer", OPT_LIST, &opt.model.layers, "LAYER",
	"layer that 'act' is taken from, repeatable", 0, 0},
    {0, "pool", OPT_CHOICE, &opt.model.pool, "none|mean",
	"mean: 'act' has one value for each channel", 0, 0},
    {0, "temperature", OPT_REAL, &opt.model.temperature, "T",
	"divide what enters the softmax", TEMPER_MIN, TEMPER_MAX},
    {0, "top", OPT_INT, &opt.model.top, "N", "list the N most probable classes",
	1, 1e6},
    {0, "no-act", OPT_FLAG, &opt.model.no_act, NULL, "leave out 'act'", 0, 0},
    {'0', "null", OPT_FLAG, &opt.null, NULL,
	"input lines end in NUL, as find -print0 writes them", 0, 0},
    {0, "idx-labels", OPT_PATH, &opt.idx_labels, "FILE",
	"IDX file with the classes of an IDX file's images", 0, 0},
    {0, "max-pixels", OPT_INT, &opt.max_pixels, "N",
	"refuse images with more pixels", 1, 1e9},
    {0, "trailer", OPT_FLAG, &opt.trailer, NULL,
	"write a last record that says that the input has ended", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* The fields of an input record that are looked at. */
enum { SEQ, TIME, IMAGE, TRUTH, ERROR, FIELDS };
static const char *const fields[FIELDS] = {
    "seq", "time", "image", "truth", "error"};

static const struct json_span no_truth;
static struct classify model;
static float *input;       /* of the network */
static struct buf members; /* of the record that is being made */
static unsigned long long records, errors;

static void
parse_options(int *argc, char ***argv)
{
	struct tool tool = {
	    .name = "imgcls",
	    .usage = "[options] -m CFG -w WEIGHTS [FILE...]",
	    .about = "classify images, one record each",
	    .tables = {options, prepopt_table},
	    .uses_model = 1,
	};
	int first = opt_parse(&tool, *argc, *argv);

	*argc -= first;
	*argv += first;
	if (!opt.model.cfg || !opt.model.weights)
		err_die("no network: give -m and -w, or -c");
}

static void
answer(struct image *im, struct image_error *e, const struct json_span *truth)
{
	struct pixels_stats seen;

	if (classify_see(&model, im, input, &seen, e) < 0) {
		classify_error(e, &members);
		errors++;
	} else if (classify_answer(&model, input, &seen, truth, &members) < 0) {
		errors++;
	}
	image_free(im);
}

/* A record of our own, up to the name; that is for the caller. */
static void
begin_record(const struct image *im)
{
	buf_str(&members, "{");
	buf_key_int(&members, "seq", (long long)++records);
	buf_key_real(&members, "time", source_time(im));
	buf_key(&members, "image");
}

static void
end_record(void)
{
	buf_str(&members, "}");
	out_line(&members);
}

static void
classify_name(const char *name, size_t len)
{
	struct image im;
	struct image_error e;

	source_named(name, len, (size_t)opt.max_pixels, &im, &e);
	begin_record(&im);
	buf_json(&members, name, len);
	answer(&im, &e, &no_truth);
	end_record();
}

/* Appends to a record that names an image. */
static void
classify_record(const struct rec *r, const struct json_span *found,
    const struct json_line *line)
{
	char name[PATH_MAX];
	struct image im = {0};
	struct image_error e = {"record", "no string 'image'"};

	records++;
	if (found[ERROR].type > JSON_NULL) {
		out_record(r);
		return;
	}
	if (found[IMAGE].type == JSON_STRING) {
		size_t len = json_text(&found[IMAGE], name, sizeof(name));
		source_named(name, len, (size_t)opt.max_pixels, &im, &e);
	}
	if (found[SEQ].type == JSON_NONE)
		buf_key_int(&members, "seq", (long long)records);
	if (found[TIME].type == JSON_NONE)
		buf_key_real(&members, "time", source_time(&im));
	answer(&im, &e, &found[TRUTH]);
	out_append(r, line, &members);
}

static void
classify_list(struct rec *r)
{
	struct json_paths paths = {0};
	struct json_span found[FIELDS];
	struct json_line line;

	for (int i = 0; i < FIELDS; i++)
		json_path(&paths, fields[i]);
	while (rec_next(r)) {
		if (r->len > 0 && r->line[0] == '{' &&
		    json_scan(r->line, r->len, &paths, found, &line) == 0)
			classify_record(r, found, &line);
		else
			classify_name(r->line, r->len);
		err_progress("images", records, 0, NULL);
	}
}

static void
classify_item(const struct source *s, size_t i)
{
	char digits[16];
	int class = source_truth(s, i);
	struct json_span truth = {digits, 0, JSON_NONE};
	struct image im;
	struct image_error e;

	source_get(s, i, (size_t)opt.max_pixels, &im, &e);
	begin_record(&im);
	source_name(s, i, &members);
	if (class >= 0) {
		buf_key_int(&members, "truth", class);
		truth.type = JSON_NUMBER;
		truth.len = (size_t)sprintf(digits, "%d", class);
	}
	answer(&im, &e, &truth);
	end_record();
}

static void
classify_operand(const char *name, const struct idx *labels)
{
	struct source s;

	source_open(&s, name, labels);
	for (size_t i = 0; i < s.count && !rec_stopped(); i++) {
		classify_item(&s, i);
		err_progress("images", i + 1, s.count, name);
	}
	source_close(&s);
}

static void
put_trailer(void)
{
	buf_str(&members, "{\"trailer\":{\"tool\":\"imgcls\"");
	buf_key_int(&members, "records", (long long)records);
	buf_key_int(&members, "errors", (long long)errors);
	buf_str(&members, "}}");
	out_line(&members);
}

static void
finish(void)
{
	if (opt.trailer && !rec_stopped())
		put_trailer();
	err_progress_end();
	classify_report(&model);
	classify_close(&model);
	free(input);
	buf_free(&members);
	out_close();
	if (errors > 0)
		err_die(
		    "%llu of %llu images could not be read", errors, records);
}

int
main(int argc, char **argv)
{
	struct idx labels = {0};
	struct rec list;

	parse_options(&argc, &argv);
	if (opt.idx_labels != NULL)
		source_labels(&labels, opt.idx_labels);
	classify_open(&model, &opt.model);
	input = err_calloc(model.input, sizeof(*input));
	rec_open(&list, NULL, 0, opt.null ? '\0' : '\n');
	if (argc == 0)
		classify_list(&list);
	for (int i = 0; i < argc && !rec_stopped(); i++)
		if (strcmp(argv[i], "-") == 0)
			classify_list(&list);
		else
			classify_operand(
			    argv[i], opt.idx_labels ? &labels : NULL);
	rec_close(&list);
	idx_free(&labels);
	finish();
	return EXIT_SUCCESS;
}
