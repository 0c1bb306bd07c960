/*
 * Arithmetic on images in plain order: no state, no errors. What is outside an
 * image is 0 for a convolution, and nothing for a pool.
 */
#ifndef ONNXWINDOW_H
#define ONNXWINDOW_H

struct onnxstep_window;
struct onnxstep_resize;

/* in: x, weights, and the bias or NULL. */
void onnxwindow_conv(
    const struct onnxstep_window *w, const float *const *in, float *out);

void onnxwindow_pool(
    const struct onnxstep_window *w, const float *x, float *out);

void onnxwindow_resize(
    const struct onnxstep_resize *r, const float *x, float *out);

#endif
