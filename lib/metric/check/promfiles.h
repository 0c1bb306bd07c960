/*
 * Reads files for promcheck.h, and says what is wrong with them, also as
 * files: what the textfile collector would hang on, miss or read unasked.
 */
#ifndef PROMFILES_H
#define PROMFILES_H

#include <stddef.h>

/*
 * Checks the n named files, all *.prom in those that are directories, or
 * standard input ("-", or n is 0), as if one collector read them all. Returns
 * how much is wrong with them.
 */
size_t promfiles_check(char **names, int n);

#endif
