/*
 * The command line: getopt_long(3) over the tables of opt.h, and after the
 * configuration file (cfg.h), which it takes precedence over.
 */
#ifndef ARGS_H
#define ARGS_H

#include "tool/opt.h"

/*
 * Reads configuration and command line into the tables' variables. Adds and
 * handles -c, -h, -q, -v and -V itself, for every tool. A wrong option is a
 * message and exit 2. Returns the index of the first operand in argv.
 */
int args_parse(struct tool *t, int argc, char **argv);

/* The file of -c, or NULL. */
const char *args_config(void);

#endif
