/* Reads a file of tests/vectors; the tests run at the root of the sources. */
#ifndef VECTOR_H
#define VECTOR_H

#include <stdio.h>

/* At most max numbers, one a line; returns how many, 0 when it can't. */
static inline size_t
vector_read(const char *name, double *x, size_t max)
{
	char path[256];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "tests/vectors/%s", name);
	f = fopen(path, "r");
	if (!f)
		return 0;
	while (n < max && fscanf(f, "%lf", &x[n]) == 1)
		n++;
	fclose(f);
	return n;
}

#endif
