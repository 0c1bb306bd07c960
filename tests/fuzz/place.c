/*
 * Where a followed log was left. An input that begins with 's' is the text of
 * a state: refused, or written as it was read. Any other is a log: a place in
 * it, wherever it is and in whatever pieces it was reached, is known again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "run/follow.h"
#include "target.h"

static void
walk(struct follow *f, struct store *s)
{
	store_open(s, NULL, '{');
	follow_state(f, s);
	store_close(s, '}');
}

static void
read_state(const uint8_t *data, size_t size)
{
	struct buf text = {0}, again = {0}, third = {0};
	struct follow f = {.chain.path = "log"}, g = {.chain.path = "log"};
	struct store s;

	for (int i = 0; i < LOGCHAIN_FILES; i++)
		f.chain.file[i].fd = g.chain.file[i].fd = -1;
	buf_put(&text, data, size);
	buf_put(&text, "", 1);
	store_read(&s, text.p, size);
	walk(&f, &s);
	if (store_end(&s) == NULL) {
		store_write(&s, &again);
		walk(&f, &s);
		buf_put(&again, "", 1);
		store_read(&s, again.p, again.len - 1);
		walk(&g, &s);
		demand(store_end(&s) == NULL);
		store_write(&s, &third);
		walk(&g, &s);
		demand(third.len + 1 == again.len &&
		       memcmp(third.p, again.p, third.len) == 0);
	}
	follow_close(&f);
	follow_close(&g);
	buf_free(&text);
	buf_free(&again);
	buf_free(&third);
}

static void
find_place(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	int fd = memfd_create("log", MFD_CLOEXEC);
	size_t to = size > 0 ? data[0] * size / 256 : 0;
	size_t first = size > 1 ? data[1] * to / 256 : 0;
	struct place_tail tail = {0}, again = {0};
	struct place p, q;

	demand(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	demand(place_begin(&p, fd) == 0);
	place_advance(&p, &tail, text, first, 0);
	place_advance(&p, &tail, text + first, to - first, 0);
	q = p;
	demand(place_holds(&q, &again, fd) && q.offset == to);
	demand(again.size == tail.size &&
	       memcmp(again.text, tail.text, tail.size) == 0);
	if (to > 0) {
		demand(ftruncate(fd, (off_t)to - 1) == 0);
		demand(!place_holds(&q, &again, fd));
	}
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0 && *data == 's')
		read_state(data + 1, size - 1);
	else
		find_place(data, size);
	return 0;
}
