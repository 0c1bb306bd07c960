#include "tool/err.h"
#include "net/train/netblas.h"

#ifdef WITH_ONEDNN
#include <oneapi/dnnl/dnnl.h>

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

void
netblas_thread(void)
{
	omp_set_num_threads(1);
}

void
netblas_gemm(int ta, int tb, int m, int n, int k, const float *a,
    const float *b, float beta, float *c)
{
	if (dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1, a,
		ta ? m : k, b, tb ? k : n, beta, c, n) != dnnl_success)
		err_die("oneDNN: matrix product failed");
}
#else
#include <stdlib.h>

#include "net/netgemm.h"

void
netblas_thread(void)
{
}

/* A copy of x, rows x cols, by columns; to be freed. */
static float *
turn(const float *x, int rows, int cols)
{
	float *copy = err_malloc((size_t)rows * (size_t)cols * sizeof *copy);
	int i, j;

	for (i = 0; i < rows; i++)
		for (j = 0; j < cols; j++)
			copy[(size_t)j * rows + i] = x[(size_t)i * cols + j];
	return copy;
}

void
netblas_gemm(int ta, int tb, int m, int n, int k, const float *a,
    const float *b, float beta, float *c)
{
	float *at = ta ? turn(a, k, m) : NULL;
	float *bt = tb ? turn(b, n, k) : NULL;

	netgemm_matrix(m, n, k, ta ? at : a, tb ? bt : b, beta, c);
	free(at);
	free(bt);
}
#endif
