/*
 * task: an image whose rows are taken while it is decoded gives the numbers of
 * one that was decoded as a whole; what is cut short gives an error.
 */
#include <stdlib.h>
#include <string.h>

#include "decoder/task.h"
#include "image/decode.h"
#include "tap.h"

enum { WIDTH = 19, HEIGHT = 23, CHANNELS = 3, MANY = 10000, FLOATS = 1311 };

static unsigned char data[1 << 16];
static size_t len;

static int
load(const char *path)
{
	FILE *f = fopen(path, "rb");

	len = f == NULL ? 0 : fread(data, 1, sizeof(data), f);
	if (f != NULL)
		fclose(f);
	return len > 0;
}

/* What is made of the first n bytes. Whether rows were taken: 0 or 1; or -1. */
static int
look(const struct task *t, size_t n, int by_rows, float *tensor,
    struct pixels_stats *seen)
{
	unsigned char *copy = malloc(n);
	struct image im = {0};
	struct image_error e;
	struct task_look l;
	int taken;

	memcpy(copy, data, n);
	task_init(&l, t, &im, tensor);
	if (!by_rows)
		im.rows = NULL;
	taken = decode_bytes(&im, copy, n, MANY, &e) < 0 ? -1 : l.begun;
	if (taken >= 0 && (im.pixels == NULL) != taken)
		taken = -2;
	if (taken >= 0 && task_end(&l, &im, seen, &e) < 0)
		taken = -3;
	task_free(&l);
	image_free(&im);
	free(copy);
	return taken;
}

static int
alike(const struct pixels_stats *a, const struct pixels_stats *b)
{
	return a->width == b->width && a->height == b->height &&
	       a->frames_left == b->frames_left &&
	       a->brightness == b->brightness && a->contrast == b->contrast &&
	       a->sharpness == b->sharpness;
}

/* Both ways: the same numbers. */
static void
compare(const char *path, enum prep_filter filter, enum prep_fit fit,
    int no_exif, int taken)
{
	static float rows[FLOATS], whole[FLOATS];
	struct task t = {.prep = prep_plain,
	    .width = WIDTH,
	    .height = HEIGHT,
	    .channels = CHANNELS,
	    .max_pixels = MANY};
	struct pixels_stats a = {0}, b = {0};
	int got, plain;

	t.prep.filter = filter;
	t.prep.fit = fit;
	t.prep.no_exif = no_exif;
	memset(rows, 0, sizeof(rows));
	memset(whole, 1, sizeof(whole));
	got = load(path) ? look(&t, len, 1, rows, &a) : -4;
	plain = look(&t, len, 0, whole, &b);
	ok(got == taken && plain == 0 &&
		memcmp(rows, whole, sizeof(rows)) == 0 && alike(&a, &b),
	    "%s: filter %d, fit %d, %s", path, (int)filter, (int)fit,
	    taken ? "by rows" : "as a whole");
	if (got != taken)
		printf("# %d, and %d as a whole\n", got, plain);
}

static void
test_cut(const char *path)
{
	static float tensor[FLOATS];
	const struct task t = {.prep = prep_plain,
	    .width = WIDTH,
	    .height = HEIGHT,
	    .channels = CHANNELS,
	    .max_pixels = MANY};
	struct pixels_stats seen;
	int wrong = 0;

	load(path);
	for (size_t n = 1; n < len; n++)
		wrong += look(&t, n, 1, tensor, &seen) != -1;
	ok(len > 0 && wrong == 0, "%s cut short is refused", path);
}

int
main(void)
{
	static const char *const names[] = {"tests/images/baseline.jpg",
	    "tests/images/progressive.jpg", "tests/images/grey.jpg",
	    "tests/images/cmyk.jpg", "tests/vectors/images/turned1.jpg"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (int fit = PREP_CROP; fit <= PREP_STRETCH; fit++) {
			compare(names[i], PREP_DARKNET, fit, 0, 1);
			compare(names[i], PREP_TRIANGLE, fit, 0, 1);
		}
	compare(names[0], PREP_SMOOTH, PREP_CROP, 0, 0);
	compare(
	    "tests/vectors/images/turned6.jpg", PREP_TRIANGLE, PREP_CROP, 0, 0);
	compare(
	    "tests/vectors/images/turned6.jpg", PREP_TRIANGLE, PREP_CROP, 1, 1);
	compare("tests/images/rgb.png", PREP_TRIANGLE, PREP_CROP, 0, 0);
	compare("tests/images/deep.ppm", PREP_DARKNET, PREP_STRETCH, 0, 0);
	test_cut(names[0]);
	test_cut(names[1]);
	return done_testing();
}
