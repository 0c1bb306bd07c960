#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/reference.h"
#include "tool/dir.h"
#include "tool/err.h"

static const char before[] = "reference.", after[] = ".ndjson";

char *
reference_path(const char *dir, long long n)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%lld%s", before, n, after);
	return err_join(dir, name);
}

/* N of such a name, or -2. */
static long long
number_of(const char *name)
{
	size_t n = sizeof(before) - 1;
	char *end;
	long long number;

	if (strncmp(name, before, n) != 0)
		return -2;
	errno = 0;
	number = strtoll(name + n, &end, 10);
	return errno != 0 || strcmp(end, after) != 0 ? -2 : number;
}

/* The largest that is at most most, or -1. */
static long long
latest(const char *dir, long long most)
{
	struct dir d;
	const char *name;
	long long best = -2, n;

	dir_open(&d, dir);
	while ((name = dir_next(&d)) != NULL) {
		n = number_of(name);
		if (n >= 0 && n > best && n <= most)
			best = n;
	}
	dir_close(&d);
	return best;
}

char *
reference_current(const char *dir, long long n)
{
	long long number = latest(dir, n);

	return number < 0 ? NULL : reference_path(dir, number);
}

void
reference_prune(const char *dir, long long current)
{
	long long oldest = latest(dir, current - 1), n;
	struct dir d;
	const char *name;

	dir_open(&d, dir);
	while ((name = dir_next(&d)) != NULL) {
		n = number_of(name);
		if (n >= -1 && (n < oldest || n < 0 || n > current) &&
		    unlinkat(d.fd, name, 0) < 0)
			err_warn("%s/%s: is not removed: %m", dir, name);
	}
	dir_close(&d);
}

const char *
reference_of(const char *configured)
{
	const char *now = getenv(REFERENCE_VARIABLE);

	return now != NULL ? now : configured;
}
