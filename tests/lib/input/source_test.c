/*
 * source: what items own, and when the next one is there. Standard input is
 * a pipe that the test itself writes to.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/source.h"
#include "tap.h"

static int input; /* the end of standard input that is written to */
static char file[] = "/tmp/source_test.XXXXXX";

static void
new_input(void)
{
	int p[2];

	if (pipe(p) < 0 || dup2(p[0], STDIN_FILENO) < 0)
		perror("pipe");
	close(p[0]);
	if (input > 0)
		close(input);
	input = p[1];
}

static void
say(const void *p, size_t n)
{
	if (write(input, p, n) != (ssize_t)n)
		perror("write");
}

static int
named(const struct source_item *item, const char *name, size_t len)
{
	return item->name.len == len &&
	       memcmp(item->name.p, name, len + 1) == 0;
}

static void
check_list(void)
{
	struct source s;
	struct source_item a = {0}, b = {0};

	new_input();
	source_open(&s, &(struct source_setup){.max_pixels = 100});
	ok(!source_waiting(&s), "nothing is there");
	say("na", 2);
	ok(!source_waiting(&s), "half a line is nothing");
	say("m\376e\n{\"image\":\"x\\u0000y\",\"n\":1}\nr", 32);
	ok(source_waiting(&s) && source_waiting(&s), "a line is, asked twice");
	ok(source_next(&s, &a) && a.kind == SOURCE_ERROR &&
		named(&a, "nam\376e", 5),
	    "a name of any bytes");
	ok(source_waiting(&s) && source_next(&s, &b) && named(&b, "x\0y", 3) &&
		b.kind == SOURCE_ERROR && b.line.len == 26 &&
		b.field[SOURCE_IMAGE].len == 10 &&
		b.field[SOURCE_IMAGE].p > b.line.p &&
		b.field[SOURCE_SEQ].type == JSON_NONE,
	    "a record");
	ok(!source_waiting(&s), "half a line again");
	ok(named(&a, "nam\376e", 5) && a.line.len == 0,
	    "the first item is what it was");
	say(file, strlen(file));
	close(input);
	input = 0;
	ok(source_waiting(&s) && source_next(&s, &a) && named(&b, "x\0y", 3) &&
		a.name.len == strlen(file) + 1,
	    "a last line without its end");
	ok(source_waiting(&s) && !source_next(&s, &a) && a.kind == SOURCE_NONE,
	    "the end");
	source_item_free(&a);
	source_item_free(&b);
	source_close(&s);
}

static void
check_operands(void)
{
	char list[] = "-", *names[] = {file, list, file};
	struct source s;
	struct source_item a = {0}, b = {0};
	int fd;

	new_input();
	source_open(&s, &(struct source_setup){
			    .names = names, .count = 3, .max_pixels = 100});
	ok(s.total == 3 && source_waiting(&s) && source_next(&s, &a),
	    "a file is always there");
	ok(a.kind == SOURCE_FILE && a.mtime > 1e9 && a.truth == -1, "and open");
	ok(!source_waiting(&s), "but the list behind it is not");
	ok(s.total == 0, "nobody knows how many it will be");
	close(input);
	input = 0;
	ok(source_waiting(&s) && source_next(&s, &b), "behind its end is");
	fd = b.fd;
	ok(b.kind == SOURCE_FILE && fd != a.fd && !source_next(&s, &b),
	    "the last file");
	ok(fcntl(fd, F_GETFD) < 0 && fcntl(a.fd, F_GETFD) >= 0,
	    "an item is closed when it is used again");
	source_item_free(&a);
	source_item_free(&b);
	source_close(&s);
}

static void
check_archive(void)
{
	char dir[] = "/tmp", cmd[200];
	static char tar[10240];
	struct source s;
	struct source_item a = {0};
	FILE *f;
	size_t n;

	snprintf(cmd, sizeof(cmd), "tar -C %s -c %s", dir, file + 5);
	f = popen(cmd, "r");
	n = fread(tar, 1, sizeof(tar), f);
	ok(pclose(f) == 0 && n == sizeof(tar), "an archive");
	new_input();
	source_open(&s, &(struct source_setup){.tar = 1, .max_pixels = 100});
	ok(!source_waiting(&s), "nothing of it is there");
	say(tar, 512 + 3);
	ok(!source_waiting(&s), "a part of the member");
	say(tar + 512 + 3, 2);
	ok(source_waiting(&s) && source_next(&s, &a) &&
		a.kind == SOURCE_BYTES && a.data.len == 5 &&
		memcmp(a.data.p, "bytes", 5) == 0 &&
		named(&a, file + 5, strlen(file + 5)),
	    "all of it");
	ok(!source_waiting(&s), "but not the next");
	close(input);
	input = 0;
	ok(source_waiting(&s) && !source_next(&s, &a) &&
		strcmp(s.trouble, "stdin: at byte 517: truncated") == 0,
	    "and that was not the end of the archive");
	source_item_free(&a);
	source_close(&s);
}

int
main(void)
{
	int fd = mkstemp(file);

	if (write(fd, "bytes", 5) != 5 || close(fd) < 0)
		return 2;
	check_list();
	check_operands();
	check_archive();
	unlink(file);
	return done_testing();
}
