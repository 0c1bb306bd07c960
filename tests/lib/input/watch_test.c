/*
 * seen and watch: what comes twice, what is lost, and what is remembered; on a
 * real directory.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/rec.h"
#include "input/seen.h"
#include "tap.h"
#include "input/watch.h"

static char root[] = "/tmp/watch_test.XXXXXX";
static struct watch w;

static void
put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (write(fd, text, strlen(text)) < 0 || close(fd) < 0)
		perror(name);
}

/* Takes all that is there without waiting. Returns how many. */
static int
take(void)
{
	int n = 0;

	while (watch_waiting(&w) && watch_next(&w)) {
		n++;
		close(w.fd);
	}
	return n;
}

static void
check_seen(void)
{
	struct seen s;
	struct seen_file f = {.inode = 1};
	int known = 0, kept = 0;

	seen_init(&s);
	ok(!seen_has(&s, &f), "nothing is known at first");
	for (unsigned i = 0; i < 10000; i++) {
		f = (struct seen_file){i % 100, i / 1000, i / 100 % 10, i, 0};
		known += seen_has(&s, &f);
		seen_add(&s, &f);
		seen_add(&s, &f);
	}
	ok(known == 0 && s.count == 10000, "each is added once");
	for (unsigned i = 0; i < 10000; i++) {
		f = (struct seen_file){i % 100, i / 1000, i / 100 % 10, i, 0};
		known += seen_has(&s, &f);
	}
	ok(known == 10000, "and known");
	f.size++;
	ok(!seen_has(&s, &f), "another size is another file");
	f = (struct seen_file){99, 9, 8, 9999, 0};
	ok(!seen_has(&s, &f), "and so is another time");
	seen_begin(&s);
	for (unsigned i = 0; i < 10000; i += 10) {
		f = (struct seen_file){i % 100, i / 1000, i / 100 % 10, i, 0};
		seen_has(&s, &f);
	}
	f = (struct seen_file){1, 1, 1, 1, 0};
	seen_add(&s, &f);
	seen_sweep(&s);
	for (unsigned i = 0; i < 10000; i++) {
		f = (struct seen_file){i % 100, i / 1000, i / 100 % 10, i, 0};
		kept += seen_has(&s, &f);
	}
	ok(kept == 1000 && s.count == 1001, "what was not met is forgotten");
	seen_free(&s);
}

static void
check_names(void)
{
	put("first", "1");
	ok(watch_open(&w, root) == NULL, "a directory is watched");
	ok(take() == 1, "what is there comes");
	ok(!watch_waiting(&w), "then there is nothing to come");
	put("second", "22");
	ok(watch_waiting(&w), "a file is closed");
	ok(w.seen.count == 1, "not seen before it is asked for");
	ok(take() == 1 && w.seen.count == 2, "and comes");
	rename("second", "third");
	ok(take() == 0, "a new name is no new file");
	put("third", "22");
	ok(take() == 1, "written again it is one");
	unlink("third");
	put("third", "22");
	ok(take() == 1, "and so is one in its place");
}

/* As a restart would: the same files, saved and put back. */
static void
check_restart(void)
{
	struct seen old = w.seen;
	int n;

	w.seen = (struct seen){0};
	watch_close(&w);
	rename("first", "again");
	put("between", "333");
	ok(watch_open(&w, root) == NULL, "watched anew");
	for (size_t i = 0; i < old.count; i++)
		seen_add(&w.seen, &old.file[i]);
	n = take();
	ok(n == 1, "only what is new comes (%d)", n);
	ok(w.seen.count == 3, "what is gone is forgotten");
	seen_free(&old);
}

/* A spool: each file is removed when it is done. */
static void
check_memory(void)
{
	size_t most = 0;
	int n = 0;

	for (int i = 0; i < 5000; i++) {
		char name[16];

		sprintf(name, "%d", i % 7);
		put(name, "same");
		n += take();
		unlink(name);
		if (w.seen.count > most)
			most = w.seen.count;
	}
	ok(n == 5000, "inodes that are used again are new files (%d)", n);
	ok(most <= 2 * 4 + 1024 + 1, "what is gone is forgotten in time (%zu)",
	    most);
}

/* More than the kernel's queue holds. */
static void
check_overflow(void)
{
	FILE *f = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
	int n = 0, limit = 0;
	char name[32];

	if (f == NULL || fscanf(f, "%d", &limit) != 1 || limit > 100000)
		limit = 0;
	fclose(f);
	limit = limit / 2 + 100; /* two events each */
	mkdir("many", 0777);
	n = take();
	for (int i = 0; i < limit; i++) {
		sprintf(name, "many/%d", i);
		put(name, "x");
	}
	n = take();
	ok(n == limit, "nothing is lost when the queue runs over (%d of %d)", n,
	    limit);
	for (int i = 0; i < limit; i++) {
		sprintf(name, "many/%d", i);
		unlink(name);
	}
	rmdir("many");
	ok(take() == 0 && w.trouble == NULL, "nor is there anything more");
	put("last", "x");
	ok(take() == 1, "and it goes on");
}

int
main(void)
{
	struct rec r;
	char *none[] = {root};
	DIR *d;
	struct dirent *e;

	rec_open(&r, none, 1, '\n');
	if (mkdtemp(root) == NULL || chdir(root) < 0)
		return 2;
	check_seen();
	check_names();
	check_restart();
	check_memory();
	check_overflow();
	d = opendir(root);
	while (d != NULL && (e = readdir(d)) != NULL)
		unlink(e->d_name);
	closedir(d);
	ok(chdir("/") == 0 && rmdir(root) == 0, "the directory is removed");
	ok(watch_waiting(&w) && !watch_next(&w) &&
		strcmp(w.trouble, "has been removed") == 0,
	    "which is said");
	watch_close(&w);
	return done_testing();
}
