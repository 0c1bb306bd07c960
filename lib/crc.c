#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <zlib.h>

#include "crc.h"

int
crc_file(const char *path, unsigned long *crc)
{
	unsigned char block[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC), e;
	ssize_t n;

	if (fd < 0)
		return -1;
	*crc = crc32(0, NULL, 0);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n > 0)
			*crc = crc32(*crc, block, (unsigned)n);
		else if (errno != EINTR)
			break;
	}
	e = errno;
	close(fd);
	errno = e;
	return n < 0 ? -1 : 0;
}

unsigned long
crc_bytes(const void *p, size_t n)
{
	return crc32_z(0, p, n);
}
