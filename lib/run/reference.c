#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/reference.h"
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

static DIR *
open_directory(const char *dir)
{
	DIR *d = opendir(dir);

	if (d == NULL)
		err_die("%s: %m", dir);
	return d;
}

/* The largest that is at most most, or -1. */
static long long
latest(const char *dir, long long most)
{
	DIR *d = open_directory(dir);
	struct dirent *e;
	long long best = -2, n;

	while ((e = readdir(d)) != NULL) {
		n = number_of(e->d_name);
		if (n >= 0 && n > best && n <= most)
			best = n;
	}
	closedir(d);
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
	DIR *d = open_directory(dir);
	struct dirent *e;

	while ((e = readdir(d)) != NULL) {
		n = number_of(e->d_name);
		if (n >= -1 && (n < oldest || n < 0 || n > current) &&
		    unlinkat(dirfd(d), e->d_name, 0) < 0)
			err_warn("%s/%s: is not removed: %m", dir, e->d_name);
	}
	closedir(d);
}

const char *
reference_of(const char *configured)
{
	const char *now = getenv(REFERENCE_VARIABLE);

	return now != NULL ? now : configured;
}
