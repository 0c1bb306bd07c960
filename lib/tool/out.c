#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/err.h"
#include "json/jsonscan.h"
#include "tool/out.h"

static char data[1 << 17];
static size_t used;

static void
write_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			used = 0; /* exit is not to try again */
			err_die("standard output: %m");
		}
		p += k;
		n -= (size_t)k;
	}
}

void
out_flush(void)
{
	write_all(data, used);
	used = 0;
}

/* Where n bytes can be put, which used is to be raised by; NULL: too many. */
static char *
room(size_t n)
{
	static int once;

	if (!once)
		once = atexit(out_flush) == 0;
	if (n > sizeof(data) - used)
		out_flush();
	return n <= sizeof(data) ? data + used : NULL;
}

void
out_write(const void *p, size_t n)
{
	char *to = room(n);

	if (to == NULL) {
		write_all(p, n);
		return;
	}
	memcpy(to, p, n);
	used += n;
}

/* Before the first byte of a line, so that none is left half written. */
static void
check_memory(const struct buf *b)
{
	if (b->failed)
		err_memory();
}

void
out_record(const char *record, size_t len)
{
	out_write(record, len);
	out_write("\n", 1);
}

/* The members, and the rest of the record, from its closing brace on. */
static void
end_with(const char *brace, size_t rest, int empty, struct buf *members)
{
	char *to = room(1 + members->len + rest + 1);

	if (to == NULL) {
		out_write(",", !empty);
		out_write(members->p, members->len);
		out_write(brace, rest);
		out_write("\n", 1);
	} else {
		char *p = to;

		*p = ',';
		p += !empty;
		memcpy(p, members->p, members->len);
		p += members->len;
		memcpy(p, brace, rest);
		p += rest;
		*p++ = '\n';
		used += (size_t)(p - to);
	}
	members->len = 0;
}

void
out_append(const char *record, size_t len, const struct json_line *line,
    struct buf *members)
{
	check_memory(members);
	out_write(record, line->close);
	end_with(record + line->close, len - line->close, line->empty, members);
}

void
out_replace(const char *record, size_t len, const struct json_line *line,
    const struct json_span *value, struct buf *members)
{
	const char *begin, *end, *p, *brace = record + line->close;

	check_memory(members);
	json_member(value, &begin, &end);
	out_write(record, (size_t)(begin - record));
	out_write(end, (size_t)(brace - end));
	/* Was it the only member? Then nothing but space is left. */
	p = record + strspn(record, " \t\r") + 1;
	p += strspn(p, " \t\r");
	end_with(brace, len - line->close,
	    p >= begin && end + strspn(end, " \t\r") == brace, members);
}

void
out_line(struct buf *b)
{
	check_memory(b);
	out_write(b->p, b->len);
	out_write("\n", 1);
	b->len = 0;
}

void
out_close(void)
{
	out_flush();
	if (close(STDOUT_FILENO) < 0)
		err_die("standard output: %m");
}
