/*
 * What each family of damage does (corrupt.h): to an image at work. Each
 * returns 0, or -1 without memory.
 */
#ifndef CORRUPTDO_H
#define CORRUPTDO_H

struct rng;

/* An image at work. */
struct corrupt_work {
	int w, h, c;
	float *v;        /* h x w x c samples, 0 .. 1 */
	const double *k; /* the constants of the severity */
	struct rng *image, *camera;
};

int corruptnoise_gaussian(struct corrupt_work *w);
int corruptnoise_shot(struct corrupt_work *w);
int corruptnoise_impulse(struct corrupt_work *w);
int corruptnoise_hot_pixels(struct corrupt_work *w);
int corruptnoise_dead_column(struct corrupt_work *w);

int corruptblur_gaussian(struct corrupt_work *w);
int corruptblur_defocus(struct corrupt_work *w);
int corruptblur_motion(struct corrupt_work *w);
int corruptblur_zoom(struct corrupt_work *w);
int corruptblur_glass(struct corrupt_work *w);
int corruptblur_pixelate(struct corrupt_work *w);
int corruptblur_jpeg(struct corrupt_work *w);

int corrupttone_brightness(struct corrupt_work *w);
int corrupttone_contrast(struct corrupt_work *w);
int corrupttone_saturate(struct corrupt_work *w);
int corrupttone_gamma(struct corrupt_work *w);

int corruptwarp_shear(struct corrupt_work *w);
int corruptwarp_scale(struct corrupt_work *w);
int corruptwarp_rotate(struct corrupt_work *w);
int corruptwarp_translate(struct corrupt_work *w);
int corruptwarp_flip(struct corrupt_work *w);

int corruptover_stripe(struct corrupt_work *w);
int corruptover_dotted_line(struct corrupt_work *w);
int corruptover_zigzag(struct corrupt_work *w);
int corruptover_occlusion(struct corrupt_work *w);
int corruptover_fog(struct corrupt_work *w);
int corruptover_spatter(struct corrupt_work *w);

#endif
