#include <string.h>

#include "bus/deliver.h"
#include "bus/origins.h"
#include "tool/err.h"
#include "tool/skip.h"

enum { HEADERS = 1024 /* bytes that the server counts, too */ };

/* The bytes of the lines that are one message, at least of one. */
static size_t
fit(const char *p, size_t n, size_t limit, uint64_t *records)
{
	size_t len = 0;

	*records = 0;
	while (len < n) {
		const char *end = memchr(p + len, '\n', n - len);
		size_t next = end != NULL ? (size_t)(end - p) + 1 : n;

		if (next > limit && *records > 0)
			break;
		len = next;
		(*records)++;
	}
	return len;
}

static void
put_id(struct buf *b, const char *origin, uint64_t first)
{
	b->len = 0;
	origins_put(b, origin, first);
	buf_put(b, "", 1);
}

enum jetstream_result
deliver(struct jetstream *js, const char *subject, const char *origin,
    uint64_t first, const struct buf *lines)
{
	size_t most = jetstream_most(js), limit, n;
	struct buf id = {0}, instead = {0};
	enum jetstream_result r = JETSTREAM_DONE;
	uint64_t records;

	limit = most > 2 * HEADERS ? most - HEADERS : most / 2;
	for (size_t at = 0; at < lines->len && r == JETSTREAM_DONE; at += n) {
		const char *p = lines->p + at;

		n = fit(p, lines->len - at, limit, &records);
		put_id(&id, origin, first);
		instead.len = 0;
		if (n > limit) {
			err_warn("a record of %zu bytes is more than the "
				 "server or the stream takes, and skipped",
			    n);
			skip_put(&instead, "long", id.p);
			buf_str(&instead, "\n");
		}
		if (id.failed || instead.failed)
			err_memory();
		r = jetstream_publish(js, subject, id.p,
		    n > limit ? instead.p : p, n > limit ? instead.len : n);
		if (r == JETSTREAM_LARGE && n <= limit) {
			limit = records > 1 ? n / 2 : n - 1;
			n = 0;
			r = JETSTREAM_DONE;
			continue;
		}
		first += records;
	}
	buf_free(&id);
	buf_free(&instead);
	return r;
}
