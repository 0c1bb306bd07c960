/*
 * Motion JPEG gives the same images, whether it comes in one piece or in many;
 * none has more bytes than may be, and what is given begins and ends as a JPEG
 * image does. The first byte says how large the pieces are.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "input/mjpeg.h"
#include "target.h"

enum { LARGEST = 700 };

static void
put_image(const struct mjpeg *m, struct buf *out)
{
	const char *p = m->data.p;
	size_t n = m->data.len;

	buf_int(out, (long long)m->number);
	if (m->reason != NULL) {
		buf_str(out, m->reason);
		return;
	}
	demand(n >= 4 && n <= LARGEST);
	demand(memcmp(p, "\xff\xd8\xff", 3) == 0);
	demand(memcmp(p + n - 2, "\xff\xd9", 2) == 0);
	buf_put(out, p, n);
}

/* All that comes out, as text. */
static void
split(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct mjpeg m;

	mjpeg_init(&m, LARGEST);
	while (size > 0) {
		size_t n = size < piece ? size : piece;

		mjpeg_put(&m, data, n);
		while (mjpeg_next(&m))
			put_image(&m, out);
		data += n;
		size -= n;
	}
	if (mjpeg_end(&m))
		put_image(&m, out);
	mjpeg_free(&m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = {0}, pieces = {0};

	if (size == 0)
		return 0;
	split(data + 1, size - 1, size, &once);
	split(data + 1, size - 1, 1 + *data, &pieces);
	demand(once.len == pieces.len &&
	       (once.len == 0 || memcmp(once.p, pieces.p, once.len) == 0));
	buf_free(&once);
	buf_free(&pieces);
	return 0;
}
