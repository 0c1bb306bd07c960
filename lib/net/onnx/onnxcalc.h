/*
 * The arithmetic of each kind of step, on arrays in plain order: for constants
 * that follow from others, and for what oneDNN has no operation for. In single
 * precision, sums and exponentials in double; the same on every processor.
 */
#ifndef ONNXCALC_H
#define ONNXCALC_H

#include <stddef.h>

struct onnxstep;

/* in has an array for each source of the step, NULL for one left out. */
void onnxcalc_run(const struct onnxstep *s, const float *const *in, float *out);

/* VIEW, PICK and CONCAT of elements of any size. */
void onnxcalc_move(
    const struct onnxstep *s, size_t size, const void *const *in, void *out);

#endif
