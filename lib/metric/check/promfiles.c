#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/err.h"
#include "metric/check/promcheck.h"
#include "metric/check/promfiles.h"

/* Texts and names stand until all has been checked. */
struct files {
	struct promcheck check;
	char **kept;
	size_t n, wrong;
};

static char *
keep(struct files *f, char *p)
{
	f->kept = err_realloc(f->kept, (f->n + 1) * sizeof(*f->kept));
	f->kept[f->n++] = p;
	return p;
}

static void
check_open(struct files *f, int fd, const char *name)
{
	struct buf text = {0};
	ssize_t n = 0;

	do {
		char *room = buf_room(&text, 1 << 16);

		if (room == NULL)
			err_memory();
		n = read(fd, room, 1 << 16);
		if (n > 0)
			text.len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err_die("%s: %m", name);
	} while (n != 0);
	keep(f, text.p);
	promcheck_file(&f->check, name, text.p, text.len);
}

/* What a collector would make of the file itself; NULL when it reads it. */
static const char *
refuse(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return "is a directory, and looks like a fresh file";
	if (!S_ISREG(st->st_mode))
		return "is not a regular file, and a scrape may hang on it";
	return NULL;
}

static void
check_file(struct files *f, const char *path)
{
	const char *name = keep(f, err_strdup(path)), *why;
	const char *base = strrchr(name, '/');
	struct stat st;
	int fd;

	if (stat(name, &st) < 0) {
		err_warn("%s: %m", name);
		f->wrong++;
		return;
	}
	why = refuse(&st);
	if (why == NULL && *(base ? base + 1 : name) == '.')
		why = "is hidden, and yet it is read";
	else if (why == NULL && !(st.st_mode & S_IROTH))
		why = "can't be read by all, as node_exporter's user has to";
	if (why != NULL) {
		err_warn("%s: %s", name, why);
		f->wrong++;
	}
	if (!S_ISREG(st.st_mode))
		return;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		err_die("%s: %m", name);
	check_open(f, fd, name);
	close(fd);
}

static int
is_read(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n >= 5 && strcmp(d->d_name + n - 5, ".prom") == 0;
}

static void
check_directory(struct files *f, const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, is_read, alphasort);

	if (n < 0)
		err_die("%s: %m", path);
	for (int i = 0; i < n; i++) {
		struct buf name = {0};

		buf_str(&name, path);
		if (path[strlen(path) - 1] != '/')
			buf_str(&name, "/");
		buf_str(&name, entry[i]->d_name);
		buf_put(&name, "", 1);
		if (name.failed)
			err_memory();
		check_file(f, name.p);
		buf_free(&name);
		free(entry[i]);
	}
	free(entry);
}

size_t
promfiles_check(char **names, int n)
{
	struct files f = {0};
	struct stat st;
	size_t wrong;

	promcheck_init(&f.check);
	if (n == 0)
		check_open(&f, STDIN_FILENO, "stdin");
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], "-") == 0)
			check_open(&f, STDIN_FILENO, "stdin");
		else if (stat(names[i], &st) == 0 && S_ISDIR(st.st_mode))
			check_directory(&f, names[i]);
		else
			check_file(&f, names[i]);
	promcheck_end(&f.check);
	wrong = f.check.say.found + f.wrong;
	promcheck_free(&f.check);
	while (f.n > 0)
		free(f.kept[--f.n]);
	free(f.kept);
	return wrong;
}
