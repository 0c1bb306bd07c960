#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/corrupt.h"
#include "image/corruptdo.h"
#include "image/image.h"

/* Constants that both sets share. */
#define BOTH(...)                                                              \
	{                                                                      \
		{__VA_ARGS__},                                                 \
		{                                                              \
			__VA_ARGS__                                            \
		}                                                              \
	}

/* clang-format off */
const struct corrupt_family corrupt_families[] = {
    {"gaussian_noise", "normal noise of this deviation", 0,
     corruptnoise_gaussian,
     {{{.08}, {.12}, {.18}, {.26}, {.38}}, {{.04}, {.06}, {.08}, {.09}, {.1}}}},
    {"shot_noise", "Poisson noise of this many photons in white", 0,
     corruptnoise_shot,
     {{{60}, {25}, {12}, {5}, {3}}, {{500}, {250}, {100}, {75}, {50}}}},
    {"impulse_noise", "share of samples that are black or white", 0,
     corruptnoise_impulse,
     {{{.03}, {.06}, {.09}, {.17}, {.27}},
      {{.01}, {.02}, {.03}, {.05}, {.07}}}},
    {"hot_pixels", "pixels that are white, the same in all images", 1,
     corruptnoise_hot_pixels,
     BOTH({1}, {3}, {10}, {30}, {100})},
    {"dead_column", "columns that are black, the same in all images", 1,
     corruptnoise_dead_column,
     BOTH({1}, {2}, {3}, {4}, {5})},
    {"gaussian_blur", "standard deviation in pixels", 0,
     corruptblur_gaussian,
     {{{1}, {2}, {3}, {4}, {6}}, {{.4}, {.6}, {.7}, {.8}, {1}}}},
    {"defocus_blur", "radius of the disk, deviation of its edge", 0,
     corruptblur_defocus,
     {{{3, .1}, {4, .5}, {6, .5}, {8, .5}, {10, .5}},
      {{.3, .4}, {.4, .5}, {.5, .6}, {1, .2}, {1.5, .1}}}},
    {"motion_blur", "radius and deviation along a line of random angle", 0,
     corruptblur_motion,
     {{{10, 3}, {15, 5}, {15, 8}, {15, 12}, {20, 15}},
      {{6, 1}, {6, 1.5}, {6, 2}, {8, 2}, {9, 2.5}}}},
    {"zoom_blur", "greatest factor, and the step to it from 1", 0,
     corruptblur_zoom,
     {{{1.1, .01}, {1.15, .01}, {1.2, .02}, {1.25, .02}, {1.3, .03}},
      {{1.05, .01}, {1.1, .01}, {1.15, .01}, {1.2, .01}, {1.25, .01}}}},
    {"glass_blur", "deviation of the blur, farthest swap, rounds of swaps", 0,
     corruptblur_glass,
     {{{.7, 1, 2}, {.9, 2, 1}, {1, 2, 3}, {1.1, 3, 2}, {1.5, 4, 2}},
      {{.05, 1, 1}, {.25, 1, 1}, {.4, 1, 1}, {.25, 1, 2}, {.4, 1, 2}}}},
    {"brightness", "added to the value of HSV", 0,
     corrupttone_brightness,
     {{{.1}, {.2}, {.3}, {.4}, {.5}}, {{.05}, {.1}, {.15}, {.2}, {.3}}}},
    {"contrast", "factor of the distance from each channel's mean", 0,
     corrupttone_contrast,
     {{{.4}, {.3}, {.2}, {.1}, {.05}}, {{.75}, {.5}, {.4}, {.3}, {.15}}}},
    {"saturate", "factor and offset of the saturation of HSV; grey stays", 0,
     corrupttone_saturate,
     {{{.3, 0}, {.1, 0}, {2, 0}, {5, .1}, {20, .2}},
      {{.3, 0}, {.1, 0}, {1.5, 0}, {2, .1}, {2.5, .2}}}},
    {"gamma", "exponent of each sample", 1,
     corrupttone_gamma,
     {{{1.2}, {1.5}, {2}, {2.5}, {3}}, {{1.1}, {1.2}, {1.35}, {1.5}, {2}}}},
    {"shear", "radians, either way, about the centre", 0,
     corruptwarp_shear,
     BOTH({.2}, {.4}, {.6}, {.8}, {1})},
    {"scale", "factor of the size", 0,
     corruptwarp_scale,
     BOTH({.9}, {.8}, {.7}, {.6}, {.5})},
    {"rotate", "radians, either way, about the centre", 0,
     corruptwarp_rotate,
     BOTH({.2}, {.4}, {.6}, {.8}, {1})},
    {"translate", "pixels, either way, in both directions", 0,
     corruptwarp_translate,
     BOTH({1}, {2}, {3}, {4}, {5})},
    {"flip", "left and right change places, whatever the severity", 1,
     corruptwarp_flip,
     BOTH({1}, {1}, {1}, {1}, {1})},
    {"stripe", "share of the width at each side that is inverted", 1,
     corruptover_stripe,
     BOTH({.05}, {.1}, {.15}, {.2}, {.25})},
    {"dotted_line", "dotted lines across the image", 1,
     corruptover_dotted_line,
     BOTH({1}, {2}, {3}, {4}, {5})},
    {"zigzag", "zigzag lines across the image", 1,
     corruptover_zigzag,
     BOTH({1}, {2}, {3}, {4}, {5})},
    {"occlusion", "side of a black square, as a share of the shorter side", 1,
     corruptover_occlusion,
     BOTH({.15}, {.25}, {.35}, {.45}, {.55})},
    {"fog", "thickness, and by what its detail falls at each scale", 0,
     corruptover_fog,
     {{{1.5, 2}, {2, 2}, {2.5, 1.7}, {2.5, 1.5}, {3, 1.4}},
      {{.2, 3}, {.5, 3}, {.75, 2.5}, {1, 2}, {1.5, 1.75}}}},
    {"spatter", "mean and deviation of mud, its blur, its limit, its edge", 0,
     corruptover_spatter,
     {{{.65, .3, 4, .69, .6}, {.65, .3, 3, .68, .6}, {.65, .3, 2, .68, .5},
       {.65, .3, 1, .65, 1.5}, {.67, .4, 1, .65, 1.5}},
      {{.62, .1, .7, .7, .5}, {.65, .1, .8, .7, .5}, {.65, .3, 1, .69, .5},
       {.65, .1, .7, .69, .6}, {.65, .1, .5, .68, .6}}}},
    {"jpeg_compression", "quality", 0,
     corruptblur_jpeg,
     {{{25}, {18}, {15}, {10}, {7}}, {{80}, {65}, {58}, {50}, {40}}}},
    {"pixelate", "factor of the resolution", 0,
     corruptblur_pixelate,
     {{{.6}, {.5}, {.4}, {.3}, {.25}}, {{.95}, {.9}, {.85}, {.75}, {.65}}}},
};
/* clang-format on */

const size_t corrupt_count = sizeof(corrupt_families) /
			     sizeof(*corrupt_families);

int
corrupt_find(const char *name, size_t len)
{
	for (size_t i = 0; i < corrupt_count; i++)
		if (strlen(corrupt_families[i].name) == len &&
		    memcmp(corrupt_families[i].name, name, len) == 0)
			return (int)i;
	return -1;
}

int
corrupt(struct image *im, size_t family, enum corrupt_set set, int severity,
    struct rng *image, struct rng *camera)
{
	const struct corrupt_family *f = &corrupt_families[family];
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;
	struct corrupt_work w = {im->width, im->height, im->channels,
	    malloc(n * sizeof(float)), f->k[set][severity - 1], image, camera};
	int status;

	if (w.v == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		w.v[i] = (float)im->pixels[i] / 255;
	status = f->apply(&w);
	for (size_t i = 0; status == 0 && i < n; i++) {
		double v = w.v[i] * 255.0;

		im->pixels[i] = (unsigned char)(v <= 0     ? 0
						: v >= 255 ? 255
							   : lrint(v));
	}
	free(w.v);
	return status;
}
