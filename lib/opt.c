#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "cfg.h"
#include "err.h"
#include "opt.h"
#include "out.h"
#include "version.h"

enum { OPTIONS = 64 };

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

/* The tool's own options, then the common ones. */
static struct {
	const struct opt *opt;
	enum { DEFAULT, IN_FILE, IN_ARGV } from;
} all[OPTIONS];
static int count, own;

/* The option that says which section is the tool's, or NULL. */
static const struct opt *naming;

static void
gather(const struct tool *t, const struct opt *table)
{
	for (; table->name != NULL; table++) {
		if (count == OPTIONS)
			err_die("more than %d options", OPTIONS);
		if (table->value == (const void *)&t->instance)
			naming = table;
		all[count++].opt = table;
	}
}

static int
index_of(const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(all[i].opt->name, name) == 0)
			return i;
	return -1;
}

const char *
opt_config(void)
{
	return config;
}

const struct opt *
opt_find(const char *name)
{
	int i = index_of(name);

	return i >= 0 && i < own && all[i].opt != naming ? all[i].opt : NULL;
}

int
opt_given(const char *name)
{
	int i = index_of(name);

	return i >= 0 && all[i].from != DEFAULT;
}

void
opt_refuse(int condition, const char *name, const char *why)
{
	int i = index_of(name);

	if (!condition || i < 0)
		return;
	if (all[i].from == IN_ARGV)
		err_die("'--%s': %s", name, why);
	if (all[i].from == IN_FILE)
		err_info("'%s' of the file is not used: %s", name, why);
}

static void
set_number(const struct opt *o, const char *text, const char *where)
{
	double x;
	char *end;
	long long i = 0;

	errno = 0;
	if (o->type == OPT_INT) {
		i = strtoll(text, &end, 10);
		x = (double)i;
	} else {
		x = strtod(text, &end);
	}
	if (end == text || *end != '\0' || !isfinite(x))
		err_die("%s: not %s: '%s'", where,
		    o->type == OPT_INT ? "a whole number" : "a number", text);
	if (errno == ERANGE || x < o->min || x > o->max)
		err_die(
		    "%s: not in %g .. %g: '%s'", where, o->min, o->max, text);
	if (o->type == OPT_INT)
		*(long long *)o->value = i;
	else
		*(double *)o->value = x;
}

static void
set_flag(const struct opt *o, const char *text, const char *where)
{
	int yes = strcmp(text, "true") == 0;

	if (!yes && strcmp(text, "false") != 0)
		err_die("%s: not true or false: '%s'", where, text);
	*(int *)o->value = yes;
}

static void
set_choice(const struct opt *o, const char *text, const char *where)
{
	size_t len = strlen(text);
	const char *word = o->arg, *bar;

	for (int i = 0;; i++, word = bar + 1) {
		bar = strchrnul(word, '|');
		if ((size_t)(bar - word) == len &&
		    memcmp(word, text, len) == 0) {
			*(int *)o->value = i;
			return;
		}
		if (*bar == '\0')
			break;
	}
	err_die("%s: not one of %s: '%s'", where, o->arg, text);
}

/* A path in a file is relative to the file's directory. */
static const char *
resolve(const char *path, const char *base)
{
	const char *slash = base ? strrchr(base, '/') : NULL;
	struct buf b = {0};

	if (slash == NULL || *path == '/')
		return err_strdup(path);
	buf_put(&b, base, (size_t)(slash + 1 - base));
	buf_put(&b, path, strlen(path) + 1);
	if (b.failed)
		err_die("out of memory");
	return b.p;
}

static void
append(struct opt_list *list, const char *text)
{
	list->item = err_realloc(
	    list->item, (list->n + 1) * sizeof(*list->item));
	list->item[list->n++] = err_strdup(text);
}

/* What comes later replaces what came before, lists as a whole. */
static void
assign(int i, int from, const char *text, const char *where, const char *base)
{
	const struct opt *o = all[i].opt;

	if (o->type == OPT_LIST && (int)all[i].from != from)
		*(struct opt_list *)o->value = (struct opt_list){NULL, 0};
	all[i].from = from;
	switch (o->type) {
	case OPT_FLAG:
		set_flag(o, text, where);
		break;
	case OPT_INT:
	case OPT_REAL:
		set_number(o, text, where);
		break;
	case OPT_CHOICE:
		set_choice(o, text, where);
		break;
	case OPT_STRING:
		*(const char **)o->value = err_strdup(text);
		break;
	case OPT_PATH:
		*(const char **)o->value = resolve(text, base);
		break;
	case OPT_LIST:
		append(o->value, text);
		break;
	}
}

void
opt_set(
    const struct opt *o, const char *text, const char *where, const char *base)
{
	assign(index_of(o->name), IN_FILE, text, where, base);
}

/* The tables as getopt_long wants them. */
static void
for_getopt(struct option *longs, char *shorts)
{
	*shorts++ = ':'; /* tell a missing argument apart */
	for (int i = 0; i < count; i++) {
		const struct opt *o = all[i].opt;
		int has_arg = o->type != OPT_FLAG;

		longs[i] = (struct option){o->name, has_arg, NULL, 0x100 + i};
		if (o->letter == 0)
			continue;
		*shorts++ = (char)o->letter;
		if (has_arg)
			*shorts++ = ':';
	}
	longs[count] = (struct option){0};
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
		    all[optopt - 0x100].opt->name, why, t->name);
	if (optopt != 0)
		err_die("'-%c': %s: try '%s --help'", optopt, why, t->name);
	err_die("'%s': unknown or ambiguous: try '%s --help'", arg, t->name);
}

static int
by_code(int code)
{
	for (int i = 0; code < 0x100 && i < count; i++)
		if (all[i].opt->letter == code)
			return i;
	return code - 0x100;
}

/* The value as text, which is empty for none. */
static void
put_value(struct buf *b, const struct opt *o)
{
	const struct opt_list *list = o->value;
	const char *word = o->arg, *text;

	switch (o->type) {
	case OPT_INT:
		buf_int(b, *(long long *)o->value);
		break;
	case OPT_REAL:
		if (!isnan(*(double *)o->value))
			buf_real(b, *(double *)o->value);
		break;
	case OPT_STRING:
	case OPT_PATH:
		text = *(const char **)o->value;
		if (text != NULL)
			buf_str(b, text);
		break;
	case OPT_CHOICE:
		for (int i = *(int *)o->value; i > 0; i--)
			word = strchr(word, '|') + 1;
		buf_put(b, word, strcspn(word, "|"));
		break;
	case OPT_LIST:
		for (size_t i = 0; i < list->n; i++) {
			buf_str(b, i > 0 ? ", " : "");
			buf_str(b, list->item[i]);
		}
		break;
	case OPT_FLAG:
		if (*(int *)o->value)
			buf_str(b, "true");
		break;
	}
}

static int
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return 1;
	return 0;
}

void
opt_put(struct buf *b, const char *const *except)
{
	struct buf value = {0};

	for (int i = 0; i < own; i++) {
		if (is_one_of(all[i].opt->name, except))
			continue;
		value.len = 0;
		put_value(&value, all[i].opt);
		buf_key(b, all[i].opt->name);
		buf_json(b, value.p, value.len);
	}
	buf_free(&value);
}

static void
print_help(const struct tool *t)
{
	struct buf value = {0};

	printf("usage: %s %s\n%s\n\n", t->name, t->usage, t->about);
	for (int i = 0; i < count; i++) {
		const struct opt *o = all[i].opt;
		char head[128];

		snprintf(head, sizeof(head), "%c%c%s--%s%s%s",
		    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		    o->letter ? ", " : "  ", o->name, o->arg ? " " : "",
		    o->arg ? o->arg : "");
		printf(strlen(head) < 24 ? "  %-24s" : "  %s\n%26s", head, "");
		value.len = 0;
		if (o->type != OPT_FLAG)
			put_value(&value, o);
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
		printf("%s %s (%s)\n", t->name, version, revision);
	if (ferror(stdout) || fclose(stdout) != 0)
		err_die("standard output: %m");
	exit(EXIT_SUCCESS);
}

/* One pass over argv; what accept says yes to is assigned. */
static void
pass(const struct tool *t, int argc, char **argv, int early)
{
	struct option longs[OPTIONS + 1];
	char shorts[2 * OPTIONS + 2], where[128];
	int code, i;

	opterr = 0;
	for_getopt(longs, shorts);
	optind = 0; /* glibc: start anew */
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			complain(t, code, argv[optind - 1]);
		i = by_code(code);
		if (early != (i >= own || all[i].opt == naming))
			continue;
		snprintf(where, sizeof(where), "'--%s'", all[i].opt->name);
		assign(i, IN_ARGV,
		    all[i].opt->type == OPT_FLAG ? "true" : optarg, where,
		    NULL);
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
opt_parse(struct tool *t, int argc, char **argv)
{
	err_init(t->name);
	config = getenv("DRIFTPIPE_CONFIG");
	hold_standard_files();
	for (int i = 0; i < 3 && t->tables[i] != NULL; i++)
		gather(t, t->tables[i]);
	own = count;
	gather(t, common);
	if (t->instance == NULL)
		t->instance = t->name;
	/* First what says where the rest stands, then the file, then argv. */
	pass(t, argc, argv, 1);
	if (help || show_version)
		say_and_exit(t);
	if (*t->instance == '\0')
		err_die("'--name': is empty");
	err_level(verbose - quiet);
	if (config != NULL)
		cfg_load(config, t);
	pass(t, argc, argv, 0);
	return optind;
}
