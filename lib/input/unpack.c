#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/libc.h"
#include "tool/err.h"
#include "tool/rec.h"
#include "input/unpack.h"

enum { BLOCK = 1 << 16 };

void
unpack_open(struct unpack *u, int fd, enum unpack_form form, size_t largest)
{
	*u = (struct unpack){.form = form, .fd = fd, .buf = err_malloc(BLOCK)};
	tar_init(&u->tar, largest);
	mjpeg_init(&u->mjpeg, largest);
}

/* There are no more bytes of an archive. */
static void
end_archive(struct unpack *u)
{
	int open;
	const char *cut = tar_end(&u->tar, &open);

	u->why = u->why != NULL ? u->why : cut;
	if (open) {
		u->tar.stage = "read";
		u->tar.reason = u->why;
		u->have = 1;
	}
}

static void
end_input(struct unpack *u, const char *why)
{
	u->ended = 1;
	u->why = why;
	if (u->form == UNPACK_TAR)
		end_archive(u);
	else
		u->have = mjpeg_end(&u->mjpeg);
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
		end_input(u, n < 0 ? strerrordesc_np(errno) : NULL);
		return;
	}
	u->begin = 0;
	u->end = (size_t)n;
	u->at += u->end;
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
		u->at = u->tar.offset;
		u->ended = 1;
		break;
	case TAR_MORE:
		break;
	}
	u->begin += used;
}

/* What has been read is the splitter's, which holds it until it is used. */
static void
feed_mjpeg(struct unpack *u)
{
	u->have = mjpeg_next(&u->mjpeg);
	if (u->have || u->begin == u->end)
		return;
	mjpeg_put(&u->mjpeg, u->buf + u->begin, u->end - u->begin);
	u->begin = u->end;
	u->have = mjpeg_next(&u->mjpeg);
}

int
unpack_waiting(struct unpack *u)
{
	for (;;) {
		if (!u->have && !u->ended && u->form == UNPACK_MJPEG)
			feed_mjpeg(u);
		else if (u->begin < u->end && !u->have && !u->ended)
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
	mjpeg_free(&u->mjpeg);
	free(u->buf);
	*u = (struct unpack){0};
}
