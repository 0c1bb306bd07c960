#include <string.h>

#include "net/netgemm.h"

/*
 * The product is cut into tiles of C that stay in registers while a block of
 * k runs through them. B's part of a tile is copied first, so that it is read
 * from the nearest cache and its width is a constant. A vector here is 16
 * floats; the compiler makes of it what the processor has.
 */
typedef float vec __attribute__((vector_size(64), aligned(4), may_alias));

enum { LANES = 16, WIDE = 2, K_BLOCK = 256 };

#define INLINE static inline __attribute__((always_inline))

/* rows x (vecs * LANES) of C, over kb of k. panel is B's part. */
INLINE void
tile(int rows, int vecs, int kb, const float *a, int lda, const float *panel,
    float *c, int ldc)
{
	vec acc[16][WIDE];
	int i, v, k;

	for (i = 0; i < rows; i++)
		for (v = 0; v < vecs; v++)
			acc[i][v] = *(
			    const vec *)(c + (long)i * ldc + v * LANES);
	for (k = 0; k < kb; k++) {
		vec b[WIDE];

		for (v = 0; v < vecs; v++)
			b[v] = *(const vec *)(panel + (k * vecs + v) * LANES);
		for (i = 0; i < rows; i++)
			for (v = 0; v < vecs; v++)
				acc[i][v] += a[(long)i * lda + k] * b[v];
	}
	for (i = 0; i < rows; i++)
		for (v = 0; v < vecs; v++)
			*(vec *)(c + (long)i * ldc + v * LANES) = acc[i][v];
}

/* All rows of C for one panel. */
INLINE void
strip(int rows, int vecs, int m, int kb, const float *a, int lda,
    const float *panel, float *c, int ldc)
{
	int i = 0;

	for (; i + rows <= m; i += rows)
		tile(rows, vecs, kb, a + (long)i * lda, lda, panel,
		    c + (long)i * ldc, ldc);
	for (; i + 2 <= m; i += 2)
		tile(2, vecs, kb, a + (long)i * lda, lda, panel,
		    c + (long)i * ldc, ldc);
	for (; i < m; i++)
		tile(1, vecs, kb, a + (long)i * lda, lda, panel,
		    c + (long)i * ldc, ldc);
}

/* The last columns, fewer than a panel has, by way of a padded copy. */
INLINE void
edge(int rows, int vecs, int m, int nb, int kb, const float *a, int lda,
    const float *panel, float *c, int ldc)
{
	float part[16 * WIDE * LANES];
	int width = vecs * LANES, i, r, step;

	for (i = 0; i < m; i += step) {
		step = m - i < rows ? m - i : rows;
		memset(part, 0, sizeof part);
		for (r = 0; r < step; r++)
			memcpy(part + r * width, c + (long)(i + r) * ldc,
			    (size_t)nb * sizeof *c);
		strip(rows, vecs, step, kb, a + (long)i * lda, lda, panel, part,
		    width);
		for (r = 0; r < step; r++)
			memcpy(c + (long)(i + r) * ldc, part + r * width,
			    (size_t)nb * sizeof *c);
	}
}

INLINE void
product(int rows, int vecs, int m, int n, int k, const float *a, const float *b,
    float *c)
{
	float panel[K_BLOCK * WIDE * LANES];
	int width = vecs * LANES, j, p, r;

	for (p = 0; p < k; p += K_BLOCK) {
		int kb = k - p < K_BLOCK ? k - p : K_BLOCK;

		for (j = 0; j < n; j += width) {
			int nb = n - j < width ? n - j : width;

			if (nb < width)
				memset(panel, 0, sizeof panel);
			for (r = 0; r < kb; r++)
				memcpy(panel + r * width,
				    b + (long)(p + r) * n + j,
				    (size_t)nb * sizeof *b);
			if (nb == width)
				strip(rows, vecs, m, kb, a + p, k, panel, c + j,
				    n);
			else
				edge(rows, vecs, m, nb, kb, a + p, k, panel,
				    c + j, n);
		}
	}
}

/* Tiles that fill, and do not overflow, the registers of each processor. */
#ifdef __x86_64__
__attribute__((target("avx512f"))) static void
product_avx512(int m, int n, int k, const float *a, const float *b, float *c)
{
	product(12, 2, m, n, k, a, b, c);
}

__attribute__((target("avx2,fma"))) static void
product_avx2(int m, int n, int k, const float *a, const float *b, float *c)
{
	product(6, 1, m, n, k, a, b, c);
}
#endif

static void
product_plain(int m, int n, int k, const float *a, const float *b, float *c)
{
	product(3, 1, m, n, k, a, b, c);
}

static void
scale(float *c, size_t n, float beta)
{
	size_t i;

	if (beta == 0)
		memset(c, 0, n * sizeof *c);
	else if (beta != 1)
		for (i = 0; i < n; i++)
			c[i] *= beta;
}

void
netgemm_matrix(
    int m, int n, int k, const float *a, const float *b, float beta, float *c)
{
	scale(c, (size_t)m * (size_t)n, beta);
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		product_avx512(m, n, k, a, b, c);
	else if (__builtin_cpu_supports("avx2") &&
		 __builtin_cpu_supports("fma"))
		product_avx2(m, n, k, a, b, c);
	else
#endif
		product_plain(m, n, k, a, b, c);
}

void
netgemm_vector(
    int m, int k, const float *a, const float *x, float beta, float *y)
{
	int i, j;

	scale(y, (size_t)m, beta);
	for (i = 0; i < m; i++) {
		const float *row = a + (long)i * k;
		float sum[LANES] = {0};
		float total = 0;
		int l;

		for (j = 0; j + LANES <= k; j += LANES)
			for (l = 0; l < LANES; l++)
				sum[l] += row[j + l] * x[j + l];
		for (; j < k; j++)
			total += row[j] * x[j];
		for (l = 0; l < LANES; l++)
			total += sum[l];
		y[i] += total;
	}
}
