#include <fcntl.h>
#include <sys/stat.h>

#include "fileid.h"

/*
 * Tells a file from those that had its inode before: a hash of the handle that
 * the file system gives, or where it gives none, when the file was born. That
 * alone would take files for one that came in the same tick of the clock.
 */
static uint64_t
generation(int fd, const char *path, int flags, const struct statx *x)
{
	union {
		struct file_handle head;
		char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} h = {.head = {.handle_bytes = MAX_HANDLE_SZ}};
	uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a */
	int mount;

	if (name_to_handle_at(
		fd, path, &h.head, &mount, flags & AT_EMPTY_PATH) < 0)
		return (uint64_t)x->stx_btime.tv_sec * 1000000000U +
		       x->stx_btime.tv_nsec;
	hash = (hash ^ (unsigned)h.head.handle_type) * 0x100000001b3U;
	for (unsigned i = 0; i < h.head.handle_bytes; i++)
		hash = (hash ^ h.head.f_handle[i]) * 0x100000001b3U;
	return hash;
}

int
fileid(
    int fd, const char *path, int flags, struct seen_file *f, struct statx *x)
{
	if (statx(fd, path, flags, STATX_BASIC_STATS | STATX_BTIME, x) < 0)
		return -1;
	*f = (struct seen_file){
	    .inode = x->stx_ino,
	    .generation = generation(fd, path, flags, x),
	    .written = x->stx_mtime.tv_sec * 1000000000LL +
		       x->stx_mtime.tv_nsec,
	    .size = x->stx_size,
	};
	return 0;
}
