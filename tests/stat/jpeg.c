/*
 * From a JPEG file to the input of a network of 224 x 224 and the statistics
 * of the pixels, as a decoder process does it: milliseconds of processor time,
 * with stb_image as the decoder, with ours, and with --fast-decode. In every
 * round each of them takes its turn; medians.
 *
 *	jpeg FILE [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#pragma GCC diagnostic ignored "-Wunused-function"
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

#include "decoder/task.h"
#include "image/decode.h"
#include "image/exif.h"
#include "tool/err.h"

enum { SIDE = 224, PLANES = 3, MOST_ROUNDS = 99, MAX_PIXELS = 100000000 };
enum decoder { STB, OURS, FAST, DECODERS };

static const struct task task = {
    .prep = {.filter = PREP_TRIANGLE, .crop = 0.875F, .scale = {1, 1, 1}},
    .width = SIDE,
    .height = SIDE,
    .channels = PLANES,
    .max_pixels = MAX_PIXELS,
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static unsigned char *
load(const char *path, size_t *len)
{
	struct image_error e;
	int fd = decode_open(path, len, &e);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "rb");
	unsigned char *data = err_malloc(fd < 0 ? 1 : *len);

	if (f == NULL)
		err_die("%s: %s", path, e.reason);
	if (fread(data, 1, *len, f) != *len)
		err_die("%s: %m", path);
	fclose(f);
	return data;
}

static void
by_stb(struct image *im, const unsigned char *data, size_t len)
{
	int channels;

	im->channels = PLANES;
	im->orientation = exif_orientation(data, len);
	im->pixels = stbi_load_from_memory(
	    data, (int)len, &im->width, &im->height, &channels, im->channels);
	if (im->pixels == NULL)
		err_die("stb_image can't");
}

static double
turn(enum decoder d, const unsigned char *data, size_t len)
{
	static float tensor[PLANES * SIDE * SIDE];
	struct task of = task;
	struct pixels_stats seen;
	struct image_error e;
	struct image im = {0};
	struct task_look l;
	double from = now();

	of.prep.fast = d == FAST;
	task_init(&l, &of, &im, tensor);
	if (d == STB)
		by_stb(&im, data, len);
	else if (decode_bytes(&im, data, len, MAX_PIXELS, &e) < 0)
		err_die("%s", e.reason);
	if (task_end(&l, &im, &seen, &e) < 0)
		err_die("%s", e.reason);
	task_free(&l);
	image_free(&im);
	return now() - from;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double took[][DECODERS], int n, int d)
{
	double x[MOST_ROUNDS];

	for (int i = 0; i < n; i++)
		x[i] = took[i][d];
	qsort(x, (size_t)n, sizeof(*x), compare);
	return x[n / 2];
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {
	    "stb_image", "default", "--fast-decode"};
	static double took[MOST_ROUNDS][DECODERS];
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	unsigned char *data;
	size_t len;

	err_init("jpeg");
	if (argc < 2 || rounds < 1 || rounds > MOST_ROUNDS)
		err_die("usage: jpeg FILE [ROUNDS]");
	data = load(argv[1], &len);
	for (int i = 0; i < rounds; i++)
		for (int d = 0; d < DECODERS; d++)
			took[i][d] = turn(d, data, len);
	printf("%-16s %9s %7s\n", "medians", "ms of cpu", "ratio");
	for (int d = 0; d < DECODERS; d++)
		printf("%-16s %9.1f %7.2f\n", names[d], median(took, rounds, d),
		    median(took, rounds, STB) / median(took, rounds, d));
	free(data);
	return EXIT_SUCCESS;
}
