#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tool/err.h"
#include "tool/text.h"

enum { BLOCK = 1 << 16, LARGEST = 16 << 20 };

void
text_read(const char *path, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;
	size_t mark;

	b->len = 0;
	while (n > 0 || (n < 0 && fd >= 0 && errno == EINTR)) {
		if (b->len > LARGEST)
			err_die("%s: larger than %d MiB", path, LARGEST >> 20);
		if (buf_room(b, BLOCK + 1) == NULL)
			err_memory();
		n = read(fd, b->p + b->len, BLOCK);
		b->len += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		err_die("%s: %m", path);
	close(fd);
	mark = text_mark(b->p, b->len);
	b->len -= mark;
	memmove(b->p, b->p + mark, b->len);
	b->p[b->len] = '\0';
}
