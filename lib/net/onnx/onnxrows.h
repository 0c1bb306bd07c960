/*
 * Arithmetic on arrays in plain order whose results take many numbers each: no
 * state, no errors. Sums and exponentials are in double precision.
 */
#ifndef ONNXROWS_H
#define ONNXROWS_H

struct onnxstep_reduce;
struct onnxstep_rows;
struct onnxstep_lrn;

void onnxrows_reduce(
    const struct onnxstep_reduce *r, const float *x, float *out);
void onnxrows_softmax(
    const struct onnxstep_rows *r, const float *x, float *out);

/* in: x, scale, and the shift or NULL. */
void onnxrows_norm(
    const struct onnxstep_rows *r, const float *const *in, float *out);

void onnxrows_lrn(const struct onnxstep_lrn *l, const float *x, float *out);

#endif
