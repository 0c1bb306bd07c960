/*
 * The matrix products of training: oneDNN's, or netgemm's where the program is
 * built without it.
 * Foreign: oneDNN.
 */
#ifndef NETBLAS_H
#define NETBLAS_H

/* In each thread that calls netblas_gemm, first: it works alone. */
void netblas_thread(void);

/*
 * C = op(A) op(B) + beta C, dense and by rows: op(A) is m x k, op(B) is
 * k x n; ta and tb say that the matrix is stored transposed.
 */
void netblas_gemm(int ta, int tb, int m, int n, int k, const float *a,
    const float *b, float beta, float *c);

#endif
