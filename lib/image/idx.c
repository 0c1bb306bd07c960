#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/libc.h"
#include "image/idx.h"
#include "tool/packed.h"
#include "tool/scarce.h"

/* Bytes that a file may hold. */
#define SIZE_LIMIT ((size_t)1 << (sizeof(size_t) < 8 ? 30 : 32))

enum {
	UBYTE = 0x08,     /* the only type of item that is read */
	SIDE_MAX = 65536, /* rows or columns of an image */
	CHUNK = 1 << 20   /* read at a time: memory follows what is there */
};

static unsigned long
be32(const unsigned char *p)
{
	return (unsigned long)p[0] << 24 | (unsigned long)p[1] << 16 |
	       (unsigned long)p[2] << 8 | p[3];
}

static int
open_file(struct packed *f, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		*f = (struct packed){
		    .why = strerrordesc_np(errno), .passing = scarce_is(errno)};
	return fd < 0 ? -1 : packed_open(f, fd);
}

/* Reads exactly n bytes. Returns why not, or NULL. */
static const char *
read_all(struct packed *f, unsigned char *p, size_t n)
{
	ssize_t got = packed_read(f, p, n);

	return got < 0 ? f->why : got < (ssize_t)n ? "truncated" : NULL;
}

static const char *
read_header(struct packed *f, struct idx *x)
{
	unsigned char h[16];
	const char *why = read_all(f, h, 4);
	unsigned dims;

	if (why != NULL)
		return why;
	if (h[0] != 0 || h[1] != 0)
		return "not an IDX file";
	if (h[2] != UBYTE)
		return "items are not unsigned bytes";
	dims = h[3];
	if (dims != 1 && dims != 3)
		return "has neither 1 nor 3 dimensions";
	if ((why = read_all(f, h + 4, dims * 4)) != NULL)
		return why;
	x->count = be32(h + 4);
	x->rows = dims == 3 ? be32(h + 8) : 1;
	x->cols = dims == 3 ? be32(h + 12) : 1;
	if (x->rows == 0 || x->cols == 0)
		return "has an empty dimension";
	if (x->rows > SIDE_MAX || x->cols > SIDE_MAX ||
	    (x->count > 0 &&
		(uint64_t)x->rows * x->cols > SIZE_LIMIT / x->count))
		return "has absurd dimensions";
	return NULL;
}

/* The memory grows with the data, not with what the header says. */
static const char *
read_items(struct packed *f, struct idx *x)
{
	size_t size = x->count * x->rows * x->cols, have = 0, room = 0;
	const char *why = NULL;
	unsigned char rest;

	while (why == NULL && have < size) {
		unsigned n = size - have < CHUNK ? size - have : CHUNK;

		if (have + n > room) {
			unsigned char *p;

			room = room * 2 > have + n ? room * 2 : have + n;
			room = room > size ? size : room;
			if ((p = realloc(x->data, room)) == NULL)
				return strerror(ENOMEM);
			x->data = p;
		}
		why = read_all(f, x->data + have, n);
		have += n;
	}
	if (why != NULL)
		return why;
	switch (packed_read(f, &rest, 1)) {
	case 0:
		return NULL;
	case 1:
		return "has trailing bytes";
	default:
		return f->why;
	}
}

int
idx_is(const char *path)
{
	struct idx x = {0};
	struct packed f;
	int is;

	/* What could not be looked at may be one: loading it says why. */
	if (open_file(&f, path) < 0)
		return f.passing;
	is = read_header(&f, &x) == NULL || f.passing;
	packed_close(&f);
	return is;
}

const char *
idx_load(struct idx *x, const char *path)
{
	struct packed f;
	const char *why;

	*x = (struct idx){0};
	if (open_file(&f, path) < 0)
		return f.why;
	why = read_header(&f, x);
	if (why == NULL)
		why = read_items(&f, x);
	packed_close(&f);
	if (why != NULL)
		idx_free(x);
	return why;
}

void
idx_free(struct idx *x)
{
	free(x->data);
	*x = (struct idx){0};
}
