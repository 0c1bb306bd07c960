#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/err.h"
#include "tool/rec.h"
#include "input/unpack.h"

enum { BLOCK = 1 << 16 };

void
unpack_open(struct unpack *u, int fd, size_t largest)
{
	*u = (struct unpack){.fd = fd, .buf = err_malloc(BLOCK)};
	tar_init(&u->tar, largest);
}

/* There are no more bytes. */
static void
end_archive(struct unpack *u, const char *why)
{
	int open;
	const char *cut = tar_end(&u->tar, &open);

	u->ended = 1;
	u->why = why != NULL ? why : cut;
	if (open) {
		u->tar.stage = "read";
		u->tar.reason = u->why;
		u->have = 1;
	}
}

/* Reads a block; waits for it, if need be. */
static void
read_block(struct unpack *u)
{
	ssize_t n;

	if (!rec_await(u->fd))
		return;
	n = read(u->fd, u->buf, BLOCK);
	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		end_archive(u, n < 0 ? strerrordesc_np(errno) : NULL);
		return;
	}
	u->begin = 0;
	u->end = (size_t)n;
}

/* Goes on with what has been read, up to the end of a member. */
static void
feed_tar(struct unpack *u)
{
	size_t used;

	switch (
	    tar_feed(&u->tar, u->buf + u->begin, u->end - u->begin, &used)) {
	case TAR_MEMBER:
		u->have = 1;
		break;
	case TAR_BAD:
		u->why = u->tar.why;
		u->ended = 1;
		break;
	case TAR_MORE:
		break;
	}
	u->begin += used;
}

int
unpack_waiting(struct unpack *u)
{
	for (;;) {
		if (u->begin < u->end && !u->have && !u->ended)
			feed_tar(u);
		if (u->have || u->ended || rec_stopped())
			return 1;
		if (!rec_ready(u->fd))
			return 0;
		read_block(u);
	}
}

int
unpack_next(struct unpack *u)
{
	while (!unpack_waiting(u))
		read_block(u);
	if (!u->have)
		return 0;
	u->have = 0;
	return 1;
}

void
unpack_close(struct unpack *u)
{
	if (u->buf == NULL)
		return;
	if (u->fd != STDIN_FILENO)
		close(u->fd);
	tar_free(&u->tar);
	free(u->buf);
	*u = (struct unpack){0};
}
