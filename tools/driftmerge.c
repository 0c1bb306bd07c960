/*
 * driftmerge - put states and summaries of several machines into one file.
 * promtext's are added up by lib/metric/write/prommerge.c, driftreport's put
 * together by lib/report/summary.c.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "metric/write/prommerge.h"
#include "report/operands.h"
#include "report/summary.h"
#include "run/statetext.h"
#include "tool/args.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/out.h"

static struct {
	const char *output;
} opt;

static const struct opt options[] = {
    {'o', "output", OPT_PATH, &opt.output, "FILE",
	"replace this file, instead of writing to stdout", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* Why the states of the others do not add up. */
static const struct {
	const char *tool, *why;
} others[] = {
    {"pht", "its sums go on from one record to the next"},
    {"edet", "its e-values go on from one record to the next"},
    {"mewma", "its means go on from one record to the next"},
    {"iks", "its window is of the last records, in their order"},
    {"nmddm", "its window is of the last records, in their order"},
    {"chi2", "its window is of the last records, in their order"},
    {"accest", "its window is of the last records, in their order"},
    {"dedup", "a record is compared with the one before"},
    {"driftfdr", "it looks at all streams at once"},
};

/* The tool whose file it is, or the reason why that can't be merged. */
static char *
tool_of(const char *path)
{
	struct statetext text;
	char *tool;

	if (access(path, F_OK) == 0 && !operands_is_state(path))
		err_die("%s: is neither a state nor a summary", path);
	statetext_open(&text, path);
	tool = err_malloc(text.tool.len + 1);
	json_text(&text.tool, tool, text.tool.len + 1);
	buf_free(&text.text);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(tool, others[i].tool) == 0)
			err_die("%s: a state of %s can't be merged: %s; test a "
				"stream in one place, or compare the counts of "
				"'driftreport --save'",
			    path, tool, others[i].why);
	if (strcmp(tool, "promtext") != 0 && strcmp(tool, "driftreport") != 0)
		err_die("%s: a state of %s can't be merged: only promtext's "
			"and summaries of driftreport add up",
		    path, tool);
	return tool;
}

/* Of what all are. */
static int
are_summaries(char **files, int n)
{
	char *first = tool_of(files[0]);
	int are = strcmp(first, "driftreport") == 0;

	for (int i = 1; i < n; i++) {
		char *tool = tool_of(files[i]);

		if (strcmp(tool, first) != 0)
			err_die("%s: is of %s, and %s of %s", files[i], tool,
			    files[0], first);
		free(tool);
	}
	free(first);
	return are;
}

static void
merge_summaries(char **files, int n)
{
	struct summary m = {0};

	for (int i = 0; i < n; i++)
		summary_read(&m, files[i], i);
	summary_sort(&m);
	summary_write(&m, opt.output);
	summary_free(&m);
}

int
main(int argc, char **argv)
{
	struct tool tool = {
	    .name = "driftmerge",
	    .usage = "[-qv] [-c file] [-o file] file ...",
	    .about = "put states and summaries of several machines into one",
	    .tables = {options},
	};
	int first = args_parse(&tool, argc, argv), n = argc - first;
	char **files = err_calloc((size_t)n + 1, sizeof(*files));

	if (n == 0)
		err_die("no files to merge");
	if (opt.output != NULL && strcmp(opt.output, "-") == 0)
		opt.output = NULL;
	if (opt.output != NULL)
		atomic_check(opt.output);
	for (int i = 0; i < n; i++) {
		if (strcmp(argv[first + i], "-") == 0)
			err_die(
			    "'-': states and summaries are read from files");
		files[i] = prommerge_file(argv[first + i], "promtext");
	}
	if (are_summaries(files, n))
		merge_summaries(files, n);
	else
		prommerge_states(files, n, opt.output);
	out_close();
	for (int i = 0; i < n; i++)
		free(files[i]);
	free(files);
	return EXIT_SUCCESS;
}
