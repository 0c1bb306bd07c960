/*
 * The arithmetic of a network's layers on plain arrays: no state, no errors.
 * Images are channels x height x width floats.
 */
#ifndef NETMATH_H
#define NETMATH_H

struct netmath_window {
	int channels, height, width; /* of the image */
	int size, stride, pad;
	int out_height, out_width;
};

/* The image's patches as columns: channels size^2 x out_height out_width. */
void netmath_im2col(
    const struct netmath_window *w, const float *im, float *col);

/* Adds the columns back to the image they came from; col is spoilt. */
void netmath_col2im(const struct netmath_window *w, float *col, float *im);

/* Largest value of each window; pad is of both sides together, as darknet's.
 * index, when not NULL, is set to the places of the values in the image. */
void netmath_maxpool(
    const struct netmath_window *w, const float *im, float *out, int *index);

/* x = x * scale + shift for n values, then as below. */
void netmath_affine(float *x, int n, float scale, float shift);

/* x = x < 0 ? slope * x : x */
void netmath_leaky(float *x, int n, float slope);

/* Of training. slope is that of the activation below zero. */
float netmath_sum(const float *x, int n);
float netmath_dot(const float *x, const float *y, int n);

/* The sum of (x - mean)^2. */
float netmath_square(const float *x, int n, float mean);

/* norm = (x - mean) * inv, x = activation(norm * scale + bias) */
void netmath_norm(float *x, float *norm, int n, float mean, float inv,
    float scale, float bias, float slope);

/* x = activation(x + bias) */
void netmath_bias(float *x, int n, float bias, float slope);

/* delta = x > 0 ? delta : slope * delta */
void netmath_slope(float *delta, const float *x, int n, float slope);

/* delta = a * delta + b + c * norm */
void netmath_unnorm(
    float *delta, const float *norm, int n, float a, float b, float c);

#endif
