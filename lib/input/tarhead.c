#include <string.h>

#include "input/tarhead.h"

/* The header's fields: where they begin, and how long they are. */
enum {
	NAME = 0,
	NAME_LEN = 100,
	SIZE = 124,
	MTIME = 136,
	NUMBER_LEN = 12,
	CHECKSUM = 148,
	CHECKSUM_LEN = 8,
	TYPE = 156,
	MAGIC = 257,
	PREFIX = 345,
	PREFIX_LEN = 155,
	/* GNU's old sparse files: whether a block follows with more. */
	SPARSE_MORE = 482
};

/*
 * A number: octal digits, with spaces before and a space or NUL after them, or
 * GNU's big-endian binary. Returns 0, or -1: malformed, or 2^63 and more.
 */
static int
number(const unsigned char *p, size_t n, unsigned long long *x)
{
	size_t i = 0;

	*x = 0;
	if (p[0] == 0x80) {
		for (i = 1; i < n && *x >> 55 == 0; i++)
			*x = *x << 8 | p[i];
		return i == n && *x >> 63 == 0 ? 0 : -1;
	}
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		*x = *x << 3 | (unsigned)(p[i] - '0');
	while (i < n && (p[i] == ' ' || p[i] == '\0'))
		i++;
	return i == n ? 0 : -1;
}

/* The bytes' sum, with the checksum itself taken for spaces. */
static int
checksum_fits(const unsigned char *block)
{
	unsigned long long want, sum = 0;

	if (number(block + CHECKSUM, CHECKSUM_LEN, &want) < 0)
		return 0;
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i - CHECKSUM < CHECKSUM_LEN ? ' ' : block[i];
	return sum == want;
}

int
tarhead_begins(const unsigned char *block)
{
	/* V7's has no magic; its sum is one of 2^17. */
	int old = block[NAME] != '\0' &&
		  (block[TYPE] == '\0' ||
		      (block[TYPE] >= '0' && block[TYPE] <= '7'));

	return (old || memcmp(block + MAGIC, "ustar", 5) == 0) &&
	       checksum_fits(block);
}

/* The name, with what stands before it. */
static void
take_name(const char *b, struct tarhead *h)
{
	size_t n = 0, len;

	/* GNU's own format has something else at the prefix. */
	if (memcmp(b + MAGIC, "ustar\0", 6) == 0 && b[PREFIX] != '\0') {
		n = strnlen(b + PREFIX, PREFIX_LEN);
		memcpy(h->name, b + PREFIX, n);
		h->name[n++] = '/';
	}
	len = strnlen(b + NAME, NAME_LEN);
	memcpy(h->name + n, b + NAME, len);
	h->len = n + len;
}

const char *
tarhead_read(struct tarhead *h, const unsigned char *block)
{
	unsigned long long mtime;

	if (!checksum_fits(block))
		return "damaged header";
	if (number(block + SIZE, NUMBER_LEN, &h->size) < 0)
		return "bad size";
	h->type = block[TYPE] == '\0' ? '0' : block[TYPE];
	h->mtime = number(block + MTIME, NUMBER_LEN, &mtime) < 0
		       ? 0
		       : (double)mtime;
	h->more_sparse = h->type == 'S' && block[SPARSE_MORE] != 0;
	take_name((const char *)block, h);
	return NULL;
}
