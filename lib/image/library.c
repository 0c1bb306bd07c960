#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "image/format.h"
#include "image/library.h"

#ifndef WITH_WEBP
#define WITH_WEBP 0
#endif
#ifndef WITH_TIFF
#define WITH_TIFF 0
#endif
#ifndef WITH_HEIF
#define WITH_HEIF 0
#endif

static struct {
	enum library bit;
	enum format format;
	int built;
	const char *file, *without, *missing;
	void *handle;
} libraries[] = {
    {LIBRARY_WEBP, FORMAT_WEBP, WITH_WEBP, "libwebp.so.7",
	"a WebP image, and this was built without libwebp",
	"a WebP image, and libwebp.so.7 can't be loaded", NULL},
    {LIBRARY_TIFF, FORMAT_TIFF, WITH_TIFF, "libtiff.so.6",
	"a TIFF image, and this was built without libtiff",
	"a TIFF image, and libtiff.so.6 can't be loaded", NULL},
    {LIBRARY_HEIF, FORMAT_HEIF, WITH_HEIF, "libheif.so.1",
	"a HEIF image, and this was built without libheif",
	"a HEIF image, and libheif.so.1 can't be loaded", NULL},
};

enum { COUNT = sizeof(libraries) / sizeof(*libraries) };

static int locked;

unsigned
library_need(const unsigned char *head, size_t len)
{
	const char *why;
	enum format f = format_of(head, len, &why);
	unsigned set = 0;

	for (int i = 0; i < COUNT; i++)
		if (libraries[i].format == f && libraries[i].built)
			set |= libraries[i].bit;
	return set;
}

void
library_load(unsigned set)
{
	/* Of a damaged image libheif's decoders leave memory as they got it:
	 * let that be zeros, or a record would depend on the one before. */
#ifdef M_PERTURB /* glibc's */
	if ((set & LIBRARY_HEIF) != 0)
		mallopt(M_PERTURB, 0xff);
#endif
	for (int i = 0; i < COUNT; i++)
		if ((set & libraries[i].bit) != 0 && libraries[i].built &&
		    libraries[i].handle == NULL)
			libraries[i].handle = dlopen(
			    libraries[i].file, RTLD_NOW | RTLD_LOCAL);
}

int
library_threads(unsigned set)
{
	return (set & LIBRARY_HEIF) != 0;
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, 1);
}

/*
 * The first time that qsort sorts more than a little, it asks the kernel how
 * much memory there is; a sandbox would not allow that.
 */
void
library_lock(void)
{
	unsigned char many[2048] = {0};

	qsort(many, sizeof(many), 1, compare);
	locked = 1;
}

void *
library_function(enum library l, const char *name, const char **why)
{
	int i = 0;
	void *f;

	while (libraries[i].bit != l)
		i++;
	*why = libraries[i].without;
	if (!libraries[i].built)
		return NULL;
	if (!locked)
		library_load(l);
	*why = libraries[i].missing;
	f = libraries[i].handle != NULL ? dlsym(libraries[i].handle, name)
					: NULL;
	return f;
}
