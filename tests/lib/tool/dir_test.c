/* The names in a directory, and one that can't be read to its end. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "tool/dir.h"

/* The status of a child that lists dir, with its descriptor gone if broken. */
static int
list(const char *dir, int broken)
{
	pid_t child;
	int status = -1;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		struct dir d;
		int names = 0;

		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(99);
		dir_open(&d, dir);
		if (broken)
			close(d.fd);
		while (dir_next(&d) != NULL)
			names++;
		_exit(10 + names);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

int
main(void)
{
	char dir[] = "/tmp/dir_test.XXXXXX", file[64];
	int fd;

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/one", dir);
	fd = open(file, O_WRONLY | O_CREAT, 0600);
	ok(fd >= 0 && list(dir, 0) == 13, "each name once");
	ok(list(dir, 1) == 2, "what can't be read is not taken for its end");
	ok(list(file, 0) == 2, "nor for a directory");
	close(fd);
	unlink(file);
	rmdir(dir);
	return done_testing();
}
