#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/library.h"
#include "image/tiff.h"

enum { SET, CURRENT, END }; /* where a position counts from */
enum { WIDTH = 256, HEIGHT = 257, ORIENTATION = 274, EXTRA_SAMPLES = 338 };
enum { ASSOCIATED = 1, UNASSOCIATED = 2, RGB = 3 };

/* Of libtiff, as tiffio.h declares them; a TIFF is its own affair. */
typedef intptr_t transfer(void *, void *, intptr_t);
typedef void *client_open(const char *, const char *, void *, transfer *,
    transfer *, uint64_t (*)(void *, uint64_t, int), int (*)(void *),
    uint64_t (*)(void *), int (*)(void *, void **, uint64_t *),
    void (*)(void *, void *, uint64_t));
typedef void handler(const char *, const char *, va_list);

/* What is called of the library. */
struct library_tiff {
	client_open *open;
	void (*close)(void *);
	int (*field)(void *, uint32_t, ...);
	int (*set_field)(void *, uint32_t, ...);
	int (*read)(void *, uint32_t, uint32_t, uint32_t *, int, int);
	unsigned (*pages)(void *);
	handler *(*on_error)(handler *), *(*on_warning)(handler *);
};

/* A file in memory. */
struct file {
	const unsigned char *data;
	uint64_t len, at;
};

static intptr_t
read_file(void *ctx, void *to, intptr_t n)
{
	struct file *f = ctx;
	uint64_t left = f->at < f->len ? f->len - f->at : 0;
	uint64_t k = (uint64_t)n < left ? (uint64_t)n : left;

	memcpy(to, f->data + f->at, k);
	f->at += k;
	return (intptr_t)k;
}

static intptr_t
write_nothing(void *ctx, void *from, intptr_t n)
{
	(void)ctx, (void)from, (void)n;
	return 0;
}

static uint64_t
seek(void *ctx, uint64_t to, int from)
{
	struct file *f = ctx;

	f->at = to + (from == SET ? 0 : from == CURRENT ? f->at : f->len);
	f->at = f->at > f->len ? f->len : f->at;
	return f->at;
}

static int
close_nothing(void *ctx)
{
	(void)ctx;
	return 0;
}

static uint64_t
size(void *ctx)
{
	return ((struct file *)ctx)->len;
}

static int
map_nothing(void *ctx, void **base, uint64_t *n)
{
	(void)ctx, (void)base, (void)n;
	return 0;
}

static void
unmap_nothing(void *ctx, void *base, uint64_t n)
{
	(void)ctx, (void)base, (void)n;
}

/* Returns 0, or -1 with *why. */
static int
find_functions(struct library_tiff *l, const char **why)
{
	const struct {
		const char *name;
		void *to;
	} wanted[] = {{"TIFFClientOpen", &l->open}, {"TIFFClose", &l->close},
	    {"TIFFGetField", &l->field}, {"TIFFSetField", &l->set_field},
	    {"TIFFReadRGBAImageOriented", &l->read},
	    {"TIFFNumberOfDirectories", &l->pages},
	    {"TIFFSetErrorHandler", &l->on_error},
	    {"TIFFSetWarningHandler", &l->on_warning}};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		void *f = library_function(LIBRARY_TIFF, wanted[i].name, why);

		if (f == NULL)
			return -1;
		memcpy(wanted[i].to, &f, sizeof(f));
	}
	return 0;
}

/* Red is in the lowest byte, alpha in the highest. */
static void
take_rgb(struct image *im, const uint32_t *from)
{
	unsigned char *to = im->pixels;
	size_t n = (size_t)im->width * (size_t)im->height;

	for (size_t i = 0; i < n; i++)
		for (int c = 0; c < RGB; c++)
			*to++ = (unsigned char)(from[i] >> (8 * c));
}

/*
 * The library would multiply colours by alpha; of alpha that is said to be in
 * them already it does not.
 */
static void
drop_alpha(const struct library_tiff *l, void *t)
{
	uint16_t n = 0, associated = ASSOCIATED, *kinds;

	if (l->field(t, EXTRA_SAMPLES, &n, &kinds) && n == 1 &&
	    kinds[0] == UNASSOCIATED)
		l->set_field(t, EXTRA_SAMPLES, 1, &associated);
}

static int
read_page(const struct library_tiff *l, void *t, struct image *im,
    size_t max_pixels, struct image_error *e)
{
	uint32_t w = 0, h = 0, *pixels;
	uint16_t turned = 1;
	int got;

	if (!l->field(t, WIDTH, &w) || !l->field(t, HEIGHT, &h))
		return image_fail(e, "decode", "no size");
	if (image_check(im, (long)w, (long)h, max_pixels, e) < 0)
		return -1;
	im->channels = RGB;
	pixels = calloc((size_t)w * h, sizeof(*pixels));
	if (pixels == NULL)
		return image_fail(e, "decode", NO_MEMORY);
	/* As they are stored: exif.h knows how they are turned. */
	l->field(t, ORIENTATION, &turned);
	drop_alpha(l, t);
	if (l->read(t, w, h, pixels, turned, 1) == 0)
		got = image_fail(
		    e, "decode", "damaged, or a TIFF image of a rare kind");
	else
		got = image_allocate(im, e);
	if (got == 0)
		take_rgb(im, pixels);
	free(pixels);
	return got;
}

int
tiff_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	struct file f = {.data = data, .len = len};
	struct library_tiff l;
	const char *why;
	unsigned pages;
	void *t;
	int got;

	if (find_functions(&l, &why) < 0)
		return image_fail(e, "decode", why);
	l.on_error(NULL);
	l.on_warning(NULL);
	t = l.open("image", "rm", &f, read_file, write_nothing, seek,
	    close_nothing, size, map_nothing, unmap_nothing);
	if (t == NULL)
		return image_fail(e, "decode", "damaged");
	got = read_page(&l, t, im, max_pixels, e);
	pages = got == 0 ? l.pages(t) : 0;
	im->frames_left = pages > 1 && pages < 65536 ? (int)pages - 1 : 0;
	l.close(t);
	return got;
}
