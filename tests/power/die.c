/*
 * To be preloaded (LD_PRELOAD): the process is killed before change DIE_AT of
 * the names on the disk.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
count(void)
{
	static long changes;
	const char *at = getenv("DIE_AT");

	if (at != NULL && ++changes == atol(at))
		raise(SIGKILL);
}

#define WRAP(name, declared, given)                                            \
	int name declared                                                      \
	{                                                                      \
		int(*real)                                                     \
		    declared = (int(*) declared)dlsym(RTLD_NEXT, #name);       \
                                                                               \
		count();                                                       \
		return real given;                                             \
	}

WRAP(rename, (const char *from, const char *to), (from, to))
WRAP(symlink, (const char *target, const char *path), (target, path))
WRAP(mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(unlink, (const char *path), (path))
WRAP(unlinkat, (int dir, const char *path, int flags), (dir, path, flags))
WRAP(rmdir, (const char *path), (path))
