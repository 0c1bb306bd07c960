/*
 * What a file is, and how far it was read. The checksums are Python's, of
 * text = b''.join(b'{"x":%d}\n' % i for i in range(1000)):
 * zlib.crc32(text[:4096]), zlib.crc32(text[8890 - 4096:8890]).
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/place.h"
#include "tap.h"

enum { LINES = 1000, AT = 8890, LINES_BEFORE = 900 };
#define HEAD 3803904443
#define MARK 489266594

static char dir[] = "/tmp/place_test.XXXXXX";
static char text[16 * LINES];
static size_t size;

static int
make(const char *name, const char *p, size_t n)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0666);

	if (write(fd, p, n) != (ssize_t)n)
		perror(name);
	return fd;
}

static const char *
read_place(struct place *p, const char *state)
{
	struct store s;

	store_read(&s, state, strlen(state));
	store_open(&s, NULL, '{');
	place_state(p, &s);
	store_close(&s, '}');
	return store_end(&s);
}

static void
check_advance(int fd)
{
	struct place p, q;
	struct place_tail tail = {0}, again = {0};
	size_t done = 0;

	ok(place_begin(&p, fd) == 0 && p.inode != 0 && p.offset == 0,
	    "the beginning");
	for (size_t piece = 1; done < AT; piece = piece * 2 + 1) {
		size_t n = done + piece < AT ? piece : AT - done;

		place_advance(&p, &tail, text + done, n, 0);
		done += n;
	}
	ok(p.offset == AT && p.head == HEAD && p.mark == MARK,
	    "in pieces: both checksums");
	q = p;
	ok(place_holds(&q, &again, fd) && tail.size == PLACE_TEXT &&
		memcmp(again.text, tail.text, PLACE_TEXT) == 0,
	    "the file holds it, and the tail is back");
	q.mark++;
	ok(!place_holds(&q, &again, fd), "not with other bytes before it");
	q = p;
	q.head++;
	ok(!place_holds(&q, &again, fd), "nor at the beginning");
	q = p;
	q.offset = size + 1;
	ok(!place_holds(&q, &again, fd), "nor if the file is shorter");
	q.offset = UINT64_MAX;
	ok(!place_holds(&q, &again, fd), "nor at a place that no file has");
}

/* The state of 0.1.0 has an inode, an offset and the mark. */
static void
check_old_state(int fd)
{
	struct place_tail tail;
	struct place now, p = {0};
	char state[200];

	place_begin(&now, fd);
	snprintf(state, sizeof(state),
	    "{\"inode\":%llu,\"offset\":%d,\"mark\":%d}",
	    (unsigned long long)now.inode, AT, MARK);
	ok(read_place(&p, state) == NULL && p.inode == now.inode &&
		p.offset == AT && p.mark == MARK && p.device == 0 &&
		p.birth == 0 && p.line == 0,
	    "the state of 0.1.0 is read");
	ok(place_same(&p, &now), "and is of the same file");
	ok(place_holds(&p, &tail, fd) && p.head == HEAD,
	    "which holds what was read, and has a head from now on");
	p.mark++;
	ok(!place_holds(&p, &tail, fd), "what it does not hold is refused");
	p = (struct place){0};
	ok(read_place(&p, "{\"inode\":1,\"offset\":2}") != NULL,
	    "a state without a mark is refused");
}

static void
check_state(int fd)
{
	struct place p, q = {0};
	struct place_tail tail = {0};
	struct buf out = {0};
	struct store s;

	place_begin(&p, fd);
	place_advance(&p, &tail, text, AT, LINES_BEFORE);
	store_write(&s, &out);
	store_open(&s, NULL, '{');
	place_state(&p, &s);
	store_close(&s, '}');
	buf_put(&out, "", 1);
	ok(read_place(&q, out.p) == NULL && memcmp(&p, &q, sizeof(p)) == 0,
	    "a state comes back");
	buf_free(&out);
}

static void
check_same(void)
{
	struct place a = {.device = 1, .inode = 2, .birth = 3}, b = a;

	ok(place_same(&a, &b), "the same file");
	b.device = 9;
	ok(place_same(&a, &b),
	    "after a restart, on a device of another number");
	b.birth = 4;
	ok(!place_same(&a, &b), "not one with the inode that was free again");
	b.birth = 0;
	ok(!place_same(&a, &b), "without a birth the device counts");
	b.device = 1;
	ok(place_same(&a, &b), "if it is known");
	b.inode = 3;
	ok(!place_same(&a, &b), "another inode");
}

static void
check_name(int fd)
{
	struct place p;
	int other;

	place_begin(&p, fd);
	ok(place_is_at(&p, "log"), "it has its name");
	rename("log", "log.1");
	ok(!place_is_at(&p, "log") && place_is_at(&p, "log.1"), "and another");
	other = make("log", text, size);
	ok(!place_is_at(&p, "log"), "its name is a copy's");
	close(other);
}

int
main(void)
{
	int fd;

	for (int i = 0; i < LINES; i++)
		size += (size_t)sprintf(text + size, "{\"x\":%d}\n", i);
	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	fd = make("log", text, size);
	check_advance(fd);
	check_old_state(fd);
	check_state(fd);
	check_same();
	check_name(fd);
	close(fd);
	unlink("log");
	unlink("log.1");
	rmdir(dir);
	return done_testing();
}
