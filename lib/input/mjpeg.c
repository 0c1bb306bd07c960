#include <string.h>

#include "base/memory.h"
#include "input/mjpeg.h"

enum { FILL = 0xff, SOI = 0xd8, EOI = 0xd9, SOS = 0xda, APP1 = 0xe1 };
enum { BETWEEN_MAX = 4096 };

/* What a step has come to. */
enum step { MORE, AGAIN, IMAGE };

void
mjpeg_init(struct mjpeg *m, size_t largest)
{
	*m = (struct mjpeg){.largest = largest};
}

static int
byte(const struct mjpeg *m, size_t at)
{
	return (unsigned char)m->ahead.p[at];
}

static void
refuse(struct mjpeg *m, const char *stage, const char *reason)
{
	m->data.len = 0;
	m->stage = stage;
	m->reason = reason;
}

/* What there is of the image is dropped; the next is looked for from there. */
static enum step
give_up(struct mjpeg *m, size_t from, const char *stage, const char *reason)
{
	refuse(m, stage, reason);
	m->begin = m->at = from;
	m->doing = MJPEG_BETWEEN;
	m->told = 1;
	return IMAGE;
}

static enum step
too_large(struct mjpeg *m, size_t from)
{
	return give_up(m, from, "limit", "file too large");
}

/*
 * A segment of a wrong length may have swallowed images: they are looked for
 * in it. But a segment of Exif may hold a small image of its own.
 */
static enum step
damaged(struct mjpeg *m)
{
	size_t from = m->at;

	if (byte(m, m->segment + 1) != APP1)
		from = m->segment + 2;
	return give_up(m, from, "decode", "damaged: no JPEG marker");
}

/* The image ends before the position. */
static enum step
take_image(struct mjpeg *m, size_t end)
{
	size_t n = end - m->begin;

	m->told = 0;
	m->between = 0;
	m->data.len = 0;
	m->stage = m->reason = NULL;
	if (n > m->largest)
		refuse(m, "limit", "file too large");
	else
		buf_put(&m->data, m->ahead.p + m->begin, n);
	if (m->data.failed) {
		buf_free(&m->data);
		refuse(m, "read", NO_MEMORY);
	}
	m->begin = m->at = end;
	m->doing = MJPEG_BETWEEN;
	return IMAGE;
}

/* The next FF D8 FF from a position on, or where one might have begun. */
static size_t
find_start(const struct mjpeg *m, size_t at, int *found)
{
	const char *p = m->ahead.p, *hit;
	size_t len = m->ahead.len;

	for (; at < len; at++) {
		hit = memchr(p + at, FILL, len - at);
		at = hit != NULL ? (size_t)(hit - p) : len;
		*found = len - at > 2 && byte(m, at + 1) == SOI &&
			 byte(m, at + 2) == FILL;
		if (*found || (len - at == 2 && byte(m, at + 1) == SOI) ||
		    len - at <= 1)
			break;
	}
	return at;
}

/* Whether what is up to the position may be between two images. */
static int
is_harmless(struct mjpeg *m, size_t end)
{
	for (size_t i = m->at; i < end; i++) {
		int c = byte(m, i);
		int text = (c >= ' ' && c <= '~') || c == '\r' || c == '\n' ||
			   c == '\t';

		if (!text && c != 0 && c != FILL)
			return 0;
	}
	m->between += end - m->at;
	return m->between <= BETWEEN_MAX;
}

static enum step
skip_between(struct mjpeg *m)
{
	int found = 0, stray;
	size_t to = find_start(m, m->at, &found);

	stray = !m->told && !is_harmless(m, to);
	m->begin = m->at = to;
	if (stray) {
		refuse(m, "decode", "not a JPEG image");
		m->told = 1;
		return IMAGE;
	}
	if (!found)
		return MORE;
	m->segment = to;
	m->at = to + 2;
	m->doing = MJPEG_MARKER;
	return AGAIN;
}

/* A segment that has a length begins at the position. */
static enum step
take_segment(struct mjpeg *m)
{
	size_t left = m->ahead.len - m->at, n;

	if (left < 4)
		return MORE;
	n = (size_t)byte(m, m->at + 2) << 8 | (size_t)byte(m, m->at + 3);
	if (n < 2)
		return damaged(m);
	if (left < 2 + n)
		return MORE;
	m->segment = m->at;
	m->at += 2 + n;
	if (byte(m, m->segment + 1) == SOS)
		m->doing = MJPEG_SCAN;
	return AGAIN;
}

static enum step
another_begins(struct mjpeg *m)
{
	return give_up(
	    m, m->at, "decode", "truncated: another image begins in it");
}

static enum step
take_marker(struct mjpeg *m)
{
	size_t left = m->ahead.len - m->at;
	int code;

	if (m->at - m->begin > m->largest)
		return too_large(m, m->at);
	if (left > 0 && byte(m, m->at) != FILL)
		return damaged(m);
	if (left < 2)
		return MORE;
	code = byte(m, m->at + 1);
	if (code == FILL) {
		m->at++;
		return AGAIN;
	}
	if (code == EOI)
		return take_image(m, m->at + 2);
	if (code == SOI)
		return another_begins(m);
	if (code < 0xc0)
		return damaged(m);
	return take_segment(m);
}

/* The coded data of a scan, up to a marker that is none of theirs. */
static enum step
take_scan(struct mjpeg *m)
{
	const char *p = m->ahead.p;
	size_t len = m->ahead.len, end = m->begin + m->largest + 1;
	const char *hit = memchr(p + m->at, FILL, len - m->at);
	int code;

	m->at = hit != NULL ? (size_t)(hit - p) : len;
	if (m->at >= end)
		return too_large(m, end);
	if (len - m->at < 2)
		return MORE;
	code = byte(m, m->at + 1);
	if (code == SOI && len - m->at < 3)
		return MORE;
	if (code == SOI && byte(m, m->at + 2) == FILL)
		return another_begins(m);
	if (code == FILL)
		m->at++;
	else if (code == 0 || (code >= 0xd0 && code <= SOI))
		m->at += 2;
	else
		m->doing = MJPEG_MARKER;
	return AGAIN;
}

static enum step
step(struct mjpeg *m)
{
	switch (m->doing) {
	case MJPEG_MARKER:
		return take_marker(m);
	case MJPEG_SCAN:
		return take_scan(m);
	default:
		return skip_between(m);
	}
}

/* What has been given or given up makes room. */
static void
drop_before(struct mjpeg *m)
{
	struct buf *b = &m->ahead;

	if (m->begin == 0)
		return;
	memmove(b->p, b->p + m->begin, b->len - m->begin);
	b->len -= m->begin;
	m->at -= m->begin;
	m->segment -= m->segment < m->begin ? m->segment : m->begin;
	m->begin = 0;
}

void
mjpeg_put(struct mjpeg *m, const void *p, size_t n)
{
	drop_before(m);
	buf_put(&m->ahead, p, n);
}

int
mjpeg_next(struct mjpeg *m)
{
	enum step s = AGAIN;

	if (m->ahead.failed) {
		buf_free(&m->ahead);
		s = give_up(m, 0, "read", NO_MEMORY);
	}
	while (s == AGAIN)
		s = step(m);
	m->number = m->count;
	m->count += s == IMAGE;
	return s == IMAGE;
}

int
mjpeg_end(struct mjpeg *m)
{
	size_t left = m->ahead.len - m->begin;

	if (m->doing != MJPEG_BETWEEN)
		refuse(m, "decode", "truncated");
	else if (!m->told && (left > 1 || (m->count == 0 && m->between > 0)))
		refuse(m, "decode", "not a JPEG image");
	else
		return 0;
	m->number = m->count++;
	return 1;
}

void
mjpeg_free(struct mjpeg *m)
{
	buf_free(&m->data);
	buf_free(&m->ahead);
}
