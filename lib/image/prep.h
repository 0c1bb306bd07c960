/*
 * From an image to what a network takes: channels x height x width floats,
 * one plane a channel. The image comes row by row. Arithmetic alone, and may be
 * called from several threads. Foreign: stb_image_resize.
 *
 * Samples become 0 .. 1 (8 bits: v / 255, 16 bits: v / 65535). Grey becomes
 * equal channels; colour becomes luma, 0.299 R + 0.587 G + 0.114 B. Then the
 * size is made fit; then each sample becomes (v - mean) * scale.
 */
#ifndef PREP_H
#define PREP_H

#include <stddef.h>

#include "image/image.h"
#include "image/triangle.h"

/*
 * How an image of other proportions is brought to the network's. The first of
 * each are the defaults: what darknet validates a classifier with.
 */
enum prep_fit {
	/*
	 * The largest part about the middle that has the network's
	 * proportions. For a square network this is center_crop_image, which
	 * darknet's "classifier valid" calls.
	 */
	PREP_CROP,
	/*
	 * As a whole, in its proportions, about the middle; what stays free
	 * is 0.5. This is letterbox_image, which darknet's "classifier
	 * predict" calls.
	 */
	PREP_LETTERBOX,
	PREP_STRETCH /* as a whole; its proportions become the network's */
};

/* How pixels are made of others; not used where the size is right already. */
enum prep_filter {
	/*
	 * darknet's resize_image, to float rounding: linear between the two
	 * nearest rows and columns, the corners stay corners. It skips pixels
	 * when it makes an image less than half as large, and its last row is
	 * dark for some pairs of heights (float's rounding; so it is there).
	 */
	PREP_DARKNET,
	/* Mitchell filter down, Catmull-Rom up, edges repeated. */
	PREP_SMOOTH,
	/*
	 * Linear, over as many pixels as go into one: what Pillow, and so
	 * torchvision, calls bilinear. Edges repeated.
	 */
	PREP_TRIANGLE
};

struct prep {
	enum prep_fit fit;
	enum prep_filter filter;
	/*
	 * Of the part that PREP_CROP takes, the share of each side that is
	 * used, about its middle: 224 / 256 where an image is first made 256
	 * pixels wide or high, and then 224 x 224 are cut out of it.
	 */
	float crop;
	int bgr;                 /* blue is the first plane, red the last */
	float mean[3], scale[3]; /* of red, green, blue; grey has the first */
	int no_exif;             /* take the image as it lies */
	int fast;                /* decode no more of it than is needed */
};

/* darknet's crop and filter; nothing subtracted. */
extern const struct prep prep_plain;

struct prep_box {
	int x, y, width, height;
};

/* An image on its way into a tensor. */
struct prep_run {
	const struct prep *p;
	const struct image *im;
	int width, height, channels; /* of the tensor */
	float *out;
	struct prep_box from, to; /* where in the image, where in the planes */
	void (*take)(struct prep_run *r, int y, const void *row);
	int y;       /* rows so far */
	int done;    /* rows of the tensor that are */
	float *line; /* of the tensor */
	struct triangle triangle;
};

/*
 * Whether the rows of an image with these sides, samples and orientation are
 * enough, one after the other. If not, it has to lie there upright (exif.h)
 * with all its pixels from the beginning to the end.
 */
int prep_by_rows(const struct prep *p, const struct image *im);

/*
 * Of channels, 1 or 3, and sides of at least 1; *p, *im and out are kept until
 * the end. Returns 0, or -1 when memory ran out. prep_free is allowed in both
 * cases.
 */
int prep_init(struct prep_run *r, const struct prep *p, const struct image *im,
    int width, int height, int channels, float *out);
void prep_free(struct prep_run *r);

/* The next row. */
void prep_row(struct prep_run *r, const void *row);

/* When all rows were there: the rest. Returns 0, or -1 when memory ran out. */
int prep_end(const struct prep_run *r);

/*
 * The last step alone, for a tensor of channels x n samples whose planes are
 * in the network's order already.
 */
void prep_normalise(
    const struct prep *p, int channels, size_t n, float *tensor);

#endif
