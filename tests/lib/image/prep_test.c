/*
 * prep: what passes exactly; where each fit takes its pixels; that the
 * filter of that name is darknet's, by calling darknet itself.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <darknet.h>

#include "image/image.h"
#include "image/prep.h"
#include "tap.h"

/* Another picture for each seed, the same on every machine. */
static struct image
picture(int width, int height, int channels, int wide, unsigned seed)
{
	size_t n = (size_t)width * (size_t)height * (size_t)channels;
	struct image im = {.width = width,
	    .height = height,
	    .channels = channels,
	    .wide = wide};
	uint16_t *w = malloc(2 * n);

	im.pixels = (void *)w;
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525 + 1013904223;
		if (wide)
			w[i] = (uint16_t)(seed >> 16);
		else
			im.pixels[i] = (unsigned char)(seed >> 24);
	}
	return im;
}

/* The same in darknet's form, as its load_image_stb makes it. */
static image
for_darknet(const struct image *im)
{
	image to = make_image(im->width, im->height, im->channels);
	int n = im->width * im->height;

	for (int i = 0; i < n; i++)
		for (int c = 0; c < im->channels; c++)
			to.data[c * n + i] =
			    (float)im->pixels[i * im->channels + c] / 255.;
	return to;
}

/* An image that lies in memory, upright. */
static void
prepare(const struct prep *p, const struct image *im, int width, int height,
    int channels, float *out)
{
	size_t bytes = image_bytes(im) / (size_t)im->height;
	struct prep_run r;
	int good = prep_init(&r, p, im, width, height, channels, out) == 0;

	for (int y = 0; good && y < im->height; y++)
		prep_row(&r, im->pixels + (size_t)y * bytes);
	if (!good || prep_end(&r) < 0)
		ok(0, "memory");
	prep_free(&r);
}

/* How many numbers are not those of darknet's function. */
static int
differ(const struct prep *p, struct image *im, int size,
    image (*of)(image, int, int))
{
	image from = for_darknet(im), want = of(from, size, size);
	int n = size * size * im->channels, wrong = 0;
	float *got = calloc((size_t)n, sizeof(*got));

	prepare(p, im, size, size, im->channels, got);
	for (int i = 0; i < n; i++)
		wrong += !(fabsf(got[i] - want.data[i]) <= 1e-6F);
	free(got);
	free_image(from);
	free_image(want);
	return wrong;
}

static void
test_darknet(enum prep_fit fit, image (*of)(image, int, int), const char *name)
{
	static const int sizes[][2] = {{28, 28}, {1, 1}, {1, 50}, {50, 1},
	    {2, 3}, {28, 27}, {640, 480}, {480, 641}, {333, 77}, {61, 62},
	    {29, 113}, {224, 300}, {1000, 700}};
	static const int nets[] = {8, 28, 32, 61, 224};
	struct prep p = prep_plain;
	int wrong = 0;

	p.fit = fit;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t k = 0; k < sizeof(nets) / sizeof(*nets); k++) {
			int w = sizes[i][0], h = sizes[i][1], n = nets[k];
			struct image im = picture(
			    w, h, k % 2 ? 1 : 3, 0, (unsigned)(i * 10 + k));

			/* darknet leaves a box without image, or less. */
			if (fit == PREP_LETTERBOX &&
			    (w * n / h < 2 || h * n / w < 2)) {
				image_free(&im);
				continue;
			}
			wrong += differ(&p, &im, n, of);
			image_free(&im);
		}
	ok(wrong == 0, "%s gives the numbers of darknet", name);
}

static void
test_exact(void)
{
	float x[3 * 20];
	struct image grey = picture(5, 4, 1, 0, 1);
	struct image colour = picture(5, 4, 3, 0, 2);
	struct image deep = picture(5, 4, 3, 1, 3);
	const uint16_t *w = (const void *)deep.pixels;
	int exact = 1, repeated = 1, luma = 1, full = 1, deep_luma = 1;

	prepare(&prep_plain, &grey, 5, 4, 1, x);
	for (int i = 0; i < 20; i++)
		exact &= x[i] == (float)(grey.pixels[i] / 255.0);
	ok(exact, "an image of the network's size passes exactly");
	prepare(&prep_plain, &grey, 5, 4, 3, x);
	for (int i = 0; i < 60; i++)
		repeated &= x[i] == (float)(grey.pixels[i % 20] / 255.0);
	ok(repeated, "grey becomes three channels");
	prepare(&prep_plain, &colour, 5, 4, 1, x);
	for (int i = 0; i < 20; i++) {
		const unsigned char *p = colour.pixels + 3 * i;

		luma &= fabs(x[i] * 255e3 -
			     (299 * p[0] + 587 * p[1] + 114 * p[2])) < .02;
	}
	ok(luma, "colour becomes luma");
	prepare(&prep_plain, &deep, 5, 4, 3, x);
	for (int i = 0; i < 60; i++)
		full &= x[i] == (float)(w[i % 20 * 3 + i / 20] / 65535.0);
	ok(full, "16 bits pass exactly");
	prepare(&prep_plain, &deep, 5, 4, 1, x);
	for (int i = 0; i < 20; i++)
		deep_luma &= fabs(x[i] * 65535e3 -
				  (299 * w[3 * i] + 587 * w[3 * i + 1] +
				      114 * w[3 * i + 2])) < 4;
	ok(deep_luma, "and become luma");
	image_free(&grey);
	image_free(&colour);
	image_free(&deep);
}

static void
test_normal(void)
{
	struct prep p = {.crop = 1,
	    .bgr = 1,
	    .mean = {.5F, .25F, .125F},
	    .scale = {1, 2, 4}};
	struct image im = picture(5, 4, 3, 0, 4), grey = picture(5, 4, 1, 0, 5);
	float x[60], plain[60];
	int good = 1, first = 1;

	prepare(&prep_plain, &im, 5, 4, 3, plain);
	prepare(&p, &im, 5, 4, 3, x);
	for (int i = 0; i < 60; i++) {
		int c = 2 - i / 20; /* the colour that stands there */

		good &= x[i] ==
			(plain[c * 20 + i % 20] - p.mean[c]) * p.scale[c];
	}
	ok(good, "mean and scale by colour, blue first");
	prepare(&prep_plain, &grey, 5, 4, 1, plain);
	prepare(&p, &grey, 5, 4, 1, x);
	for (int i = 0; i < 20; i++)
		first &= x[i] == (plain[i] - p.mean[0]) * p.scale[0];
	ok(first, "grey has the first of them");
	image_free(&im);
	image_free(&grey);
}

static void
test_smooth(void)
{
	unsigned char flat[3 * 12] = {0}, ramp[12];
	struct image c = {
	    .width = 4, .height = 3, .channels = 3, .pixels = flat};
	struct image g = {
	    .width = 4, .height = 3, .channels = 1, .pixels = ramp};
	uint16_t light[12];
	struct image deep = {.width = 4,
	    .height = 3,
	    .channels = 1,
	    .wide = 1,
	    .pixels = (void *)light};
	struct prep p = prep_plain;
	float x[3 * 8 * 8], sum = 0;
	int inside = 1;

	p.fit = PREP_STRETCH;
	p.filter = PREP_SMOOTH;
	for (int i = 0; i < 12; i++) {
		flat[3 * i] = 255;
		ramp[i] = (unsigned char)(23 * i);
		light[i] = (uint16_t)(40000 + i % 4);
	}
	prepare(&p, &c, 8, 8, 3, x);
	for (int i = 0; i < 192; i++)
		inside &= x[i] == (i < 64 ? 1 : 0);
	ok(inside, "a flat image stays flat, channel by channel");
	prepare(&p, &g, 2, 3, 1, x);
	for (int i = 0; i < 6; i++)
		sum += x[i] / 6;
	near(sum, 23 * 5.5 / 255, 0.02, "making smaller keeps the mean");
	prepare(&p, &deep, 2, 3, 1, x);
	ok(x[0] >= 40000 / 65535.0F && x[0] < x[1] && x[1] <= 40003 / 65535.0F,
	    "a step that 8 bits do not show stays");
}

/* Columns that say where they stood: 10 x 4, column i is 25 i. */
static void
test_places(void)
{
	unsigned char p[40];
	struct image im = {
	    .width = 10, .height = 4, .channels = 1, .pixels = p};
	struct prep prep = prep_plain;
	float x[64];
	int good = 1;

	for (int i = 0; i < 40; i++)
		p[i] = (unsigned char)(25 * (i % 10));
	prepare(&prep, &im, 4, 4, 1, x);
	for (int i = 0; i < 16; i++)
		good &= x[i] == (float)(25 * (3 + i % 4) / 255.0);
	ok(good, "crop: the middle as it is");
	prepare(&prep, &im, 8, 4, 1, x);
	ok(x[0] == (float)(25 / 255.0) && x[7] == (float)(200 / 255.0),
	    "crop: in the network's proportions");
	prep.fit = PREP_LETTERBOX;
	prep.mean[0] = .5F;
	prepare(&prep, &im, 10, 6, 1, x);
	good = 1;
	for (int i = 0; i < 60; i++)
		good &= x[i] == (i / 10 == 0 || i / 10 == 5
					? 0
					: (float)(25 * (i % 10) / 255.0) - .5F);
	ok(good, "letterbox: in the middle, grey around it");
}

/*
 * What Pillow 9.4 and torchvision 0.14 make of a picture whose sample at (x, y)
 * is (37 x + 101 y) % 256, by
 *
 *	Image.fromarray(a).resize((w, h), Image.BILINEAR)
 *	Compose([Resize(8), CenterCrop(7)])(Image.fromarray(a))
 */
static void
test_triangle(void)
{
	static const unsigned char smaller[] = {113, 142, 123, 123, 150, 132,
	    116, 129, 128, 125, 130, 129, 127, 128, 137, 132, 135, 129, 137,
	    134};
	static const unsigned char larger[] = {0, 19, 43, 68, 93, 111, 40, 59,
	    83, 108, 133, 151, 101, 120, 144, 169, 194, 212, 162, 181, 179, 102,
	    101, 119, 202, 221, 202, 57, 39, 57};
	static const unsigned char cropped[] = {132, 109, 143, 136, 112, 144,
	    141, 127, 130, 122, 130, 131, 125, 135, 135, 139, 121, 136, 143,
	    124, 130, 124, 133, 123, 127, 135, 123, 130, 121, 130, 152, 124,
	    133, 109, 123, 124, 131, 128, 121, 132, 130, 124, 146, 130, 134,
	    120, 117, 136, 125};
	static const struct {
		int in[2], out[2];
		float crop; /* 0: stretched */
		const unsigned char *want;
	} cases[] = {{{13, 11}, {5, 4}, 0, smaller},
	    {{4, 3}, {6, 5}, 0, larger}, {{23, 17}, {7, 7}, .875F, cropped}};

	for (size_t k = 0; k < 3; k++) {
		int w = cases[k].in[0], h = cases[k].in[1];
		int n = cases[k].out[0] * cases[k].out[1], good = 1;
		unsigned char pixels[23 * 17];
		uint16_t deep[23 * 17];
		struct image im = {
		    .width = w, .height = h, .channels = 1, .pixels = pixels};
		struct prep p = prep_plain;
		float x[49];

		for (int i = 0; i < w * h; i++) {
			pixels[i] = (unsigned char)(37 * (i % w) +
						    101 * (i / w));
			deep[i] = (uint16_t)(257 * pixels[i]);
		}
		p.filter = PREP_TRIANGLE;
		p.fit = cases[k].crop > 0 ? PREP_CROP : PREP_STRETCH;
		p.crop = cases[k].crop > 0 ? cases[k].crop : 1;
		prepare(&p, &im, cases[k].out[0], cases[k].out[1], 1, x);
		for (int i = 0; i < n; i++)
			good &= x[i] == (float)(cases[k].want[i] / 255.0);
		ok(good, "triangle: Pillow's numbers");
		im.pixels = (void *)deep;
		im.wide = 1;
		prepare(&p, &im, cases[k].out[0], cases[k].out[1], 1, x);
		for (int i = 0; i < n; i++)
			good &= fabs(x[i] - cases[k].want[i] / 255.0) <
				1.1 / 255;
		ok(good, "triangle: 16 bits alike");
	}
}

int
main(void)
{
	test_triangle();
	test_exact();
	test_normal();
	test_smooth();
	test_places();
	test_darknet(PREP_STRETCH, resize_image, "stretch");
	test_darknet(PREP_CROP, center_crop_image, "crop");
	test_darknet(PREP_LETTERBOX, letterbox_image, "letterbox");
	return done_testing();
}
