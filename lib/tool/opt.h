/*
 * Options of a tool, from one table: it drives the command line and --help
 * with its defaults (args.h), the keys of the tool's section in the
 * configuration file (cfg.h), and the range checks, which are here. The command
 * line takes precedence over the file, and the file over the value that stands
 * in the variable before.
 */
#ifndef OPT_H
#define OPT_H

#include <stddef.h>

#include "base/buf.h"

enum opt_type {
	OPT_FLAG,   /* int, 0 or 1; in YAML true or false */
	OPT_INT,    /* long long */
	OPT_REAL,   /* double, finite */
	OPT_STRING, /* const char *; NULL when not given */
	OPT_PATH,   /* the same; in a file it is relative to that file */
	OPT_LIST,   /* struct opt_list: repeatable; in YAML a sequence */
	OPT_CHOICE  /* int: index into the '|'-separated words of arg */
};

enum opt_from { OPT_DEFAULT, OPT_FILE, OPT_ARGV };

enum { OPT_MOST = 64, OPT_TABLES = 5 }; /* options of a tool, and tables */

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
	const struct opt
	    *tables[OPT_TABLES]; /* NULL ends; a table by name NULL */
	/*
	 * The section of the configuration that is this tool's, and its name
	 * in records: the tool's name, unless an option stores another here.
	 */
	const char *instance;
	int uses_model; /* takes keys of the shared section model: too */
};

/* Whether the option was given, in the file or on the command line. */
int opt_given(const char *name);

/* Whether it was given in the file. */
int opt_in_file(const char *name);

/*
 * An option that would be ignored is a mistake: why, and exit 2, when it was
 * given on the command line. One out of a file may well be put aside so; that
 * is said with -v.
 */
void opt_refuse(int condition, const char *name, const char *why);

/*
 * Appends the tool's own options as members of a JSON object, each with its
 * value as text, but for those that except names; NULL ends it.
 */
void opt_put(struct buf *b, const char *const *except);

/* The tool's own option of that name that a file may set, or NULL. */
const struct opt *opt_find(const char *name);

/*
 * Sets one option from text, a list by one more item; what an earlier origin
 * gave to a list is dropped. Of a path there is only one on a command line, and
 * of anything else the last one counts. where says for the message where the
 * text stands ("file.yaml:3:5: 'fap'", "'--fap'"); base is the path of the file
 * that an OPT_PATH is relative to, or NULL. Exits with a message when the text
 * is not a value of the option.
 */
void opt_set(const struct opt *o, enum opt_from from, const char *text,
    const char *where, const char *base);

/*
 * For args.c: takes the tool's tables and the options that all tools have; the
 * option with that index, NULL after the last one; and appends an option's
 * value as text, nothing for none.
 */
void opt_open(const struct tool *t, const struct opt *common);
const struct opt *opt_at(int i);
void opt_put_value(struct buf *b, const struct opt *o);

#endif
