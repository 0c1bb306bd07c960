#include <dirent.h>
#include <errno.h>
#include <stddef.h>

#include "tool/dir.h"
#include "tool/err.h"

void
dir_open(struct dir *d, const char *path)
{
	d->path = path;
	d->stream = opendir(path);
	if (d->stream == NULL)
		err_die("%s: %m", path);
	d->fd = dirfd(d->stream);
}

const char *
dir_next(struct dir *d)
{
	const struct dirent *e;

	errno = 0;
	e = readdir(d->stream);
	if (e == NULL && errno != 0)
		err_die("%s: %m", d->path);
	return e == NULL ? NULL : e->d_name;
}

void
dir_close(struct dir *d)
{
	closedir(d->stream);
}
