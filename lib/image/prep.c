#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "image/exif.h"
#include "image/image.h"
#include "image/prep.h"
#include "image/triangle.h"

#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

const struct prep prep_plain = {.crop = 1, .scale = {1, 1, 1}};

struct box {
	int x, y, width, height;
};

/* Where a part of the image goes in the planes of the network. */
struct task {
	const struct image *im;
	struct box from, to;
	int width, height, channels; /* of the planes */
	float *out;
};

/* Sample c of pixel i, of as many channels as the network has. */
static inline float
sample(const struct image *im, size_t i, int channels, int c)
{
	const uint16_t *w = (const uint16_t *)(const void *)im->pixels;
	const unsigned char *p = im->pixels;

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
row_of(const struct task *t, int c, int y)
{
	return t->out +
	       ((size_t)c * (size_t)t->height + (size_t)(t->to.y + y)) *
		   (size_t)t->width +
	       (size_t)t->to.x;
}

static void
copy(const struct task *t)
{
	for (int c = 0; c < t->channels; c++)
		for (int y = 0; y < t->to.height; y++) {
			float *to = row_of(t, c, y);
			size_t i = (size_t)(t->from.y + y) *
				       (size_t)t->im->width +
				   (size_t)t->from.x;

			for (int x = 0; x < t->to.width; x++)
				to[x] = sample(t->im, i++, t->channels, c);
		}
}

static int
smooth(const struct task *t)
{
	const struct image *im = t->im;
	size_t size = (size_t)im->channels * (im->wide ? 2 : 1);
	size_t row = size * (size_t)im->width;
	struct image small = {.width = t->to.width,
	    .height = t->to.height,
	    .channels = im->channels,
	    .wide = im->wide};
	struct task rest = *t;
	int done;

	small.pixels = malloc(
	    size * (size_t)small.width * (size_t)small.height);
	done = small.pixels != NULL &&
	       stbir_resize(im->pixels + (size_t)t->from.y * row +
				(size_t)t->from.x * size,
		   t->from.width, t->from.height, (int)row, small.pixels,
		   small.width, small.height, 0,
		   im->wide ? STBIR_TYPE_UINT16 : STBIR_TYPE_UINT8,
		   im->channels, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP,
		   STBIR_EDGE_CLAMP, STBIR_FILTER_DEFAULT, STBIR_FILTER_DEFAULT,
		   STBIR_COLORSPACE_LINEAR, NULL);
	rest.im = &small;
	rest.from = (struct box){0, 0, small.width, small.height};
	if (done)
		copy(&rest);
	free(small.pixels);
	return done ? 0 : -1;
}

/* A row of the image, as wide as the network wants it. */
static void
stretch_row(const struct task *t, int c, int y, float *out)
{
	int n = t->from.width, last = t->to.width - 1;
	float scale = last > 0 ? (float)(n - 1) / (float)last : 0;
	size_t row = (size_t)(t->from.y + y) * (size_t)t->im->width +
		     (size_t)t->from.x;

	for (int x = 0; x < last && n > 1; x++) {
		float sx = (float)x * scale;
		size_t i = (size_t)sx;
		float d = sx - (float)i;

		out[x] = (1 - d) * sample(t->im, row + i, t->channels, c) +
			 d * sample(t->im, row + i + 1, t->channels, c);
	}
	for (int x = n > 1 ? last : 0; x <= last; x++)
		out[x] = sample(t->im, row + (size_t)n - 1, t->channels, c);
}

/*
 * For a crop as torchvision's Resize and CenterCrop in one: of an image that is
 * just large enough for 1 / crop of the network's size, what lies in its middle.
 */
static int
triangle(const struct prep *p, const struct task *t)
{
	const struct image *im = t->im;
	long long iw = im->width, ih = im->height;
	struct triangle part = {.width = t->to.width,
	    .height = t->to.height,
	    .part_width = t->to.width,
	    .part_height = t->to.height};
	struct image small;
	struct task rest = *t;

	if (p->fit == PREP_CROP) {
		part.width = llroundf((float)t->width / p->crop);
		part.height = llroundf((float)t->height / p->crop);
		if (iw * t->height > ih * t->width)
			part.width = part.height * iw / ih;
		else
			part.height = part.width * ih / iw;
		part.left = llrint((double)(part.width - t->width) / 2);
		part.top = llrint((double)(part.height - t->height) / 2);
	}
	if (triangle_resize(&part, im, &small) < 0)
		return -1;
	rest.im = &small;
	rest.from = (struct box){0, 0, small.width, small.height};
	copy(&rest);
	free(small.pixels);
	return 0;
}

/* The operations and their order are those of darknet's resize_image. */
static int
linear(const struct task *t)
{
	int last = t->to.height - 1;
	size_t bytes = (size_t)t->to.width * sizeof(float);
	float *row = malloc(2 * bytes), *next = row + t->to.width;
	float scale = last > 0 ? (float)(t->from.height - 1) / (float)last : 0;

	if (row == NULL)
		return -1;
	for (int c = 0; c < t->channels; c++)
		for (int y = 0; y <= last; y++) {
			float *to = row_of(t, c, y), sy = (float)y * scale;
			int i = (int)sy, more = y < last && t->from.height > 1;
			float d = sy - (float)i;

			stretch_row(t, c, i, row);
			if (more)
				stretch_row(t, c, i + 1, next);
			for (int x = 0; x < t->to.width; x++) {
				to[x] = (1 - d) * row[x];
				if (more)
					to[x] += d * next[x];
			}
		}
	free(row);
	return 0;
}

/* The part of the image that fit takes, and where it goes. */
static void
place(const struct prep *p, struct task *t)
{
	long long w = t->width, h = t->height;
	long long iw = t->im->width, ih = t->im->height;

	t->from = (struct box){0, 0, (int)iw, (int)ih};
	t->to = (struct box){0, 0, (int)w, (int)h};
	if (p->fit == PREP_CROP) {
		long long cw = iw * h < ih * w ? iw : ih * w / h;
		long long ch = iw * h < ih * w ? iw * h / w : ih;

		if (p->crop < 1) {
			cw = llround((double)cw * p->crop);
			ch = llround((double)ch * p->crop);
		}

		cw += cw == 0;
		ch += ch == 0;
		t->from = (struct box){
		    (int)(iw - cw) / 2, (int)(ih - ch) / 2, (int)cw, (int)ch};
	} else if (p->fit == PREP_LETTERBOX) {
		/* In float, as darknet compares them. */
		int wide = (float)w / (float)iw < (float)h / (float)ih;
		long long lw = wide ? w : iw * h / ih;
		long long lh = wide ? ih * w / iw : h;

		lw += lw == 0;
		lh += lh == 0;
		t->to = (struct box){
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
prep_tensor(const struct prep *p, struct image *im, int width, int height,
    int channels, float *out)
{
	size_t n = (size_t)width * (size_t)height;
	struct task t = {.im = im,
	    .width = width,
	    .height = height,
	    .channels = channels,
	    .out = out};
	int failed = 0;

	if (!p->no_exif && exif_upright(im) < 0)
		return -1;
	place(p, &t);
	if (t.to.width < width || t.to.height < height)
		for (size_t i = 0; i < n * (size_t)channels; i++)
			out[i] = .5F;
	if (p->filter == PREP_TRIANGLE)
		failed = triangle(p, &t);
	else if (t.from.width == t.to.width && t.from.height == t.to.height)
		copy(&t);
	else
		failed = p->filter == PREP_DARKNET ? linear(&t) : smooth(&t);
	if (p->bgr && channels == 3)
		swap(out, out + 2 * n, n);
	prep_normalise(p, channels, n, out);
	return failed;
}
