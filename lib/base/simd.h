/*
 * Sixteen bytes at a time. Each function returns a mask: bit i speaks of byte
 * p[i]. All sixteen must be readable. SSE2 and NEON are there wherever their
 * compilers are; the plain form, taken elsewhere and with SIMD_PLAIN, gives the
 * same answers.
 */
#ifndef SIMD_H
#define SIMD_H

#include <stdint.h>

/*
 * A loop compiled for several processors, chosen when the program is loaded:
 * glibc does that, musl can't.
 */
#if defined __x86_64__ && defined __GLIBC__ &&                                 \
    !defined __SANITIZE_ADDRESS__ && !defined __clang__
#define SIMD_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SIMD_CLONES
#endif

/* Vectors of GCC's and clang's, which any processor has in some way. */
typedef unsigned char simd_bytes __attribute__((vector_size(16)));
typedef int32_t simd_ints __attribute__((vector_size(16)));

/* Four bytes of v, as ints. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SIMD_PICK(v, a, b, c, d)                                               \
	((simd_ints)__builtin_shufflevector(v, (simd_bytes){0}, a, 16, 16, 16, \
	    b, 16, 16, 16, c, 16, 16, 16, d, 16, 16, 16))
#else
#define SIMD_PICK(v, a, b, c, d)                                               \
	((simd_ints)__builtin_shufflevector(v, (simd_bytes){0}, 16, 16, 16, a, \
	    16, 16, 16, b, 16, 16, 16, c, 16, 16, 16, d))
#endif

#if defined(__SSE2__) && !defined(SIMD_PLAIN)
#include <emmintrin.h>

static inline __m128i
simd_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline unsigned
simd_mask(__m128i v)
{
	return (unsigned)_mm_movemask_epi8(v);
}

/* Equal bytes. */
static inline unsigned
simd_same(const char *p, const char *q)
{
	return simd_mask(_mm_cmpeq_epi8(simd_load(p), simd_load(q)));
}

/* The digits 0 to 9. */
static inline unsigned
simd_digits(const char *p)
{
	__m128i v = _mm_sub_epi8(simd_load(p), _mm_set1_epi8('0'));

	return simd_mask(_mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v));
}

/* What is not plain ASCII text in a JSON string. */
static inline unsigned
simd_odd(const char *p)
{
	__m128i v = simd_load(p);

	/* Signed: what is below a blank is a control or above 0x7f. */
	return simd_mask(_mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
	    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
		_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));
}

#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(SIMD_PLAIN)
#include <arm_neon.h>

static inline uint8x16_t
simd_load(const char *p)
{
	return vld1q_u8((const uint8_t *)p);
}

static inline unsigned
simd_mask(uint8x16_t v)
{
	static const uint8_t bits[16] = {
	    1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};

	v = vandq_u8(v, vld1q_u8(bits));
	return vaddv_u8(vget_low_u8(v)) | (unsigned)vaddv_u8(vget_high_u8(v))
					      << 8;
}

static inline unsigned
simd_same(const char *p, const char *q)
{
	return simd_mask(vceqq_u8(simd_load(p), simd_load(q)));
}

static inline unsigned
simd_digits(const char *p)
{
	return simd_mask(
	    vcltq_u8(vsubq_u8(simd_load(p), vdupq_n_u8('0')), vdupq_n_u8(10)));
}

static inline unsigned
simd_odd(const char *p)
{
	uint8x16_t v = simd_load(p);

	return simd_mask(
	    vorrq_u8(vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(' ')),
		vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')),
		    vceqq_u8(v, vdupq_n_u8('\\')))));
}

#else

static inline unsigned
simd_same(const char *p, const char *q)
{
	unsigned mask = 0;

	for (int i = 0; i < 16; i++)
		mask |= (unsigned)(p[i] == q[i]) << i;
	return mask;
}

static inline unsigned
simd_digits(const char *p)
{
	unsigned mask = 0;

	for (int i = 0; i < 16; i++)
		mask |= (unsigned)(p[i] >= '0' && p[i] <= '9') << i;
	return mask;
}

static inline unsigned
simd_odd(const char *p)
{
	unsigned mask = 0;

	for (int i = 0; i < 16; i++)
		mask |= (unsigned)((signed char)p[i] < ' ' || p[i] == '"' ||
				   p[i] == '\\')
			<< i;
	return mask;
}

#endif
#endif
