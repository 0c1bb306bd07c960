#include "base/base64.h"
#include "base/buf.h"
#include "json/json.h"
#include "json/name.h"
#include "base/utf8.h"

static int
is_utf8(const char *p, size_t left)
{
	while (left > 0) {
		size_t n = utf8_length(p, left);

		if (n == 0)
			return 0;
		p += n;
		left -= n;
	}
	return 1;
}

void
name_put(struct buf *b, const char *name, size_t len)
{
	buf_key(b, "image");
	buf_json(b, name, len);
	if (is_utf8(name, len))
		return;
	buf_key(b, "image_bytes");
	buf_str(b, "\"");
	base64_put(b, name, len);
	buf_str(b, "\"");
}

/* Appends the text of a JSON string. */
static void
put_text(struct buf *b, const struct json_span *s)
{
	/* It is never longer than its escaped form. */
	char *p = buf_room(b, s->len + 1);

	if (p != NULL)
		b->len += json_text(s, p, s->len + 1);
}

static const char *
get(struct buf *b, const struct json_span *image,
    const struct json_span *image_bytes)
{
	struct buf text = {0};
	int r;

	if (image_bytes->type == JSON_STRING) {
		put_text(&text, image_bytes);
		r = base64_get(b, text.p, text.len);
		b->failed |= text.failed;
		buf_free(&text);
		return r == 0 ? NULL : "'image_bytes' is not base64";
	}
	if (image->type != JSON_STRING)
		return "no string 'image'";
	put_text(b, image);
	return NULL;
}

const char *
name_get(struct buf *b, const struct json_span *image,
    const struct json_span *image_bytes)
{
	const char *why = get(b, image, image_bytes);

	buf_put(b, "", 1);
	b->len -= !b->failed;
	return why;
}
