/* outbox: what waits, over restarts, and when there is no more room. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/outbox.h"
#include "tap.h"
#include "tool/err.h"

static char dir[64];

/* Another process would have the lock: here each has a directory. */
static void
fresh(void)
{
	static int n;

	snprintf(dir, sizeof(dir), "/tmp/outbox_test.%d.%d", getpid(), ++n);
}

static void
remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	ok(system(command) == 0, "removed");
}

static void
waits(void)
{
	struct outbox o;
	struct buf text = {0};

	fresh();
	outbox_open(&o, dir, 1 << 20, 0);
	ok(outbox_first(&o, 99, &text) == 0, "a new one is empty");
	outbox_add(&o, "a\nb\n", 4, 2);
	outbox_add(&o, "c\n", 2, 1);
	ok(o.next == 4 && outbox_waiting(&o) == 3, "records are numbered");
	ok(outbox_first(&o, 1, &text) == 0, "what may not go yet stays");
	ok(outbox_first(&o, 2, &text) == 1 && text.len == 4 &&
		memcmp(text.p, "a\nb\n", 4) == 0,
	    "the oldest goes first");
	outbox_sent(&o);
	ok(outbox_first(&o, 99, &text) == 3 && outbox_waiting(&o) == 1,
	    "then the next");
	outbox_sent(&o);
	ok(outbox_first(&o, 99, &text) == 0 && o.next == 4, "then none");
	remove_dir();
	buf_free(&text);
}

static void
full(void)
{
	struct outbox o;
	struct buf text = {0};
	uint64_t first, seen = 0, gap_from = 0, gap_to = 0;
	char line[64];

	fresh();
	outbox_open(&o, dir, 10 * 4096, 0);
	for (int i = 1; i <= 300; i++) {
		int n = snprintf(line, sizeof(line), "%d\n%d\n%d\n", 3 * i - 2,
		    3 * i - 1, 3 * i);

		outbox_add(&o, line, (size_t)n, 3);
	}
	ok(outbox_first(&o, 9999, &text) == 1,
	    "the oldest stays: it may be on its way");
	while ((first = outbox_first(&o, 9999, &text)) != 0) {
		buf_put(&text, "", 1);
		if (sscanf(strstr(text.p, "records ")
			       ? strstr(text.p, "records ")
			       : "",
			"records %" SCNu64 " to %" SCNu64, &gap_from,
			&gap_to) < 2)
			seen += strtoul(text.p, NULL, 10) == first ? 3 : 1000;
		outbox_sent(&o);
	}
	ok(gap_from == 4 && gap_to > 800 && gap_to < 900,
	    "the next ones go, and a record says which");
	ok(seen + gap_to - gap_from + 1 == 900 &&
		o.dropped == gap_to - gap_from + 1,
	    "all others are there");
	remove_dir();
	buf_free(&text);
}

/* The file of a message, cut after so many bytes. */
static void
cut(const char *name, off_t n)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	ok(truncate(path, n) == 0, "cut");
}

static int
has(const struct buf *text, const char *begin)
{
	size_t n = strlen(begin);

	return text->len > n && memcmp(text->p, begin, n) == 0 &&
	       memmem(text->p, text->len, "{\"skipped\":", 11) == text->p + n &&
	       text->p[text->len - 1] == '\n';
}

static void
damaged(void)
{
	static const char *const left[] = {"", "", "a\n", "a\n"};
	struct outbox o;
	struct buf text = {0};

	for (off_t n = 0; n < 4; n++) {
		fresh();
		outbox_open(&o, dir, 1 << 20, 0);
		outbox_add(&o, "a\nb\n", 4, 2);
		outbox_add(&o, "c\n", 2, 1);
		cut("0000000000000001.ndjson", n);
		ok(outbox_first(&o, 99, &text) == 1 && has(&text, left[n]),
		    "what is whole, and that the rest is not");
		outbox_sent(&o);
		ok(outbox_first(&o, 99, &text) == 3 && text.len == 2,
		    "and the next");
		remove_dir();
	}
	buf_free(&text);
}

int
main(void)
{
	err_level(-1);
	waits();
	full();
	damaged();
	return done_testing();
}
