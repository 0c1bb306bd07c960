/*
 * promtext --check on any file, and on the same one again: what it has found
 * wrong in the first it finds in the second too.
 */
#include <stdint.h>
#include <stdlib.h>

#include "metric/check/promcheck.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct promcheck c;
	size_t found;

	promcheck_init(&c);
	promcheck_file(&c, "a.prom", (const char *)data, size);
	found = c.say.found;
	promcheck_file(&c, "b.prom", (const char *)data, size);
	if (c.say.found < 2 * found)
		abort();
	promcheck_end(&c);
	promcheck_free(&c);
	return 0;
}
