/*
 * Matrix products on plain arrays: dense, by rows, no state, no errors. They
 * choose their instructions by the processor they run on. oneDNN's are used
 * where it is there; these serve darknet's layers, and builds without oneDNN.
 */
#ifndef NETGEMM_H
#define NETGEMM_H

/* C = A B + beta C; A is m x k, B is k x n, each dense with its own width. */
void netgemm_matrix(
    int m, int n, int k, const float *a, const float *b, float beta, float *c);

/* y = A x + beta y; A is m x k. */
void netgemm_vector(
    int m, int k, const float *a, const float *x, float beta, float *y);

#endif
