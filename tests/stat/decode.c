/*
 * Prints what the decoders make of image files, in this process: name, sides,
 * channels and a hash of the pixels (FNV-1a), or the reason. Each byte counts
 * for what is printed, so that valgrind tells when one was never set:
 * tests/mutants.t.
 *
 *	decode FILE...
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "image/decode.h"

enum { MAX_PIXELS = 1000000 };

static uint64_t
hash(const struct image *im)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < image_bytes(im); i++)
		h = (h ^ im->pixels[i]) * 0x100000001b3;
	return h;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct image im;
		struct image_error e;

		if (decode_path(&im, argv[i], MAX_PIXELS, &e) < 0) {
			printf("%s: %s\n", argv[i], e.reason);
			continue;
		}
		printf("%s: %d x %d x %d: %016llx\n", argv[i], im.width,
		    im.height, im.channels, (unsigned long long)hash(&im));
		image_free(&im);
	}
	return 0;
}
