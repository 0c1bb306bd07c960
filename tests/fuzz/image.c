/*
 * Any bytes are an image within its bounds, or a reason: what stands between
 * the decoders, ours and the libraries', and the rest. What a library would
 * allocate for a hostile header it does not get, as in a decoder process.
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/decode.h"
#include "target.h"

enum { MAX_PIXELS = 1 << 16, LONGEST = 65535 };

const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=256";
}

static void
check(const struct image *im)
{
	volatile unsigned char last;

	demand(im->width > 0 && im->width <= LONGEST);
	demand(im->height > 0 && im->height <= LONGEST);
	demand((long)im->width * im->height <= MAX_PIXELS);
	demand(im->channels == 1 || im->channels == 3);
	demand(im->orientation >= 1 && im->orientation <= 8);
	demand(im->frames_left >= 0);
	for (size_t i = 0; i < image_bytes(im); i++)
		last = im->pixels[i];
	(void)last;
}

static int
begin(void *ctx, const struct image *im, struct image_error *e)
{
	(void)e;
	*(const struct image **)ctx = im;
	return 1;
}

static void
take_row(void *ctx, const void *row)
{
	const struct image *im = *(const struct image **)ctx;
	const unsigned char *p = row;
	volatile unsigned char last;

	for (int i = 0; i < im->width * im->channels; i++)
		last = p[i];
	(void)last;
}

/*
 * Of files with an odd number of bytes less than all pixels are enough; of a
 * third the rows are taken as they come.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_error e = {NULL, NULL};
	const struct image *taken = NULL;
	const struct image_rows rows = {begin, take_row, &taken};
	struct image im = {0};

	im.rows = size % 3 == 1 ? &rows : NULL;
	if (size % 2 == 1)
		im.enough[0] = im.enough[1] = 4;
	if (decode_bytes(&im, data, size, MAX_PIXELS, &e) < 0) {
		demand(e.stage != NULL && e.reason != NULL);
		demand(im.pixels == NULL);
		return 0;
	}
	if (taken == NULL)
		check(&im);
	image_free(&im);
	return 0;
}
