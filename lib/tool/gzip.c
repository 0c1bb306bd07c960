#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/libc.h"
#include "base/memory.h"
#include "tool/gzip.h"
#include "tool/scarce.h"

enum { MOST = 1 << 30 }; /* bytes that zlib is asked for at once */

int
gzip_open(struct gzip *g, int fd)
{
	char c;

	*g = (struct gzip){0};
	/* What can't be read, as a directory, is to say so here. */
	if (read(fd, &c, 0) < 0)
		return -1;
	errno = ENOMEM;
	g->file = gzdopen(fd, "rb");
	return g->file != NULL ? 0 : -1;
}

static const char *
reason(gzFile file)
{
	int code;

	gzerror(file, &code);
	switch (code) {
	case Z_ERRNO:
		return strerrordesc_np(errno);
	case Z_BUF_ERROR:
		return "truncated";
	case Z_MEM_ERROR:
		return NO_MEMORY;
	default:
		return "damaged gzip data";
	}
}

ssize_t
gzip_read(struct gzip *g, void *p, size_t n)
{
	int got, code;

	do {
		errno = 0;
		got = gzread(g->file, p, (unsigned)(n < MOST ? n : MOST));
		/* A signal is no error, but zlib keeps it as one. */
		if (got >= 0 || errno != EINTR)
			break;
		gzclearerr(g->file);
	} while (1);
	gzerror(g->file, &code);
	/* What was there of a member that is cut short comes out first. */
	if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END)) {
		g->passing = code == Z_MEM_ERROR ||
			     (code == Z_ERRNO && scarce_is(errno));
		g->why = reason(g->file);
		return -1;
	}
	return got;
}

void
gzip_close(struct gzip *g)
{
	if (g->file != NULL)
		gzclose(g->file);
	g->file = NULL;
}

unsigned long
gzip_crc(unsigned long crc, const void *p, size_t n)
{
	return crc32_z(crc, p, n);
}

int
gzip_crc_file(const char *path, unsigned long *crc)
{
	unsigned char block[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC), e;
	ssize_t n;

	if (fd < 0)
		return -1;
	*crc = 0;
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n > 0)
			*crc = gzip_crc(*crc, block, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	e = errno;
	close(fd);
	errno = e;
	return n < 0 ? -1 : 0;
}
