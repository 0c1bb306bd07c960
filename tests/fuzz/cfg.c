/*
 * A configuration file ends in options or in a message and exit 2, which
 * brings us back here (the program is linked with --wrap=exit).
 */
#include <getopt.h>

#include "exits.h"
#include "tool/args.h"

static void
load(void *path)
{
	static int flag, choice;
	static long long number;
	static double real;
	static const char *text, *file;
	static struct opt_list list;
	static const struct opt options[] = {
	    {'e', "flag", OPT_FLAG, &flag, NULL, "help", 0, 0},
	    {0, "choice", OPT_CHOICE, &choice, "one|two|three", "help", 0, 0},
	    {0, "number", OPT_INT, &number, "N", "help", -5, 1e6},
	    {0, "real", OPT_REAL, &real, "X", "help", 0, 0.5},
	    {0, "text", OPT_STRING, &text, "TEXT", "help", 0, 0},
	    {0, "file", OPT_PATH, &file, "FILE", "help", 0, 0},
	    {'f', "list", OPT_LIST, &list, "NAME", "help", 0, 0},
	    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
	};
	static char name[] = "pht", dash[] = "-c";
	char *argv[] = {name, dash, path, NULL};
	struct tool tool = {.name = name,
	    .usage = "",
	    .about = "",
	    .tables = {options},
	    .uses_model = 1};

	optind = 0;
	list.n = 0;
	args_parse(&tool, 3, argv);
	if (number < -5 || number > 1000000 || !(real >= 0 && real <= 0.5) ||
	    choice < 0 || choice > 2 || (flag != 0 && flag != 1))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	exits_with_file("config.yaml", data, size, load);
	return 0;
}
