#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "image/image.h"
#include "image/prep.h"
#include "image/triangle.h"

#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

const struct prep prep_plain = {.crop = 1, .scale = {1, 1, 1}};

/* Sample c of pixel i of a row, of as many channels as the network has. */
static inline float
sample(const struct image *im, const void *row, size_t i, int channels, int c)
{
	const uint16_t *w = row;
	const unsigned char *p = row;

	i *= (size_t)im->channels;
	if (im->channels == 1)
		return (float)(im->wide ? w[i] / 65535.0 : p[i] / 255.0);
	if (channels == 3)
		return (float)(im->wide ? w[i + (size_t)c] / 65535.0
					: p[i + (size_t)c] / 255.0);
	if (im->wide)
		return (float)((299 * w[i] + 587 * w[i + 1] + 114 * w[i + 2]) /
			       65535e3);
	return (float)((299 * p[i] + 587 * p[i + 1] + 114 * p[i + 2]) / 255e3);
}

/* Row y of a plane, from the left side of where the image goes. */
static float *
row_of(const struct prep_run *r, int c, int y)
{
	return r->out +
	       ((size_t)c * (size_t)r->height + (size_t)(r->to.y + y)) *
		   (size_t)r->width +
	       (size_t)r->to.x;
}

/* Pixels as they are, from x on. */
static void
copy_row(const struct prep_run *r, int y, const struct image *im,
    const void *row, int x)
{
	for (int c = 0; c < r->channels; c++) {
		float *to = row_of(r, c, y);

		for (int i = 0; i < r->to.width; i++)
			to[i] = sample(
			    im, row, (size_t)(x + i), r->channels, c);
	}
}

/* Of an image that has the size and the samples of what is wanted. */
static void
copy(const struct prep_run *r, const struct image *im)
{
	size_t bytes = image_bytes(im) / (size_t)im->height;

	for (int y = 0; y < r->to.height; y++)
		copy_row(r, y, im, im->pixels + (size_t)y * bytes, 0);
}

static void
take_as_it_is(struct prep_run *r, int y, const void *row)
{
	y -= r->from.y;
	if (y >= 0 && y < r->to.height)
		copy_row(r, y, r->im, row, r->from.x);
}

static int
smooth(const struct prep_run *r)
{
	const struct image *im = r->im;
	size_t bytes = image_bytes(im) / (size_t)im->height;
	size_t size = bytes / (size_t)im->width;
	struct image small = {.width = r->to.width,
	    .height = r->to.height,
	    .channels = im->channels,
	    .wide = im->wide};
	int done;

	small.pixels = malloc(image_bytes(&small));
	done = small.pixels != NULL &&
	       stbir_resize(im->pixels + (size_t)r->from.y * bytes +
				(size_t)r->from.x * size,
		   r->from.width, r->from.height, (int)bytes, small.pixels,
		   small.width, small.height, 0,
		   im->wide ? STBIR_TYPE_UINT16 : STBIR_TYPE_UINT8,
		   im->channels, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP,
		   STBIR_EDGE_CLAMP, STBIR_FILTER_DEFAULT, STBIR_FILTER_DEFAULT,
		   STBIR_COLORSPACE_LINEAR, NULL);
	if (done)
		copy(r, &small);
	free(small.pixels);
	return done ? 0 : -1;
}

/* A row of the image, as wide as the network wants it. */
static void
stretch_row(const struct prep_run *r, const void *row, int c, float *out)
{
	int n = r->from.width, last = r->to.width - 1;
	float scale = last > 0 ? (float)(n - 1) / (float)last : 0;
	size_t from = (size_t)r->from.x;

	for (int x = 0; x < last && n > 1; x++) {
		float sx = (float)x * scale;
		size_t i = (size_t)sx;
		float d = sx - (float)i;

		i += from;
		out[x] = (1 - d) * sample(r->im, row, i, r->channels, c) +
			 d * sample(r->im, row, i + 1, r->channels, c);
	}
	for (int x = n > 1 ? last : 0; x <= last; x++)
		out[x] = sample(
		    r->im, row, from + (size_t)n - 1, r->channels, c);
}

/* What row i of the image adds to row y, which lies at it or just after it. */
static void
add_row(
    const struct prep_run *r, const void *row, int y, float share, int first)
{
	for (int c = 0; c < r->channels; c++) {
		float *to = row_of(r, c, y);

		stretch_row(r, row, c, r->line);
		for (int x = 0; x < r->to.width; x++)
			to[x] = (first ? 0 : to[x]) + share * r->line[x];
	}
}

/* The operations and their order are those of darknet's resize_image. */
static void
take_linear(struct prep_run *r, int i, const void *row)
{
	int n = r->from.height, last = r->to.height - 1;
	float scale = last > 0 ? (float)(n - 1) / (float)last : 0;

	i -= r->from.y;
	for (int y = r->done; y <= last; y++) {
		float sy = (float)y * scale;
		int at = (int)sy, more = y < last && n > 1;
		float d = sy - (float)at;

		if (at > i)
			break;
		if (at == i)
			add_row(r, row, y, 1 - d, 1);
		else if (more)
			add_row(r, row, y, d, 0);
		r->done += y == r->done && at + more == i;
	}
}

/*
 * For a crop as torchvision's Resize and CenterCrop in one: of an image that is
 * just large enough for 1 / crop of the network's size, what lies in its middle.
 */
static struct triangle_part
part_of(const struct prep_run *r)
{
	long long iw = r->im->width, ih = r->im->height;
	struct triangle_part part = {.width = r->to.width,
	    .height = r->to.height,
	    .part_width = r->to.width,
	    .part_height = r->to.height};

	if (r->p->fit != PREP_CROP)
		return part;
	part.width = llroundf((float)r->width / r->p->crop);
	part.height = llroundf((float)r->height / r->p->crop);
	if (iw * r->height > ih * r->width)
		part.width = part.height * iw / ih;
	else
		part.height = part.width * ih / iw;
	part.left = llrint((double)(part.width - r->width) / 2);
	part.top = llrint((double)(part.height - r->height) / 2);
	return part;
}

static void
take_triangle(struct prep_run *r, int y, const void *row)
{
	triangle_row(&r->triangle, y, row);
}

static int
finish_triangle(const struct prep_run *r)
{
	struct image small;

	if (triangle_end(&r->triangle, &small) < 0)
		return -1;
	copy(r, &small);
	image_free(&small);
	return 0;
}

/* The part of the image that fit takes, and where it goes. */
static void
place(const struct prep *p, struct prep_run *r)
{
	long long w = r->width, h = r->height;
	long long iw = r->im->width, ih = r->im->height;

	r->from = (struct prep_box){0, 0, (int)iw, (int)ih};
	r->to = (struct prep_box){0, 0, (int)w, (int)h};
	if (p->fit == PREP_CROP) {
		long long cw = iw * h < ih * w ? iw : ih * w / h;
		long long ch = iw * h < ih * w ? iw * h / w : ih;

		if (p->crop < 1) {
			cw = llround((double)cw * p->crop);
			ch = llround((double)ch * p->crop);
		}

		cw += cw == 0;
		ch += ch == 0;
		r->from = (struct prep_box){
		    (int)(iw - cw) / 2, (int)(ih - ch) / 2, (int)cw, (int)ch};
	} else if (p->fit == PREP_LETTERBOX) {
		/* In float, as darknet compares them. */
		int wide = (float)w / (float)iw < (float)h / (float)ih;
		long long lw = wide ? w : iw * h / ih;
		long long lh = wide ? ih * w / iw : h;

		lw += lw == 0;
		lh += lh == 0;
		r->to = (struct prep_box){
		    (int)(w - lw) / 2, (int)(h - lh) / 2, (int)lw, (int)lh};
	}
}

static void
swap(float *a, float *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float v = a[i];

		a[i] = b[i];
		b[i] = v;
	}
}

void
prep_normalise(const struct prep *p, int channels, size_t n, float *tensor)
{
	for (int c = 0; c < channels; c++) {
		int colour = p->bgr && channels == 3 ? 2 - c : c;
		float mean = p->mean[colour], scale = p->scale[colour];

		for (size_t i = 0; i < n; i++, tensor++)
			*tensor = (*tensor - mean) * scale;
	}
}

int
prep_by_rows(const struct prep *p, const struct image *im)
{
	int upright = im->orientation < 2 || im->orientation > 8;

	return p->filter != PREP_SMOOTH && (upright || p->no_exif);
}

/* By which the rows are taken; none where the image is looked at in the end. */
static int
choose(struct prep_run *r)
{
	struct triangle_part part;

	if (r->p->filter == PREP_TRIANGLE) {
		part = part_of(r);
		r->take = take_triangle;
		return triangle_init(&r->triangle, &part, r->im);
	}
	if (r->from.width == r->to.width && r->from.height == r->to.height) {
		r->take = take_as_it_is;
	} else if (r->p->filter == PREP_DARKNET) {
		r->take = take_linear;
		r->line = malloc((size_t)r->to.width * sizeof(*r->line));
		return r->line == NULL ? -1 : 0;
	}
	return 0;
}

int
prep_init(struct prep_run *r, const struct prep *p, const struct image *im,
    int width, int height, int channels, float *out)
{
	size_t n = (size_t)width * (size_t)height * (size_t)channels;

	*r = (struct prep_run){.p = p,
	    .im = im,
	    .width = width,
	    .height = height,
	    .channels = channels,
	    .out = out};
	place(p, r);
	if (r->to.width < width || r->to.height < height)
		for (size_t i = 0; i < n; i++)
			out[i] = .5F;
	return choose(r);
}

void
prep_free(struct prep_run *r)
{
	triangle_free(&r->triangle);
	free(r->line);
}

void
prep_row(struct prep_run *r, const void *row)
{
	if (r->take != NULL)
		r->take(r, r->y, row);
	r->y++;
}

int
prep_end(const struct prep_run *r)
{
	size_t n = (size_t)r->width * (size_t)r->height;

	if ((r->take == NULL && smooth(r) < 0) ||
	    (r->take == take_triangle && finish_triangle(r) < 0))
		return -1;
	if (r->p->bgr && r->channels == 3)
		swap(r->out, r->out + 2 * n, n);
	prep_normalise(r->p, r->channels, n, r->out);
	return 0;
}
