#include <string.h>

#include "base/memory.h"
#include "decoder/picture.h"
#include "image/decode.h"
#include "image/exif.h"
#include "image/pixels.h"

enum { RGB = 3 };

/* As the process leaves it. */
struct result {
	struct task_failure failure;
	int width, height, channels;
	unsigned char pixels[];
};

/* Runs in the decoder process, on a file that nobody vouches for. */
static void
make_pixels(const void *ctx, int fd, size_t len, void *result)
{
	const struct picture *p = ctx;
	struct result *r = result;
	struct image im = {0};
	struct image_error e = {"", ""};
	int failed = decode_fd(&im, fd, len, p->max_pixels, &e) < 0;

	if (!failed) {
		pixels_narrow(&im);
		failed = exif_upright(&im) < 0;
		if (failed)
			image_fail(&e, "decode", NO_MEMORY);
	}
	task_fail(&r->failure, failed, &e);
	r->width = im.width;
	r->height = im.height;
	r->channels = im.channels;
	if (!failed)
		memcpy(r->pixels, im.pixels, image_bytes(&im));
	image_free(&im);
}

void
picture_open(struct picture *p, size_t max_pixels, int no_sandbox)
{
	struct protocol_plan plan = {
	    .work = make_pixels,
	    .ctx = p,
	    .size = sizeof(struct result) + RGB * max_pixels,
	    .depth = 1,
	    .memory = task_memory(max_pixels),
	    .seconds = TASK_SECONDS,
	    .no_sandbox = no_sandbox,
	};

	*p = (struct picture){.max_pixels = max_pixels};
	pool_open(&p->pool, 1, &plan);
}

/* Nothing that the process has left is believed, nor that it stays so. */
static int
take_pixels(const struct result *r, size_t max_pixels, struct image *im,
    struct image_error *e)
{
	*im = (struct image){.channels = r->channels};
	if (image_check(im, r->width, r->height, max_pixels, e) < 0)
		return -1;
	if (im->channels != 1 && im->channels != RGB)
		return image_fail(e, "decode", "no pixels");
	if (image_allocate(im, e) < 0)
		return -1;
	memcpy(im->pixels, r->pixels, image_bytes(im));
	return 0;
}

int
picture_decode(struct picture *p, int fd, size_t len, struct image *im,
    struct image_error *e)
{
	const char *why;
	const struct result *r = pool_do(&p->pool, fd, len, &why);

	*im = (struct image){0};
	if (r == NULL)
		return image_fail(e, "decode", why);
	task_copy_failure(&p->failure, &r->failure);
	if (p->failure.failed)
		return image_fail(e, p->failure.stage, p->failure.reason);
	return take_pixels(r, p->max_pixels, im, e);
}

void
picture_close(struct picture *p)
{
	pool_close(&p->pool);
}
