#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "journal/journalfiles.h"
#include "report/operands.h"
#include "tool/err.h"

struct list {
	char **name;
	int n;
};

static void
add(struct list *l, char *name)
{
	l->name = err_realloc(l->name, (size_t)(l->n + 1) * sizeof(*l->name));
	l->name[l->n++] = name;
}

int
operands_is_journal(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
operands_is_state(const char *path)
{
	static const char head[] = "{\"driftpipe\":";
	char text[sizeof(head) - 1];
	struct stat st;
	int fd, is;

	/* What is no file can be read but once. */
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	is = read(fd, text, sizeof(text)) == (ssize_t)sizeof(text) &&
	     memcmp(text, head, sizeof(text)) == 0;
	close(fd);
	return is;
}

/* The lock is there from the first run on, before any record. */
static void
check_journal(const char *dir)
{
	char *lock = err_join(dir, ".lock");

	if (access(lock, F_OK) < 0)
		err_die("%s: a directory without records-*.ndjson, and so no "
			"journal",
		    dir);
	free(lock);
}

static void
add_journal(struct list *l, const char *dir)
{
	int n;
	char **files = journalfiles_list(dir, "records", &n);

	if (n == 0)
		check_journal(dir);
	for (int i = 0; i < n; i++)
		add(l, files[i]);
	free(files);
}

char **
operands(char **files, int *n)
{
	struct list l = {0};

	for (int i = 0; i < *n; i++)
		if (operands_is_journal(files[i]))
			add_journal(&l, files[i]);
		else
			add(&l, err_strdup(files[i]));
	*n = l.n;
	return l.name;
}

void
operands_name(struct buf *b, const char *operand)
{
	static const char *const ending[] = {".journal", ".ndjson", ".sum"};
	char *path = err_strdup(operand), *name, *end;

	for (size_t n = strlen(path); n > 1 && path[n - 1] == '/';)
		path[--n] = '\0';
	name = path + path_dir(path);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if ((end = strstr(name, ending[i])) != NULL && end != name)
			*end = '\0';
	buf_str(b, name);
	free(path);
}

static void
put_quoted(struct buf *b, const char *s)
{
	int plain = *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
					      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "0123456789_./-+,:@%")] == '\0';

	buf_str(b, plain ? "" : "'");
	for (; *s != '\0'; s++)
		if (*s == '\'')
			buf_str(b, "'\\''");
		else
			buf_put(b, s, 1);
	buf_str(b, plain ? "" : "'");
}

void
operands_put(struct buf *b, char **files, int n)
{
	buf_str(b, n == 0 ? "FILE" : "");
	for (int i = 0; i < n; i++) {
		buf_str(b, i > 0 ? " " : "");
		put_quoted(b, files[i]);
		if (operands_is_journal(files[i]))
			buf_str(b, "/records-*.ndjson");
	}
	buf_put(b, "", 1);
}
