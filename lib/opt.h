/*
 * Options of a tool, from one table: it drives getopt_long(3), the range
 * checks, --help with its defaults, and the keys of the tool's section in the
 * configuration file. Precedence: the value that stands in the variable
 * before the call, the configuration file, the command line.
 */
#ifndef OPT_H
#define OPT_H

#include <stddef.h>

#include "buf.h"

enum opt_type {
	OPT_FLAG,   /* int, 0 or 1; in YAML true or false */
	OPT_INT,    /* long long */
	OPT_REAL,   /* double, finite */
	OPT_STRING, /* const char *; NULL when not given */
	OPT_PATH,   /* the same; in a file it is relative to that file */
	OPT_LIST,   /* struct opt_list: repeatable; in YAML a sequence */
	OPT_CHOICE  /* int: index into the '|'-separated words of arg */
};

struct opt_list {
	const char **item; /* owned by the option module, never freed */
	size_t n;
};

struct opt {
	int letter;       /* short form, 0 for none */
	const char *name; /* long form, and the key in the file */
	enum opt_type type;
	void *value;
	const char *arg;  /* how --help names the argument; NULL for flags */
	const char *help; /* one line, no full stop */
	double min, max;  /* range of numbers, both ends allowed */
};

struct tool {
	const char *name;
	const char *usage; /* what follows the name in the page's SYNOPSIS */
	const char *about; /* equal to the page's .Nd */
	const struct opt *tables[3]; /* NULL ends; a table by name NULL */
	/*
	 * The section of the configuration that is this tool's, and its name
	 * in records: the tool's name, unless an option stores another here.
	 */
	const char *instance;
	int uses_model; /* takes keys of the shared section model: too */
};

/* Whether the option was given, in the file or on the command line. */
int opt_given(const char *name);

/*
 * An option that would be ignored is a mistake: why, and exit 2, when it was
 * given on the command line. One out of a file may well be put aside so; that
 * is said with -v.
 */
void opt_refuse(int condition, const char *name, const char *why);

/*
 * Reads configuration and command line into the tables' variables. Adds and
 * handles -c, -h, -q, -v and -V itself, for every tool. A wrong option is a
 * message and exit 2. Returns the index of the first operand in argv.
 */
int opt_parse(struct tool *t, int argc, char **argv);

/*
 * Appends the tool's own options as members of a JSON object, each with its
 * value as text, but for those that except names; NULL ends it.
 */
void opt_put(struct buf *b, const char *const *except);

/* The file of -c, or NULL. */
const char *opt_config(void);

/* The tool's own option of that name that a file may set, or NULL. */
const struct opt *opt_find(const char *name);

/*
 * Sets one option from text, a list by one more item. where says for the
 * message where the text stands ("file.yaml:3:5: 'fap'", "'--fap'"); base is
 * the path of the file that an OPT_PATH is relative to, or NULL. Exits with a
 * message when the text is not a value of the option.
 */
void opt_set(
    const struct opt *o, const char *text, const char *where, const char *base);

#endif
