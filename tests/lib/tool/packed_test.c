/*
 * Files of each form, made by the programs of their own, are read as what went
 * in; cut, damaged or without a program, they say so.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "tool/packed.h"

enum { SIZE = 300000 };

static char dir[] = "/tmp/packed-XXXXXX";
static char want[SIZE], got[SIZE + 1];

static void
run(const char *command)
{
	if (system(command) != 0)
		printf("# failed: %s\n", command);
}

/* Reads the file in pieces. Returns the bytes, or -1 with *why set. */
static ssize_t
read_whole(const char *name, const char **why)
{
	struct packed p;
	ssize_t n = 0, k = 1;

	*why = NULL;
	if (packed_open(&p, open(name, O_RDONLY | O_CLOEXEC)) < 0) {
		*why = p.why;
		return -1;
	}
	while (k > 0 && n <= SIZE) {
		k = packed_read(&p, got + n,
		    SIZE + 1 - n < 7001 ? (size_t)(SIZE + 1 - n) : 7001);
		n += k > 0 ? k : 0;
	}
	*why = p.why;
	packed_close(&p);
	packed_close(&p);
	return k < 0 ? -1 : n;
}

static void
check_form(const char *program, const char *name, const char *cut)
{
	char command[256];
	const char *why;
	ssize_t n;

	snprintf(command, sizeof(command), "%s -c <plain >%s", program, name);
	run(command);
	n = read_whole(name, &why);
	ok(n == SIZE && memcmp(got, want, SIZE) == 0, "%s", name);
	snprintf(command, sizeof(command), "cat %s %s >two; mv two %s", name,
	    name, name);
	run(command);
	ok(read_whole(name, &why) == SIZE + 1, "%s: two, one after the other",
	    name);
	snprintf(command, sizeof(command), "%s -c <plain | head -c 1000 >%s",
	    program, name);
	run(command);
	n = read_whole(name, &why);
	ok(n == -1 && strcmp(why, cut) == 0, "%s: %s", name, cut);
}

static void
check_early_close(void)
{
	struct packed p;
	char c;

	run("xz -c <plain >plain.xz");
	packed_open(&p, open("plain.xz", O_RDONLY | O_CLOEXEC));
	ok(packed_read(&p, &c, 1) == 1 && c == want[0], "the first byte");
	packed_close(&p);
	ok(1, "and no more: the program has ended");
}

int
main(void)
{
	const char *why;
	FILE *f;

	for (size_t i = 0, x = 1; i < SIZE; i++, x = x * 69069 + 1)
		want[i] = (char)('a' + (x >> 20) % 20);
	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	f = fopen("plain", "we");
	fwrite(want, 1, SIZE, f);
	fclose(f);
	ok(read_whole("plain", &why) == SIZE && memcmp(got, want, SIZE) == 0,
	    "a plain file");
	check_form("gzip", "plain.gz", "truncated");
	check_form("xz", "plain.xz", "damaged xz data");
	check_form("zstd -q", "plain.zst", "damaged zstd data");
	check_form("bzip2", "plain.bz2", "damaged bzip2 data");
	check_early_close();
	run("gzip -c <plain >plain.gz; printf 'x' | "
	    "dd of=plain.gz bs=1 seek=9999 conv=notrunc 2>dd");
	ok(read_whole("plain.gz", &why) == -1 &&
		strcmp(why, "damaged gzip data") == 0,
	    "a byte of gzip is another");
	run(": >empty");
	ok(read_whole("empty", &why) == 0, "an empty file");
	ok(read_whole(".", &why) == -1 && strcmp(why, "Is a directory") == 0,
	    "a directory");
	run("zstd -q -c <plain >plain.zst");
	setenv("PATH", "/nonexistent", 1);
	ok(read_whole("plain.zst", &why) == -1 &&
		strcmp(why, "needs the program zstd") == 0,
	    "no program");
	setenv("PATH", "/bin:/usr/bin", 1);
	run("rm -r \"$PWD\"");
	return done_testing();
}
