/*
 * Numbers as text: read correctly rounded, written in the shortest form that
 * reads back the same double.
 */
#ifndef NUM_H
#define NUM_H

#include <stddef.h>

enum { NUM_SIZE = 48 }; /* bytes that num_write may write to */

/*
 * Reads len bytes that are a JSON number (RFC 8259, section 6; not checked
 * again). The byte after them must not continue a number. Returns 0, or -1
 * when the value is beyond the range of a double.
 */
int num_read(const char *p, size_t len, double *x);

/*
 * The same for a number that ends by itself, before end: returns a pointer
 * past it, or NULL. Numbers in a row are read faster so.
 */
const char *num_scan(const char *p, const char *end, double *x);

/*
 * Writes a finite double: plain decimals from 1e-6 up to below 1e21, else
 * with an exponent. No terminating NUL. Returns the bytes written.
 */
size_t num_write(char *buf, double x);

/* The same for an integer. */
size_t num_write_int(char *buf, long long i);

#endif
