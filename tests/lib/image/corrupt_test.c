/*
 * Damage: the families with a closed form against NumPy and SciPy
 * (tests/vectors/corrupt_numpy.txt, by scripts/oracle-corrupt.py), the random
 * ones by what their definition says of many samples, and all of them by the
 * digests of what they made on the machine where they were written.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/corrupt.h"
#include "image/image.h"
#include "stats/rng.h"
#include "tap.h"

enum { SAMPLES = 9 * 7 * 3 };

static void
paint(struct image *im, int w, int h, int c)
{
	unsigned char *p = malloc((size_t)(w * h * c));

	*im = (struct image){
	    .width = w, .height = h, .channels = c, .pixels = p};
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			for (int k = 0; k < c; k++)
				*p++ = (unsigned char)(x * 37 + y * 59 +
						       k * 83 + x * y * 7);
}

static void
damage(struct image *im, size_t family, int set, int severity)
{
	struct rng image, camera;

	rng_seed(&image, 1, family);
	rng_seed(&camera, 2, family);
	if (corrupt(im, family, (enum corrupt_set)set, severity, &image,
		&camera) < 0)
		abort();
}

static int
differs(const struct image *im, const int *want)
{
	int worst = 0;

	for (int i = 0; i < SAMPLES; i++) {
		int d = abs(im->pixels[i] - want[i]);

		worst = d > worst ? d : worst;
	}
	return worst;
}

/* Lines with the same beginning are the ways in which it may come out. */
static void
closed_forms(void)
{
	FILE *f = fopen("tests/vectors/corrupt_numpy.txt", "r");
	char name[64], key[128], last[128] = "";
	int set, severity, want[SAMPLES], least = 0, lines = 0;

	while (f && fscanf(f, "%63s %d %d", name, &set, &severity) == 3) {
		struct image im;
		int d;

		snprintf(key, sizeof(key), "%s %d %d", name, set, severity);
		for (int i = 0; i < SAMPLES; i++)
			if (fscanf(f, "%d", &want[i]) != 1)
				abort();
		paint(&im, 9, 7, 3);
		damage(&im, (size_t)corrupt_find(name, strlen(name)), set,
		    severity);
		d = differs(&im, want);
		if (lines > 0 && strcmp(key, last) != 0)
			ok(least <= 1, "%s: within %d", last, least);
		least = strcmp(key, last) == 0 && least < d ? least : d;
		strcpy(last, key);
		lines++;
		image_free(&im);
	}
	ok(least <= 1, "%s: within %d", last, least);
	ok(lines > 100, "%d lines", lines);
	if (f)
		fclose(f);
}

/* Mean and standard deviation of what became of a flat image. */
static void
moments(const char *name, int value, double *mean, double *sd)
{
	enum { N = 200 * 200 };
	struct image im;
	double sum = 0, squares = 0;

	paint(&im, 200, 200, 1);
	memset(im.pixels, value, N);
	damage(&im, (size_t)corrupt_find(name, strlen(name)), 1, 3);
	for (int i = 0; i < N; i++) {
		sum += im.pixels[i];
		squares += (double)im.pixels[i] * im.pixels[i];
	}
	*mean = sum / N / 255;
	*sd = sqrt(fmax(squares / N / 255 / 255 - *mean * *mean, 0));
	image_free(&im);
}

/* On grey .4, of 40,000 samples; the tolerance is five standard errors. */
static void
random_ones(void)
{
	double mean, sd;

	moments("gaussian_noise", 102, &mean, &sd);
	ok(fabs(mean - .4) < .002 && fabs(sd - .08) < .0015,
	    "gaussian_noise: deviation .08: %.4f %.4f", mean, sd);
	moments("shot_noise", 102, &mean, &sd);
	ok(fabs(mean - .4) < .002 && fabs(sd - sqrt(.4 / 100)) < .0015,
	    "shot_noise: variance x / 100: %.4f %.4f", mean, sd);
	moments("impulse_noise", 102, &mean, &sd);
	ok(fabs(sd * sd + (mean - .4) * (mean - .4) -
		.03 * (.5 * .4 * .4 + .5 * .6 * .6)) < .0006,
	    "impulse_noise: .03 of the samples: %.4f %.4f", mean, sd);
	moments("hot_pixels", 102, &mean, &sd);
	ok(fabs(mean - .4 - 10 * .6 / 40000) < 1e-9, "hot_pixels: 10");
	moments("dead_column", 102, &mean, &sd);
	ok(fabs(mean - .4 * (1 - 3. / 200)) < 1e-9, "dead_column: 3");
	moments("occlusion", 102, &mean, &sd);
	ok(fabs(mean - .4 * (1 - .35 * .35)) < 1e-9, "occlusion: .35 a side");
	moments("jpeg_compression", 102, &mean, &sd);
	ok(fabs(mean - .4) < .003 && sd < 1e-6, "jpeg: flat stays flat");
	moments("glass_blur", 102, &mean, &sd);
	ok(fabs(mean - .4) < 1e-9 && sd < 1e-6, "glass: flat stays flat");
	moments("motion_blur", 102, &mean, &sd);
	ok(fabs(mean - .4) < 1e-9 && sd < 1e-6, "motion: flat stays flat");
	moments("fog", 102, &mean, &sd);
	ok(mean > .3 && mean < .5 && sd > .02, "fog: %.3f %.3f", mean, sd);
}

static uint64_t
digest(const struct image *im)
{
	uint64_t h = 0xcbf29ce484222325;

	for (int i = 0; i < im->width * im->height * im->channels; i++)
		h = (h ^ im->pixels[i]) * 0x100000001b3;
	return h;
}

/* FNV-1a of each severity, both sets, grey and in colour. */
static void
digests(void)
{
	FILE *f = fopen("tests/vectors/corrupt_digests.txt", "r");
	char name[64];
	unsigned long long want;
	size_t lines = 0;

	while (f && fscanf(f, "%63s %llx", name, &want) == 2) {
		uint64_t h = 0;
		int family = corrupt_find(name, strlen(name));

		for (int k = 0; family >= 0 && k < 20; k++) {
			struct image im;

			paint(&im, 28 + k, 28, k % 2 ? 3 : 1);
			damage(&im, (size_t)family, k / 10, k / 2 % 5 + 1);
			h = h * 31 + digest(&im);
			image_free(&im);
		}
		if (!ok(h == want, "%s: its digest", name))
			printf("# %016llx\n", (unsigned long long)h);
		lines++;
	}
	ok(lines == corrupt_count, "all families have a digest");
	if (f)
		fclose(f);
}

/* The smallest images; a sanitizer sees what is beside them. */
static void
small(void)
{
	static const int size[][3] = {{1, 1, 1}, {1, 2, 3}, {3, 1, 1}};

	for (size_t i = 0; i < corrupt_count; i++) {
		int kept = 1;

		for (int k = 0; k < 3 * CORRUPT_SEVERITIES; k++) {
			const int *n = size[k / CORRUPT_SEVERITIES];
			struct image im;

			paint(&im, n[0], n[1], n[2]);
			damage(&im, i, k % 2, k % CORRUPT_SEVERITIES + 1);
			kept &= im.width == n[0] && im.height == n[1];
			image_free(&im);
		}
		ok(kept, "%s: small images", corrupt_families[i].name);
	}
}

int
main(void)
{
	closed_forms();
	random_ones();
	digests();
	small();
	return done_testing();
}
