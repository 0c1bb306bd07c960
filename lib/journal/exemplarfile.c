#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "journal/exemplarfile.h"
#include "json/intern.h"
#include "tool/err.h"

static const char folder[] = "images";

void
exemplarfile_name(struct buf *b, unsigned long long number, const char *kind,
    size_t i, const char *image)
{
	const char *end = strrchr(path_base(image), '.');
	size_t plain = end == NULL
			   ? 0
			   : strspn(end + 1, "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					     "0123456789");
	char text[120];

	snprintf(text, sizeof(text), "%s/%06llu-%s-%zu-%08" PRIx32, folder,
	    number, kind, i, (uint32_t)intern_hash(image, strlen(image)));
	buf_str(b, text);
	if (plain > 0 && plain <= 5 && end[plain + 1] == '\0')
		buf_str(b, end);
	buf_put(b, "", 1);
}

/* All bytes of one to the other; or -1. */
static int
copy_bytes(int from, int to)
{
	char block[65536];
	ssize_t n, done;

	while ((n = read(from, block, sizeof(block))) > 0)
		for (ssize_t at = 0; at < n; at += done)
			if ((done = write(to, block + at, (size_t)(n - at))) <
			    0)
				return -1;
	return n < 0 ? -1 : fdatasync(to);
}

/* One warning tells of a disk that is full. */
static void
say_once(const char *path)
{
	static int said;

	if (!said)
		err_warn("%s: %m: images are not kept", path);
	said = 1;
}

/* What was read goes to a name beside it, which becomes the name. */
static int
write_copy(int from, const char *dir, const char *name)
{
	char *path = err_join(dir, name), *part = err_join(dir, "images/.part");
	char *images = err_join(dir, folder);
	int to, done;

	if (mkdir(images, 0777) < 0 && errno != EEXIST)
		say_once(images);
	to = open(
	    part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	done = to >= 0 && copy_bytes(from, to) == 0 && rename(part, path) == 0;
	if (!done) {
		say_once(path);
		unlink(part);
	}
	if (to >= 0)
		close(to);
	free(images);
	free(part);
	free(path);
	return done;
}

int
exemplarfile_copy(const char *image, const char *dir, const char *name,
    unsigned long long most)
{
	int from = open(image, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	int done = 0;

	/* It may be gone by now, or be a member of an archive. */
	if (from < 0)
		return 0;
	if (fstat(from, &st) == 0 && S_ISREG(st.st_mode) &&
	    (unsigned long long)st.st_size <= most)
		done = write_copy(from, dir, name);
	close(from);
	return done;
}

struct kept {
	char *path;
	unsigned long long size;
	double time;
};

static int
newest_first(const void *a, const void *b)
{
	double x = ((const struct kept *)a)->time;
	double y = ((const struct kept *)b)->time;

	return (x < y) - (x > y);
}

/* The files, n of them. */
static struct kept *
list(const char *images, size_t *n)
{
	struct kept *all = NULL;
	DIR *d = opendir(images);
	struct dirent *e;
	struct stat st;

	*n = 0;
	while (d != NULL && (e = readdir(d)) != NULL) {
		char *path = err_join(images, e->d_name);

		if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode)) {
			free(path);
			continue;
		}
		all = err_realloc(all, (*n + 1) * sizeof(*all));
		all[(*n)++] = (struct kept){path,
		    (unsigned long long)st.st_size,
		    (double)st.st_mtim.tv_sec +
			1e-9 * (double)st.st_mtim.tv_nsec};
	}
	if (d != NULL)
		closedir(d);
	return all;
}

void
exemplarfile_prune(const char *dir, unsigned long long most, double days)
{
	char *images = err_join(dir, folder);
	size_t n;
	struct kept *all = list(images, &n);
	double oldest = days > 0 ? clock_wall() - days * 86400 : 0;
	unsigned long long sum = 0;

	if (n > 0)
		qsort(all, n, sizeof(*all), newest_first);
	for (size_t i = 0; i < n; i++) {
		sum += all[i].size;
		if ((sum > most || all[i].time < oldest) &&
		    unlink(all[i].path) < 0 && errno != ENOENT)
			say_once(all[i].path);
		free(all[i].path);
	}
	free(all);
	free(images);
}

void
exemplarfile_list(const char *dir, char ***all, size_t *n)
{
	char *images = err_join(dir, folder);
	DIR *d = opendir(images);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		*all = err_realloc(*all, (*n + 1) * sizeof(**all));
		(*all)[(*n)++] = err_join(images, e->d_name);
	}
	if (d != NULL)
		closedir(d);
	free(images);
}

const char *
exemplarfile_find(char *const *all, size_t n, const char *image)
{
	char hash[12];

	snprintf(hash, sizeof(hash), "-%08" PRIx32,
	    (uint32_t)intern_hash(image, strlen(image)));
	for (size_t i = 0; i < n; i++)
		if (strstr(path_base(all[i]), hash) != NULL)
			return all[i];
	return NULL;
}
