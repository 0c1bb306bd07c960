/* An IDX file is refused, or all its items can be read; compressed ones too. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/idx.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("idx", MFD_CLOEXEC);
	size_t n, sum = 0;
	struct idx x = {0};
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (idx_load(&x, path) == NULL) {
		if (!idx_is(path))
			abort();
		n = x.count * x.rows * x.cols;
		for (size_t i = 0; i < n; i++)
			sum += x.data[i];
		if (sum > 255 * n)
			abort();
		idx_free(&x);
	}
	close(fd);
	return 0;
}
