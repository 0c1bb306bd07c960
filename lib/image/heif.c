#include <string.h>

#include "image/heif.h"
#include "image/library.h"

/* Of libheif, as heif.h declares them. */
enum { COLORS_RGB = 1, CHROMA_RGB = 10, CHANNEL_ALL = 10, RGB = 3 };

struct heif_result {
	int code, subcode;
	const char *message;
};

/* The beginning of heif_decoding_options, as the library makes it. */
struct heif_options {
	unsigned char version, untouched;
	void *progress[4];
	unsigned char hdr_to_8_bits; /* from version 2 */
	unsigned char strict;        /* from version 3 */
};

/* What is called of the library. */
struct library_heif {
	void *(*open)(void);
	void (*close)(void *);
	void (*threads)(void *, int);
	struct heif_result (*read)(void *, const void *, size_t, const void *);
	struct heif_result (*primary)(void *, void **);
	void (*drop_handle)(void *);
	int (*images)(void *), (*width)(void *), (*height)(void *);
	struct heif_result (*decode)(void *, void **, int, int, const void *);
	int (*got_width)(void *, int), (*got_height)(void *, int);
	const unsigned char *(*plane)(void *, int, int *);
	void (*drop_image)(void *);
	struct heif_options *(*options)(void);
	void (*drop_options)(struct heif_options *);
};

/* Returns 0, or -1 with *why. */
static int
find_functions(struct library_heif *l, const char **why)
{
	const struct {
		const char *name;
		void *to;
	} wanted[] = {
	    {"heif_context_alloc", &l->open},
	    {"heif_context_free", &l->close},
	    {"heif_context_set_max_decoding_threads", &l->threads},
	    {"heif_context_read_from_memory_without_copy", &l->read},
	    {"heif_context_get_primary_image_handle", &l->primary},
	    {"heif_image_handle_release", &l->drop_handle},
	    {"heif_context_get_number_of_top_level_images", &l->images},
	    {"heif_image_handle_get_width", &l->width},
	    {"heif_image_handle_get_height", &l->height},
	    {"heif_decode_image", &l->decode},
	    {"heif_image_get_width", &l->got_width},
	    {"heif_image_get_height", &l->got_height},
	    {"heif_image_get_plane_readonly", &l->plane},
	    {"heif_image_release", &l->drop_image},
	    {"heif_decoding_options_alloc", &l->options},
	    {"heif_decoding_options_free", &l->drop_options},
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		void *f = library_function(LIBRARY_HEIF, wanted[i].name, why);

		if (f == NULL)
			return -1;
		memcpy(wanted[i].to, &f, sizeof(f));
	}
	return 0;
}

/* The pixels may be of another size than the file has said. */
static int
take_pixels(const struct library_heif *l, void *decoded, struct image *im,
    size_t max_pixels, struct image_error *e)
{
	int stride = 0;
	const unsigned char *from = l->plane(decoded, CHANNEL_ALL, &stride);
	size_t row;

	if (from == NULL)
		return image_fail(e, "decode", "damaged");
	if (image_check(im, l->got_width(decoded, CHANNEL_ALL),
		l->got_height(decoded, CHANNEL_ALL), max_pixels, e) < 0)
		return -1;
	im->channels = RGB;
	if (image_allocate(im, e) < 0)
		return -1;
	row = (size_t)im->width * RGB;
	for (int y = 0; y < im->height; y++)
		memcpy(im->pixels + (size_t)y * row,
		    from + (size_t)y * (size_t)stride, row);
	return 0;
}

/* What is damaged is an error, and not made up. */
static struct heif_result
decode_strictly(const struct library_heif *l, void *handle, void **decoded)
{
	struct heif_options *how = l->options();
	struct heif_result r;

	if (how != NULL && how->version >= 3)
		how->strict = 1;
	r = l->decode(handle, decoded, COLORS_RGB, CHROMA_RGB, how);
	l->drop_options(how);
	return r;
}

static int
read_handle(const struct library_heif *l, void *handle, struct image *im,
    size_t max_pixels, struct image_error *e)
{
	void *decoded = NULL;
	int got;

	if (image_check(
		im, l->width(handle), l->height(handle), max_pixels, e) < 0)
		return -1;
	if (decode_strictly(l, handle, &decoded).code != 0)
		return image_fail(
		    e, "decode", "damaged, or a HEIF image of a rare kind");
	got = take_pixels(l, decoded, im, max_pixels, e);
	l->drop_image(decoded);
	return got;
}

int
heif_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	struct library_heif l;
	void *context, *handle = NULL;
	const char *why;
	int got, images;

	if (find_functions(&l, &why) < 0)
		return image_fail(e, "decode", why);
	context = l.open();
	l.threads(context, 0);
	if (l.read(context, data, len, NULL).code != 0 ||
	    l.primary(context, &handle).code != 0) {
		l.close(context);
		return image_fail(e, "decode", "damaged");
	}
	got = read_handle(&l, handle, im, max_pixels, e);
	images = l.images(context);
	im->frames_left = got == 0 && images > 1 ? images - 1 : 0;
	l.drop_handle(handle);
	l.close(context);
	return got;
}
