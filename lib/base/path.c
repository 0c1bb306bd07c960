#include <string.h>

#include "base/path.h"

const char *
path_join(struct buf *b, const char *dir, const char *name)
{
	size_t n = strlen(dir);

	b->len = 0;
	buf_put(b, dir, n);
	if (n > 0 && dir[n - 1] != '/')
		buf_str(b, "/");
	buf_str(b, name);
	buf_put(b, "", 1);
	if (b->failed)
		return NULL;
	b->len--;
	return b->p;
}

size_t
path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash + 1 - path) : 0;
}

const char *
path_base(const char *path)
{
	return path + path_dir(path);
}
