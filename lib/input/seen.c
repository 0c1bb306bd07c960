#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input/seen.h"

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
seen_identify(
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

void
seen_init(struct seen *s)
{
	*s = (struct seen){0};
}

/* Where the file is in the table, or the free slot where it belongs. */
static uint32_t *
find(const struct seen *s, const struct seen_file *f)
{
	uint64_t h = f->inode * 0x9e3779b97f4a7c15U;

	h = (h ^ (uint64_t)f->written) * 0xbf58476d1ce4e5b9U;
	for (size_t i = h >> 20;; i++) {
		uint32_t *slot = &s->slot[i & (s->slots - 1)];
		const struct seen_file *g = &s->file[*slot - (*slot > 0)];

		if (*slot == 0 ||
		    (g->inode == f->inode && g->written == f->written &&
			g->generation == f->generation && g->size == f->size))
			return slot;
	}
}

/* Makes the table anew, with that many slots: a power of 2. */
static int
rehash(struct seen *s, size_t slots)
{
	if (slots != s->slots) {
		uint32_t *slot = calloc(slots, sizeof(*slot));

		if (slot == NULL)
			return -1;
		free(s->slot);
		s->slot = slot;
		s->slots = slots;
	} else {
		memset(s->slot, 0, slots * sizeof(*s->slot));
	}
	for (size_t i = 0; i < s->count; i++)
		*find(s, &s->file[i]) = (uint32_t)(i + 1);
	return 0;
}

int
seen_has(struct seen *s, const struct seen_file *f)
{
	uint32_t at = s->count > 0 ? *find(s, f) : 0;

	if (at > 0)
		s->file[at - 1].round = s->round;
	return at > 0;
}

int
seen_add(struct seen *s, const struct seen_file *f)
{
	if (seen_has(s, f))
		return 0;
	if (s->count == s->room) {
		size_t room = s->room * 2 + 64;
		struct seen_file *file = realloc(s->file, room * sizeof(*file));

		if (file == NULL)
			return -1;
		s->file = file;
		s->room = room;
	}
	if (s->slots < 2 * (s->count + 1) &&
	    rehash(s, s->slots > 0 ? s->slots * 2 : 256) < 0)
		return -1;
	s->file[s->count] = *f;
	s->file[s->count].round = s->round;
	*find(s, f) = (uint32_t)++s->count;
	return 0;
}

void
seen_begin(struct seen *s)
{
	s->round++;
}

void
seen_sweep(struct seen *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++)
		if (s->file[i].round == s->round)
			s->file[kept++] = s->file[i];
	s->count = kept;
	if (s->slots > 0)
		rehash(s, s->slots);
}

static void
file_state(struct seen_file *f, struct store *s)
{
	store_open(s, NULL, '[');
	store_u64(s, NULL, &f->inode);
	store_u64(s, NULL, &f->generation);
	store_i64(s, NULL, &f->written);
	store_u64(s, NULL, &f->size);
	store_close(s, ']');
}

void
seen_state(struct seen *seen, struct store *s)
{
	size_t n = seen->count;

	store_size(s, "n", &n, 0, SIZE_MAX);
	store_open(s, "seen", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		struct seen_file f = {0};

		if (!store_reading(s))
			f = seen->file[i];
		file_state(&f, s);
		if (!store_reading(s) || s->why != NULL)
			continue;
		if (seen_has(seen, &f))
			store_refuse(s, "a file that is there already");
		else if (seen_add(seen, &f) < 0)
			store_no_memory(s);
	}
	store_close(s, ']');
}

void
seen_free(struct seen *s)
{
	free(s->file);
	free(s->slot);
	*s = (struct seen){0};
}
