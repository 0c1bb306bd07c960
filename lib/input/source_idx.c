#include "tool/err.h"
#include "base/num.h"
#include "input/source_idx.h"

void
source_idx_labels(struct source_idx *x, const char *path)
{
	const char *why;

	*x = (struct source_idx){.path = path};
	if (path == NULL)
		return;
	if ((why = idx_load(&x->labels, path)) != NULL)
		err_die("%s: %s", path, why);
	if (x->labels.rows != 1 || x->labels.cols != 1)
		err_die("%s: holds images, not labels", path);
}

const char *
source_idx_open(struct source_idx *x, const char *path, int *fits)
{
	const char *why = idx_load(&x->images, path);

	if (why == NULL && x->images.rows * x->images.cols == 1) {
		why = "holds labels, not images";
		idx_free(&x->images);
	}
	if (why != NULL)
		return why;
	*fits = x->path == NULL || x->labels.count == x->images.count;
	x->used = 1;
	x->next = 0;
	return NULL;
}

int
source_idx_next(struct source_idx *x, const char *name, size_t max_pixels,
    struct source_item *item)
{
	size_t size = x->images.rows * x->images.cols, i = x->next++;
	char number[NUM_SIZE];

	if (i == x->images.count) {
		idx_free(&x->images);
		return 0;
	}
	source_item_name(
	    item, name, number, num_write_int(number, (long long)i));
	if (x->path != NULL)
		item->truth = x->labels.data[i];
	if (size > max_pixels) {
		source_item_fail(item, "limit", "too many pixels");
		return 1;
	}
	item->kind = SOURCE_PIXELS;
	item->width = (int)x->images.cols;
	item->height = (int)x->images.rows;
	source_item_set(&item->data, x->images.data + i * size, size);
	return 1;
}

void
source_idx_close(struct source_idx *x, int at_end)
{
	if (x->path != NULL && !x->used && at_end)
		err_warn("%s: not used: no operand is an IDX file", x->path);
	idx_free(&x->images);
	idx_free(&x->labels);
}
