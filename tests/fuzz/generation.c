/*
 * A link that says which generation counts ends in a number whose name it is,
 * or in a message.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "run/generation.h"

static char target[256];

static void
read_link(void *dir)
{
	long long n = generation_current(dir);
	char digits[32];

	snprintf(digits, sizeof(digits), "%lld", n);
	/* Zeros may stand before it. */
	if (n < 0 || strncmp(target, "gen.", 4) != 0 ||
	    strcmp(target + 4 + strspn(target + 4, "0"),
		n == 0 ? "" : digits) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char dir[] = "/tmp/generation.XXXXXX";
	static char path[sizeof(dir) + 16];

	if (path[0] == '\0') {
		if (mkdtemp(dir) == NULL)
			abort();
		snprintf(path, sizeof(path), "%s/current", dir);
	}
	size = size < sizeof(target) ? size : sizeof(target) - 1;
	memcpy(target, data, size);
	target[size] = '\0';
	if (symlink(target, path) < 0)
		return 0;
	exits_call(read_link, dir);
	unlink(path);
	return 0;
}
