#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "out.h"

static char data[1 << 16];
static size_t used;

static void
write_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			err_die("standard output: %m");
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

void
out_write(const void *p, size_t n)
{
	if (n > sizeof(data) - used) {
		out_flush();
		if (n > sizeof(data)) {
			write_all(p, n);
			return;
		}
	}
	memcpy(data + used, p, n);
	used += n;
}

void
out_record(const struct rec *r)
{
	out_write(r->line, r->len);
	out_write("\n", 1);
}

void
out_append(
    const struct rec *r, const struct json_line *line, struct buf *members)
{
	if (members->failed)
		err_die("out of memory");
	out_write(r->line, line->close);
	if (!line->empty)
		out_write(",", 1);
	out_write(members->p, members->len);
	out_write(r->line + line->close, r->len - line->close);
	out_write("\n", 1);
	members->len = 0;
}

void
out_line(struct buf *b)
{
	if (b->failed)
		err_die("out of memory");
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
