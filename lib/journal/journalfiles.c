#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "base/buf.h"
#include "journal/journalfiles.h"
#include "tool/err.h"

char **
journalfiles_list(const char *dir, const char *name, int *n)
{
	struct dirent **found;
	int all = scandir(dir, &found, NULL, versionsort);
	struct buf pattern = {0};
	char **files;

	if (all < 0)
		err_die("%s: %m", dir);
	buf_str(&pattern, name);
	buf_put(&pattern, "-[0-9]*.ndjson", sizeof("-[0-9]*.ndjson"));
	if (pattern.failed)
		err_memory();
	files = err_calloc((size_t)all + 1, sizeof(*files));
	*n = 0;
	for (int i = 0; i < all; i++) {
		if (fnmatch(pattern.p, found[i]->d_name, 0) == 0)
			files[(*n)++] = err_join(dir, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	buf_free(&pattern);
	return files;
}

void
journalfiles_free(char **files, int n)
{
	for (int i = 0; i < n; i++)
		free(files[i]);
	free(files);
}
