/*
 * Files of each form, made by the programs of their own, are read as what went
 * in; cut, damaged or without a program, they say so. What becomes of the
 * program says nothing of a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

static void
survive(int signo)
{
	(void)signo;
}

/* How many of the files can't be read, each several times. */
static int
read_under_signals(void)
{
	const char *name[] = {"plain.xz", "plain.zst", "plain.bz2"}, *why;
	int bad = 0;

	for (int i = 0; i < 60; i++)
		bad += read_whole(name[i % 3], &why) != SIZE;
	return bad;
}

/* Signals come to a group all the time, from before a program begins. */
static void
check_signals(void)
{
	const struct sigaction action = {.sa_handler = survive};
	int status = -1;
	pid_t child;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		_exit(read_under_signals());
	}
	while (waitpid(child, &status, WNOHANG) == 0) {
		kill(-child, SIGTERM);
		kill(-child, SIGINT);
		kill(-child, SIGHUP);
		usleep(200);
	}
	ok(status == 0, "signals that we survive do not end a program");
}

/* A program that is not let run to its end. */
static void
check_stopped(const char *does, const char *what)
{
	struct packed p;
	FILE *f = fopen("bin/xz", "we");
	char c;

	fprintf(f, "#!/bin/sh\n%s\n", does);
	fclose(f);
	chmod("bin/xz", 0755);
	packed_open(&p, open("plain.xz", O_RDONLY | O_CLOEXEC));
	ok(packed_read(&p, &c, 1) == -1 && p.passing &&
		strcmp(p.why, "its decompressor was stopped") == 0,
	    "%s", what);
	packed_close(&p);
}

static void
check_no_descriptor(void)
{
	struct rlimit usual, few;
	struct packed p;
	int fd = open("plain.zst", O_RDONLY | O_CLOEXEC);

	getrlimit(RLIMIT_NOFILE, &usual);
	few = usual;
	few.rlim_cur = (rlim_t)fd + 1;
	setrlimit(RLIMIT_NOFILE, &few);
	ok(packed_open(&p, fd) == -1 && p.passing &&
		strcmp(p.why, strerror(EMFILE)) == 0,
	    "no descriptor is left");
	setrlimit(RLIMIT_NOFILE, &usual);
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
	run("zstd -q -c <plain >plain.zst; bzip2 -c <plain >plain.bz2");
	check_signals();
	run("gzip -c <plain >plain.gz; printf 'x' | "
	    "dd of=plain.gz bs=1 seek=9999 conv=notrunc 2>dd");
	ok(read_whole("plain.gz", &why) == -1 &&
		strcmp(why, "damaged gzip data") == 0,
	    "a byte of gzip is another");
	run(": >empty");
	ok(read_whole("empty", &why) == 0, "an empty file");
	ok(read_whole(".", &why) == -1 && strcmp(why, "Is a directory") == 0,
	    "a directory");
	check_no_descriptor();
	run("mkdir bin");
	setenv("PATH", "bin:/bin:/usr/bin", 1);
	check_stopped("kill -9 $$", "a program that is killed");
	check_stopped("exit 127", "a program that can't be loaded");
	setenv("PATH", "/nonexistent", 1);
	ok(read_whole("plain.zst", &why) == -1 &&
		strcmp(why, "needs the program zstd") == 0,
	    "no program");
	setenv("PATH", "/bin:/usr/bin", 1);
	run("rm -r \"$PWD\"");
	return done_testing();
}
