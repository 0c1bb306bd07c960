/* The orientation of any bytes is one of eight, and nothing else is read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/exif.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size);
	int orientation;

	if (size > 0)
		memcpy(copy, data, size);
	orientation = exif_orientation(copy, size);
	if (orientation < 1 || orientation > 8)
		abort();
	free(copy);
	return 0;
}
