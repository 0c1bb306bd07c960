/*
 * To be preloaded (LD_PRELOAD): writes down what programs change in the
 * directory RECORD_ROOT, a line for each change in the order in which they
 * happen, whatever processes they come from, to the file RECORD_LOG:
 *
 *	create PATH		write PATH HEX		fsync PATH
 *	rename PATH PATH	symlink PATH TARGET	mkdir PATH
 *	unlink PATH		rmdir PATH
 *
 * with tabs between and paths below the root. tests/power/replay.pl reads it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int log_fd = -1;

/*
 * Between these two nobody else changes anything. The lock belongs to the
 * open file, so each change opens its own: processes share what they inherit.
 */
static int
begin(void)
{
	const char *log = getenv("RECORD_LOG");

	if (log == NULL)
		return 0;
	log_fd = (int)syscall(
	    SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC);
	return log_fd >= 0 && flock(log_fd, LOCK_EX) == 0;
}

static int
end(int result)
{
	int saved = errno;

	if (log_fd >= 0)
		syscall(SYS_close, log_fd);
	log_fd = -1;
	errno = saved;
	return result;
}

/* Below the root, or NULL; the text is whole until the next call but one. */
static const char *
below(const char *path)
{
	static char full[2][2 * PATH_MAX];
	static int which;
	const char *root = getenv("RECORD_ROOT");
	char *p = full[which ^= 1], cwd[PATH_MAX];
	size_t n = root != NULL ? strlen(root) : 0;

	if (n == 0 || getcwd(cwd, sizeof(cwd)) == NULL)
		return NULL;
	if (path[0] == '/')
		snprintf(p, sizeof(*full), "%s", path);
	else
		snprintf(p, sizeof(*full), "%s/%s", cwd, path);
	if (strncmp(p, root, n) != 0 || (p[n] != '/' && p[n] != '\0'))
		return NULL;
	return p[n] == '/' ? p + n + 1 : p + n;
}

static const char *
of_fd(int fd)
{
	static char target[PATH_MAX];
	char name[64];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, target, sizeof(target) - 1);
	if (n < 0)
		return NULL;
	target[n] = '\0';
	return below(target);
}

static void
note(const char *what, const char *path, const char *more)
{
	char line[3 * PATH_MAX];
	int n;

	if (path == NULL)
		return;
	n = snprintf(line, sizeof(line), "%s\t%s\t%s\n", what, path, more);
	syscall(SYS_write, log_fd, line, (size_t)n);
}

static void
note_data(const char *path, const unsigned char *p, size_t n)
{
	char *hex = malloc(2 * n + 1);

	if (hex == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", p[i]);
	syscall(SYS_write, log_fd, "write\t", 6);
	syscall(SYS_write, log_fd, path, strlen(path));
	syscall(SYS_write, log_fd, "\t", 1);
	syscall(SYS_write, log_fd, hex, 2 * n);
	syscall(SYS_write, log_fd, "\n", 1);
	free(hex);
}

int
open(const char *path, int flags, ...)
{
	struct stat st;
	va_list ap;
	int mode = 0, fd, made;

	va_start(ap, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(ap, int);
	va_end(ap);
	if (!(flags & O_CREAT) || !begin())
		return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	made = stat(path, &st) < 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (fd >= 0 && made)
		note("create", below(path), "");
	return end(fd);
}

int
mkostemp(char *path, int flags)
{
	int (*real)(char *, int), fd;

	*(void **)&real = dlsym(RTLD_NEXT, "mkostemp");
	if (!begin())
		return real(path, flags);
	fd = real(path, flags);
	if (fd >= 0)
		note("create", below(path), "");
	return end(fd);
}

/* The names of those with 64 bits for sizes of files. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int mkostemp64(char *path, int flags) __attribute__((alias("mkostemp")));

ssize_t
write(int fd, const void *p, size_t n)
{
	const char *path = of_fd(fd);
	ssize_t k;

	if (path == NULL || !begin())
		return syscall(SYS_write, fd, p, n);
	k = syscall(SYS_write, fd, p, n);
	if (k > 0)
		note_data(path, p, (size_t)k);
	end(0);
	return k;
}

int
fsync(int fd)
{
	const char *path = of_fd(fd);
	int r;

	if (path == NULL || !begin())
		return (int)syscall(SYS_fsync, fd);
	r = (int)syscall(SYS_fsync, fd);
	if (r == 0)
		note("fsync", path, "");
	return end(r);
}

int
rename(const char *from, const char *to)
{
	const char *a = below(from), *b = below(to);
	int r;

	if (a == NULL || !begin())
		return (int)syscall(SYS_rename, from, to);
	r = (int)syscall(SYS_rename, from, to);
	if (r == 0)
		note("rename", a, b);
	return end(r);
}

int
symlink(const char *target, const char *path)
{
	int r;

	if (!begin())
		return (int)syscall(SYS_symlink, target, path);
	r = (int)syscall(SYS_symlink, target, path);
	if (r == 0)
		note("symlink", below(path), target);
	return end(r);
}

int
mkdir(const char *path, mode_t mode)
{
	int r;

	if (!begin())
		return (int)syscall(SYS_mkdir, path, mode);
	r = (int)syscall(SYS_mkdir, path, mode);
	if (r == 0)
		note("mkdir", below(path), "");
	return end(r);
}

int
unlinkat(int fd, const char *name, int flags)
{
	char path[2 * PATH_MAX];
	const char *dir = fd == AT_FDCWD ? below(name) : of_fd(fd);
	int r;

	if (dir == NULL || !begin())
		return (int)syscall(SYS_unlinkat, fd, name, flags);
	snprintf(path, sizeof(path), "%s%s%s", dir, fd == AT_FDCWD ? "" : "/",
	    fd == AT_FDCWD ? "" : name);
	r = (int)syscall(SYS_unlinkat, fd, name, flags);
	if (r == 0)
		note(flags & AT_REMOVEDIR ? "rmdir" : "unlink", path, "");
	return end(r);
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int
rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
