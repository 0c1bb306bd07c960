#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "run/place.h"
#include "tool/gzip.h"

int
place_begin(struct place *p, int fd)
{
	struct statx x;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &x) <
	    0)
		return -1;
	*p = (struct place){.inode = x.stx_ino};
	p->device = makedev(x.stx_dev_major, x.stx_dev_minor);
	if (x.stx_mask & STATX_BTIME)
		p->birth = (uint64_t)x.stx_btime.tv_sec * 1000000000 +
			   x.stx_btime.tv_nsec;
	return 0;
}

int
place_end(struct place *p, int fd)
{
	struct stat st;
	char text[PLACE_TEXT];
	size_t n;

	if (place_begin(p, fd) < 0 || fstat(fd, &st) < 0)
		return -1;
	p->offset = (uint64_t)st.st_size;
	n = p->offset < PLACE_TEXT ? (size_t)p->offset : PLACE_TEXT;
	if (pread(fd, text, n, 0) != (ssize_t)n)
		return -1;
	p->head = gzip_crc(0, text, n);
	if (pread(fd, text, n, (off_t)(p->offset - n)) != (ssize_t)n)
		return -1;
	p->mark = gzip_crc(0, text, n);
	return 0;
}

int
place_same(const struct place *a, const struct place *b)
{
	if (a->inode != b->inode)
		return 0;
	if (a->birth != 0 && b->birth != 0)
		return a->birth == b->birth;
	return a->device == b->device || a->device == 0 || b->device == 0;
}

int
place_is_at(const struct place *p, const char *path)
{
	struct place now;
	int fd = open(path, O_PATH | O_CLOEXEC);
	int is = fd >= 0 && place_begin(&now, fd) == 0 && place_same(p, &now);

	if (fd >= 0)
		close(fd);
	return is;
}

/* The tail, with these bytes after it. */
static void
extend_tail(struct place_tail *tail, const char *text, size_t n)
{
	size_t keep = n < PLACE_TEXT ? PLACE_TEXT - n : 0;

	if (n > PLACE_TEXT) {
		text += n - PLACE_TEXT;
		n = PLACE_TEXT;
	}
	if (keep > tail->size)
		keep = tail->size;
	memmove(tail->text, tail->text + tail->size - keep, keep);
	memcpy(tail->text + keep, text, n);
	tail->size = keep + n;
}

void
place_advance(struct place *p, struct place_tail *tail, const char *text,
    size_t n, uint64_t lines)
{
	if (p->offset < PLACE_TEXT) {
		size_t first = PLACE_TEXT - (size_t)p->offset;

		first = first < n ? first : n;
		extend_tail(tail, text, first);
		p->head = gzip_crc(0, tail->text, tail->size);
		p->offset += first;
		text += first;
		n -= first;
	}
	extend_tail(tail, text, n);
	p->mark = gzip_crc(0, tail->text, tail->size);
	p->offset += n;
	p->line += lines;
}

int
place_holds(struct place *p, struct place_tail *tail, int fd)
{
	size_t n = p->offset < PLACE_TEXT ? (size_t)p->offset : PLACE_TEXT;
	char text[PLACE_TEXT];

	if (p->offset > INT64_MAX || pread(fd, text, n, 0) != (ssize_t)n ||
	    (p->device != 0 && gzip_crc(0, text, n) != p->head) ||
	    pread(fd, tail->text, n, (off_t)(p->offset - n)) != (ssize_t)n)
		return 0;
	tail->size = n;
	if (p->device == 0)
		p->head = gzip_crc(0, text, n);
	return gzip_crc(0, tail->text, n) == p->mark;
}

int
place_skip(struct place *p, struct place_tail *tail,
    ssize_t (*read_on)(void *from, void *to, size_t n), void *from)
{
	struct place seen = {0};
	char text[PLACE_TEXT];

	tail->size = 0;
	while (seen.offset < p->offset) {
		uint64_t left = p->offset - seen.offset;
		ssize_t n = read_on(from, text,
		    left < sizeof(text) ? (size_t)left : sizeof(text));

		if (n <= 0)
			return 0;
		place_advance(&seen, tail, text, (size_t)n, 0);
		if (seen.offset == PLACE_TEXT && seen.head != p->head)
			return 0;
	}
	return seen.head == p->head && seen.mark == p->mark;
}

void
place_state(struct place *p, struct store *s)
{
	store_u64(s, "inode", &p->inode);
	store_u64(s, "offset", &p->offset);
	store_u64(s, "mark", &p->mark);
	/* Version 1 knew no more: what is 0 is not compared. */
	if (store_reading(s) && s->p < s->end && *s->p == '}')
		return;
	store_u64(s, "device", &p->device);
	store_u64(s, "birth", &p->birth);
	store_u64(s, "head", &p->head);
	store_u64(s, "line", &p->line);
}
