#include <math.h>
#include <stddef.h>

#include "image/corruptdo.h"

static size_t
pixels(const struct corrupt_work *w)
{
	return (size_t)w->w * (size_t)w->h;
}

/* Value of HSV, the greatest of the channels. */
static float
value_of(const float *p, int c)
{
	float v = p[0];

	for (int i = 1; i < c; i++)
		v = p[i] > v ? p[i] : v;
	return v;
}

/* With hue and saturation as they are, all channels grow alike. */
int
corrupttone_brightness(struct corrupt_work *w)
{
	for (size_t i = 0; i < pixels(w); i++) {
		float *p = w->v + i * (size_t)w->c, v = value_of(p, w->c);
		double now = v + w->k[0] < 1 ? v + w->k[0] : 1;

		for (int c = 0; c < w->c; c++)
			p[c] = (float)(v > 0 ? p[c] / v * now : now);
	}
	return 0;
}

int
corrupttone_contrast(struct corrupt_work *w)
{
	for (int c = 0; c < w->c; c++) {
		float *p = w->v + c;
		double sum = 0, mean;

		for (size_t i = 0; i < pixels(w); i++)
			sum += p[i * (size_t)w->c];
		mean = sum / (double)pixels(w);
		for (size_t i = 0; i < pixels(w); i++) {
			float *q = p + i * (size_t)w->c;

			*q = (float)((*q - mean) * w->k[0] + mean);
		}
	}
	return 0;
}

/* The hue of what has none is 0, red. */
static void
saturate(float *p, double factor, double offset)
{
	static const float red[] = {0, 1, 1};
	float v = value_of(p, 3), low = p[0];
	double is, now;

	for (int c = 1; c < 3; c++)
		low = p[c] < low ? p[c] : low;
	is = v > 0 ? (v - low) / v : 0;
	now = is * factor + offset;
	now = now > 1 ? 1 : now;
	for (int c = 0; c < 3; c++)
		p[c] = (float)(is > 0 ? v - (v - p[c]) * now / is
				      : v - v * now * red[c]);
}

int
corrupttone_saturate(struct corrupt_work *w)
{
	for (size_t i = 0; w->c == 3 && i < pixels(w); i++)
		saturate(w->v + 3 * i, w->k[0], w->k[1]);
	return 0;
}

int
corrupttone_gamma(struct corrupt_work *w)
{
	for (size_t i = 0; i < pixels(w) * (size_t)w->c; i++)
		w->v[i] = (float)pow(w->v[i], w->k[0]);
	return 0;
}
