/*
 * A configuration file ends in options or in a message and exit 2, which
 * brings us back here (the program is linked with --wrap=exit).
 */
#include <fcntl.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "err.h"
#include "opt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
_Noreturn void __real_exit(int status);
_Noreturn void __wrap_exit(int status);

static jmp_buf back;
static int inside;

_Noreturn void
__wrap_exit(int status)
{
	if (!inside)
		__real_exit(status);
	if (status != EXIT_TROUBLE)
		abort();
	longjmp(back, 1);
}

static void
load(char *path)
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
	opt_parse(&tool, 3, argv);
	if (number < -5 || number > 1000000 || !(real >= 0 && real <= 0.5) ||
	    choice < 0 || choice > 2 || (flag != 0 && flag != 1))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("config.yaml", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	inside = 1;
	if (setjmp(back) == 0)
		load(path);
	inside = 0;
	/* A message leaves the file open. */
	close_range((unsigned)fd, ~0u, 0);
	return 0;
}
