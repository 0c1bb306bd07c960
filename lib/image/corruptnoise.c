#include <stddef.h>

#include "image/corruptdo.h"
#include "stats/rng.h"

static size_t
samples(const struct corrupt_work *w)
{
	return (size_t)w->w * (size_t)w->h * (size_t)w->c;
}

int
corruptnoise_gaussian(struct corrupt_work *w)
{
	for (size_t i = 0; i < samples(w); i++)
		w->v[i] += (float)(w->k[0] * rng_normal(w->image));
	return 0;
}

int
corruptnoise_shot(struct corrupt_work *w)
{
	for (size_t i = 0; i < samples(w); i++)
		w->v[i] = (float)(rng_poisson(w->image, w->v[i] * w->k[0]) /
				  w->k[0]);
	return 0;
}

int
corruptnoise_impulse(struct corrupt_work *w)
{
	for (size_t i = 0; i < samples(w); i++)
		if (rng_uniform(w->image) < w->k[0])
			w->v[i] = (float)rng_below(w->image, 2);
	return 0;
}

static void
set_pixel(struct corrupt_work *w, int x, int y, float value)
{
	for (int c = 0; c < w->c; c++)
		w->v[((size_t)y * (size_t)w->w + (size_t)x) * (size_t)w->c +
		     (size_t)c] = value;
}

int
corruptnoise_hot_pixels(struct corrupt_work *w)
{
	for (int i = 0; i < (int)w->k[0]; i++) {
		int x = (int)rng_below(w->camera, (uint64_t)w->w);
		int y = (int)rng_below(w->camera, (uint64_t)w->h);

		set_pixel(w, x, y, 1);
	}
	return 0;
}

int
corruptnoise_dead_column(struct corrupt_work *w)
{
	for (int i = 0; i < (int)w->k[0]; i++) {
		int x = (int)rng_below(w->camera, (uint64_t)w->w);

		for (int y = 0; y < w->h; y++)
			set_pixel(w, x, y, 0);
	}
	return 0;
}
