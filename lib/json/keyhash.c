#include <string.h>

#include "base/utf8.h"
#include "json/intern.h"
#include "json/keyhash.h"

/* The value's text, cut to size; its length, 0 when it has none. */
static size_t
text_of(const struct json_span *s, char *text, size_t size)
{
	const char *name;
	size_t len;

	if (s->type == JSON_STRING) {
		len = json_text(s, text, size);
		return len < size ? len : size - 1;
	}
	if (!json_name(s, &name, &len))
		return 0;
	len = len < size ? len : size - 1;
	memcpy(text, name, len);
	return len;
}

/* A character that is not there, or not itself, in a label (promlabel.h). */
static int
is_replaced(const char *p, size_t len)
{
	unsigned char c = (unsigned char)p[0];

	switch (len) {
	case 0:
		return 1;
	case 1:
		return (c < 0x20 && c != '\n') || c == 0x7f;
	case 2:
		return c == 0xc2 && (unsigned char)p[1] < 0xa0;
	default:
		return len == 3 && memcmp(p, "\xef\xbf\xbd", 3) == 0;
	}
}

int
keyhash(const struct json_span *value, uint32_t *hash)
{
	char text[2 * KEYHASH_LONGEST], kept[KEYHASH_LONGEST];
	size_t left = text_of(value, text, sizeof(text)), n = 0, as_label = 0;

	if (left == 0)
		return 0;
	for (const char *p = text; left > 0;) {
		size_t k = utf8_length(p, left), step = k > 0 ? k : 1;
		int replaced = is_replaced(p, k);

		as_label += replaced ? 3 : k;
		if (as_label > KEYHASH_LONGEST)
			break;
		if (!replaced) {
			memcpy(kept + n, p, k);
			n += k;
		}
		p += step;
		left -= step;
	}
	*hash = (uint32_t)intern_hash(kept, n);
	return 1;
}
