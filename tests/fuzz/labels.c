/* A file of labels ends in names, each in one line, or in a message. */
#include <string.h>

#include "exits.h"
#include "tool/labels.h"

static void
load(void *path)
{
	struct labels l = {0};

	labels_load(&l, path);
	for (size_t i = 0; i < l.n; i++)
		if (strchr(l.name[i], '\n') != NULL || *l.name[i] == '\0')
			abort();
	labels_free(&l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	exits_with_file("labels", data, size, load);
	return 0;
}
