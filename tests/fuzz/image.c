/*
 * Any bytes are an image within its bounds, or a reason: what stands between
 * the decoders, ours and the libraries', and the rest. What a library would
 * allocate for a hostile header it does not get, as in a decoder process.
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/decode.h"

enum { MAX_PIXELS = 1 << 16, LONGEST = 65535 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=256";
}

static void
demand(int truth)
{
	if (!truth)
		abort();
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

/* Of files with an odd number of bytes less than all pixels are enough. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_error e = {NULL, NULL};
	struct image im = {0};

	if (size % 2 == 1)
		im.enough[0] = im.enough[1] = 4;
	if (decode_bytes(&im, data, size, MAX_PIXELS, &e) < 0) {
		demand(e.stage != NULL && e.reason != NULL);
		demand(im.pixels == NULL);
		return 0;
	}
	check(&im);
	image_free(&im);
	return 0;
}
