#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/args.h"
#include "tool/cfg.h"
#include "tool/err.h"
#include "tool/version.h"

static const char *config;
static int quiet, verbose, help, show_version;

/* What every tool takes. */
static const struct opt common[] = {
    {'c', "config", OPT_PATH, &config, "FILE",
	"YAML file with the options of the whole pipeline", 0, 0},
    {'q', "quiet", OPT_FLAG, &quiet, NULL, "no warnings", 0, 0},
    {'v', "verbose", OPT_FLAG, &verbose, NULL,
	"say what was chosen and counted", 0, 0},
    {'h', "help", OPT_FLAG, &help, NULL, "print this help", 0, 0},
    {'V', "version", OPT_FLAG, &show_version, NULL, "print the version", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

const char *
args_config(void)
{
	return config;
}

/* The tables as getopt_long wants them. */
static void
for_getopt(struct option *longs, char *shorts)
{
	const struct opt *o;

	*shorts++ = ':'; /* tell a missing argument apart */
	for (int i = 0; (o = opt_at(i)) != NULL; i++) {
		int has_arg = o->type != OPT_FLAG;

		*longs++ = (struct option){o->name, has_arg, NULL, 0x100 + i};
		if (o->letter == 0)
			continue;
		*shorts++ = (char)o->letter;
		if (has_arg)
			*shorts++ = ':';
	}
	*longs = (struct option){0};
	*shorts = '\0';
}

/* What getopt_long could not make sense of. */
_Noreturn static void
complain(const struct tool *t, int code, const char *arg)
{
	const char *why = code == ':'      ? "needs an argument"
			  : optopt < 0x100 ? "unknown option"
					   : "takes no argument";

	if (optopt >= 0x100)
		err_die("'--%s': %s: try '%s --help'",
		    opt_at(optopt - 0x100)->name, why, t->name);
	if (optopt != 0)
		err_die("'-%c': %s: try '%s --help'", optopt, why, t->name);
	err_die("'%s': unknown or ambiguous: try '%s --help'", arg, t->name);
}

static const struct opt *
by_code(int code)
{
	const struct opt *o;

	if (code >= 0x100)
		return opt_at(code - 0x100);
	for (int i = 0; (o = opt_at(i)) != NULL && o->letter != code;)
		i++;
	return o;
}

static void
print_help(const struct tool *t)
{
	struct buf value = {0};
	const struct opt *o;

	printf("usage: %s %s\n%s\n\n", t->name, t->usage, t->about);
	for (int i = 0; (o = opt_at(i)) != NULL; i++) {
		char head[128];

		snprintf(head, sizeof(head), "%c%c%s--%s%s%s",
		    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		    o->letter ? ", " : "  ", o->name, o->arg ? " " : "",
		    o->arg ? o->arg : "");
		printf(strlen(head) < 24 ? "  %-24s" : "  %s\n%26s", head, "");
		value.len = 0;
		if (o->type != OPT_FLAG)
			opt_put_value(&value, o);
		printf(value.len > 0 ? "%s (%.*s)\n" : "%s\n", o->help,
		    (int)value.len, value.p);
	}
	buf_free(&value);
	printf("\nSee %s(1) and driftpipe(7).\n", t->name);
}

/* Text that has its own exit: --help, --version. */
_Noreturn static void
say_and_exit(const struct tool *t)
{
	if (help)
		print_help(t);
	else
		printf("%s %s (%s)\n", t->name, version, version_revision);
	if (ferror(stdout) || fclose(stdout) != 0)
		err_die("standard output: %m");
	exit(EXIT_SUCCESS);
}

/*
 * One pass over argv. The early one sets what a file may not: what says where
 * the file is, and which section of it is ours.
 */
static void
parse_pass(const struct tool *t, int argc, char **argv, int early)
{
	struct option longs[OPT_MOST + 1];
	char shorts[2 * OPT_MOST + 2], where[128];
	const struct opt *o;
	int code;

	opterr = 0;
	for_getopt(longs, shorts);
	optind = 0; /* glibc: start anew */
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			complain(t, code, argv[optind - 1]);
		o = by_code(code);
		if (early != (opt_find(o->name) == NULL))
			continue;
		snprintf(where, sizeof(where), "'--%s'", o->name);
		opt_set(o, OPT_ARGV, o->type == OPT_FLAG ? "true" : optarg,
		    where, NULL);
	}
}

/*
 * Standard files that are closed would be taken by the next file or pipe that
 * is opened, and be read and written as such. Something that can't be read,
 * or written, has to stand there.
 */
static void
hold_standard_files(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int
args_parse(struct tool *t, int argc, char **argv)
{
	err_init(t->name);
	config = getenv("DRIFTPIPE_CONFIG");
	hold_standard_files();
	opt_open(t, common);
	if (t->instance == NULL)
		t->instance = t->name;
	/* First what says where the rest stands, then the file, then argv. */
	parse_pass(t, argc, argv, 1);
	if (help || show_version)
		say_and_exit(t);
	err_level(verbose - quiet);
	if (config != NULL)
		cfg_load(config, t);
	parse_pass(t, argc, argv, 0);
	return optind;
}
