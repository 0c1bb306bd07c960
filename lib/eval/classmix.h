/*
 * Weights of classes, for a mix of them that changes: named on the command
 * line as CLASS=WEIGHT, or in a file of such lines. A class is named as it
 * stands in the records, a string with or without its quotes.
 */
#ifndef CLASSMIX_H
#define CLASSMIX_H

#include <stddef.h>

struct intern;

/*
 * The code of the class that the text names. When no record has it: a message
 * that begins with where, and exit 2.
 */
long classmix_code(const struct intern *classes, const char *text, size_t len,
    const char *where);

/* Multiplies the weight, by code, of the class in CLASS=FACTOR. */
void classmix_raise(double *weight, const struct intern *classes,
    const char *text, const char *where);

/*
 * Sets the weights to what the file says, CLASS=SHARE a line, divided by how
 * many records have the class, so that the shares are those of what is drawn.
 * A class that is not named gets 0. Trouble is a message and exit 2.
 */
void classmix_load(double *weight, const struct intern *classes,
    const size_t *count, const char *file);

#endif
