#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "netfile.h"

static _Noreturn void
fail(struct netfile *n)
{
	int e = errno;

	if (n->temp != NULL)
		unlink(n->temp);
	errno = e;
	err_die("%s: %m", n->path);
}

void
netfile_open(struct netfile *n, const char *path)
{
	size_t room = strlen(path) + sizeof ".XXXXXX";
	mode_t mask = umask(0);
	struct stat st;
	int fd;

	umask(mask);
	*n = (struct netfile){.path = path};
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if ((n->f = fopen(path, "we")) == NULL)
			fail(n);
		return;
	}
	n->temp = err_malloc(room);
	snprintf(n->temp, room, "%s.XXXXXX", path);
	if ((fd = mkostemp(n->temp, O_CLOEXEC)) < 0) {
		free(n->temp);
		n->temp = NULL;
		fail(n);
	}
	if (fchmod(fd, 0666 & ~mask) != 0 || (n->f = fdopen(fd, "w")) == NULL)
		fail(n);
}

void
netfile_write(struct netfile *n, const void *p, size_t size)
{
	if (fwrite(p, 1, size, n->f) != size)
		fail(n);
}

void
netfile_commit(struct netfile *n)
{
	char *copy;
	int dir;

	if (n->temp == NULL) {
		if (fclose(n->f) != 0)
			fail(n);
		return;
	}
	if (fflush(n->f) != 0 || fsync(fileno(n->f)) != 0 ||
	    fclose(n->f) != 0 || rename(n->temp, n->path) != 0)
		fail(n);
	free(n->temp);
	n->temp = NULL;
	/* The rename itself is on the disk once the directory is. */
	copy = err_strdup(n->path);
	dir = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (dir < 0 || fsync(dir) != 0)
		fail(n);
	close(dir);
}
