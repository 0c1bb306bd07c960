/* origins: what has come before, by the ids of messages. */
#include <stdlib.h>
#include <string.h>

#include "bus/origins.h"
#include "tap.h"

static void
in_order(void)
{
	struct origins o;

	origins_init(&o);
	ok(origins_known(&o, "driftpipe:a:1", 10) == 0 &&
		origins_known(&o, "driftpipe:a:11", 5) == 0,
	    "new records are new");
	ok(origins_known(&o, "driftpipe:a:11", 5) == 5 &&
		origins_known(&o, "driftpipe:a:1", 10) == 10,
	    "the same again are not");
	ok(origins_known(&o, "driftpipe:a:14", 5) == 2 &&
		origins_known(&o, "driftpipe:a:14", 5) == 5,
	    "nor a part of them");
	ok(origins_known(&o, "driftpipe:b:1", 3) == 0,
	    "another publisher has numbers of its own");
	ok(origins_known(&o, "driftpipe:a:100", 3) == 0 &&
		origins_known(&o, "driftpipe:a:50", 3) == 3,
	    "what is left out does not come later");
}

static void
others(void)
{
	static const char *const id[] = {NULL, "", "17", "driftpipe:a",
	    "driftpipe:a:", "driftpipe::1", "driftpipe:a:0", "driftpipe:a:01",
	    "driftpipe:a:1x", "driftpipe:a:-1", "Driftpipe:a:1",
	    "driftpipe:a:99999999999999999999"};
	struct origins o;
	size_t known = 0;

	origins_init(&o);
	for (size_t i = 0; i < sizeof(id) / sizeof(*id); i++)
		for (int again = 0; again < 2; again++)
			known += origins_known(&o, id[i], 1);
	ok(known == 0 && o.now.names.n == 0, "other ids say nothing");
	ok(origins_known(&o, "driftpipe:a:9", 0) == 0 && o.now.names.n == 0,
	    "nor does a message without records");
}

static void
saved(void)
{
	struct origins o, again;
	struct store s;
	struct buf text = {0}, id = {0};
	int right = 1;

	origins_init(&o);
	for (int i = 0; i < 1000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%d", i);
		id.len = 0;
		origins_put(&id, name, (uint64_t)i + 1);
		buf_put(&id, "", 1);
		origins_known(&o, id.p, 3);
	}
	store_write(&s, &text);
	store_open(&s, NULL, '{');
	origins_state(&o, &s);
	store_close(&s, '}');
	buf_put(&text, "", 1);
	origins_init(&again);
	store_read(&s, text.p, text.len - 1);
	store_open(&s, NULL, '{');
	origins_state(&again, &s);
	store_close(&s, '}');
	ok(store_end(&s) == NULL && again.now.names.n == 1000,
	    "a state is read");
	for (int i = 0; i < 1000; i++) {
		char text_id[48];

		snprintf(
		    text_id, sizeof(text_id), "driftpipe:p%d:%d", i, i + 3);
		right = right && origins_known(&again, text_id, 2) == 1;
	}
	ok(right, "and goes on");
}

/* More publishers than are kept, and one that goes on among them. */
static void
many(void)
{
	struct origins o;
	char id[48];
	size_t known = 0;

	origins_init(&o);
	for (int i = 0; i < 5 * ORIGINS_MOST; i++) {
		snprintf(id, sizeof(id), "driftpipe:p%d:1", i);
		known += origins_known(&o, id, 3);
		if (i % 1000 == 0) {
			snprintf(id, sizeof(id), "driftpipe:on:%d", i + 1);
			known += origins_known(&o, id, 1000);
		}
	}
	ok(known == 0 && o.now.names.n <= ORIGINS_MOST &&
		o.before.names.n <= ORIGINS_MOST,
	    "memory is bounded");
	for (int i = 4 * ORIGINS_MOST + 1000; i < 5 * ORIGINS_MOST; i++) {
		snprintf(id, sizeof(id), "driftpipe:p%d:1", i);
		known += origins_known(&o, id, 3) == 3;
	}
	ok(known == ORIGINS_MOST - 1000, "those that sent last are known");
	ok(origins_known(&o, "driftpipe:on:1", 9) == 9,
	    "so is one from the beginning that goes on");
}

int
main(void)
{
	in_order();
	others();
	saved();
	many();
	return done_testing();
}
