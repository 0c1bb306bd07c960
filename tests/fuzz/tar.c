/*
 * A tar archive gives the same members and the same end, whether it comes in
 * one piece or in many; none has more bytes than may be. The first byte says
 * how large the pieces are.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "input/tar.h"
#include "target.h"

enum { LARGEST = 700 };

static void
put_member(const struct tar *t, struct buf *out)
{
	demand(t->data.len <= LARGEST);
	buf_put(out, t->name.p, t->name.len + 1);
	if (t->reason != NULL)
		buf_str(out, t->reason);
	else
		buf_put(out, t->data.p, t->data.len);
	buf_put(out, "\n", 1);
}

/* All that comes out, as text. */
static void
unpack(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	enum tar_what what = TAR_MORE;
	const char *why;
	struct tar t;
	int open = 0;

	tar_init(&t, LARGEST);
	while (size > 0 && what != TAR_BAD) {
		size_t n = size < piece ? size : piece, used = 0;
		uint8_t *copy = malloc(n);

		memcpy(copy, data, n);
		what = tar_feed(&t, copy, n, &used);
		demand(used <= n && (what != TAR_MORE || used == n));
		if (what == TAR_MEMBER)
			put_member(&t, out);
		free(copy);
		data += used;
		size -= used;
	}
	why = what == TAR_BAD ? t.why : tar_end(&t, &open);
	buf_str(out, why != NULL ? why : "whole");
	buf_int(out, (long long)t.offset);
	tar_free(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = {0}, pieces = {0};

	if (size == 0)
		return 0;
	unpack(data + 1, size - 1, size, &once);
	unpack(data + 1, size - 1, 1 + *data, &pieces);
	demand(
	    once.len == pieces.len && memcmp(once.p, pieces.p, once.len) == 0);
	buf_free(&once);
	buf_free(&pieces);
	return 0;
}
