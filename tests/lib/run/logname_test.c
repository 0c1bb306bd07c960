/* The names that rotations give, by every convention that we know of. */
#include <string.h>

#include "run/logname.h"
#include "tap.h"

static void
check_parts(void)
{
	static const struct {
		const char *name, *base;
		size_t plain;
		long number;
		int usual;
	} want[] = {
	    {"cam.ndjson.1", "cam.ndjson", 12, 1, 1},
	    {"cam.ndjson.12.gz", "cam.ndjson", 13, 12, 1},
	    {"cam.ndjson.0", "cam.ndjson", 12, 0, 1},
	    {"cam.1.ndjson", "cam.ndjson", 12, 1, 1},
	    {"cam.1.ndjson.zst", "cam.ndjson", 12, 1, 1},
	    {"cam.ndjson-20261128", "cam.ndjson", 19, -1, 1},
	    {"cam.ndjson-20261128.xz", "cam.ndjson", 19, -1, 1},
	    {"cam.28_11_26-0001.ndjson", "cam.ndjson", 24, -1, 1},
	    {"cam.ndjson-1764288000", "cam.ndjson", 21, -1, 1},
	    {"cam.ndjson.old", "cam.ndjson", 14, -1, 1},
	    {"cam.ndjson.old.bz2", "cam.ndjson", 14, -1, 1},
	    {"cam.ndjson.1.2", "cam.ndjson", 14, -1, 1},
	    {"cam.ndjson.1234", "cam.ndjson", 15, -1, 1},
	    {"cam.ndjson-2", "cam.ndjson", 12, -1, 0},
	    {"cam-2.ndjson", "cam.ndjson", 12, -1, 0},
	    {"cam2.ndjson", "cam.ndjson", 11, -1, 0},
	    {"cam.ndjson.gz", "cam.ndjson", 10, -1, 0},
	    {"cam.ndjson.bak", "cam.ndjson", 14, -1, 0},
	    {"log.3.lz4", "log", 5, 3, 1},
	    {".gz", "log", 3, -1, 0},
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const char *name = want[i].name, *base = want[i].base;

		ok(logname_plain(name) == want[i].plain, "%s: plain", name);
		ok(logname_number(name, base) == want[i].number, "%s: number",
		    name);
		ok(logname_is_usual(name, base) == want[i].usual, "%s: usual",
		    name);
	}
}

static void
check_pairs(void)
{
	static const struct {
		const char *a, *b;
		int same, alike;
	} want[] = {
	    {"cam.ndjson.1", "cam.ndjson.1.gz", 1, 1},
	    {"cam.ndjson.1", "cam.ndjson.2.gz", 0, 1},
	    {"cam.ndjson.9", "cam.ndjson.10", 0, 1},
	    {"cam.ndjson.1", "cam.ndjson-1", 0, 0},
	    {"cam.ndjson.1", "cam.1.ndjson", 0, 0},
	    {"cam.ndjson-20261128", "cam.ndjson-20261129.gz", 0, 1},
	    {"cam.ndjson-20261128", "cam.ndjson-2", 0, 0},
	    {"cam.27_11_26-2359.ndjson", "cam.28_11_26-0001.ndjson", 0, 1},
	    {"cam.ndjson.old", "cam.ndjson.old.gz", 1, 1},
	    {"cam.ndjson.old", "cam.ndjson.new", 0, 0},
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const char *a = want[i].a, *b = want[i].b;

		ok(logname_same(a, b) == want[i].same &&
			logname_same(b, a) == want[i].same,
		    "same: %s, %s", a, b);
		ok(logname_alike(a, b, "cam.ndjson") == want[i].alike &&
			logname_alike(b, a, "cam.ndjson") == want[i].alike,
		    "alike: %s, %s", a, b);
	}
}

int
main(void)
{
	check_parts();
	check_pairs();
	ok(strcmp(logname_date("cam.ndjson-20261128", "cam.ndjson"),
	       "20261128") == 0,
	    "a date behind a hyphen");
	ok(strcmp(logname_date("cam-20261128.ndjson", "cam.ndjson"),
	       "20261128.ndjson") == 0,
	    "a date inside the name");
	return done_testing();
}
