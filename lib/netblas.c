#include <oneapi/dnnl/dnnl.h>

#include "err.h"
#include "netblas.h"

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
