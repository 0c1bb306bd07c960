#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num.h"

/*
 * Both fast paths work in a long double with 64 bits of mantissa, which holds
 * 10^0 .. 10^27 exactly: one multiplication or division is then off by at
 * most half a unit of the 64th bit, eleven bits below a double. Where that
 * could matter, and on machines with another long double, the C library
 * decides.
 */
#define FAST (LDBL_MANT_DIG == 64)
enum { EXACT = 27 };

static const long double pow10l_exact[EXACT + 1] = {1e0L, 1e1L, 1e2L, 1e3L,
    1e4L, 1e5L, 1e6L, 1e7L, 1e8L, 1e9L, 1e10L, 1e11L, 1e12L, 1e13L, 1e14L,
    1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L,
    1e26L, 1e27L};

static long double
scale(long double x, int e)
{
	return e < 0 ? x / pow10l_exact[-e] : x * pow10l_exact[e];
}

/* 1 and the double when it is certain, else 0. */
static int
read_fast(uint64_t m, int e, double *x)
{
	long double q;
	uint64_t bits;

	if (m == 0) {
		*x = 0;
		return 1;
	}
	if (!FAST || e < -EXACT || e > EXACT)
		return 0;
	q = scale((long double)m, e);
	memcpy(&bits, &q, sizeof(bits));
	bits &= 0x7ff;
	*x = (double)q;
	/* Next to the middle of two doubles the last bit is not to be trusted.
	 */
	return bits < 0x3ff || bits > 0x401;
}

int
num_read(const char *p, size_t len, double *x)
{
	const char *s = p, *end = p + len;
	uint64_t m = 0;
	int digits = 0, e = 0, exp = 0, negative, down;

	negative = s < end && *s == '-';
	s += negative;
	for (; s < end && (unsigned)*s - '0' < 10; s++) {
		m = m * 10 + (uint64_t)(*s - '0');
		digits += digits > 0 || *s != '0'; /* m may wrap to 0 */
	}
	if (s < end && *s == '.')
		for (s++; s < end && (unsigned)*s - '0' < 10; s++, e--) {
			m = m * 10 + (uint64_t)(*s - '0');
			digits += digits > 0 || *s != '0';
		}
	if (s < end && (*s | 0x20) == 'e') {
		down = *++s == '-';
		s += *s == '-' || *s == '+';
		for (; s < end; s++)
			exp = exp < 10000 ? exp * 10 + (*s - '0') : exp;
		e += down ? -exp : exp;
	}
	if (digits <= 19 && read_fast(m, e, x)) {
		*x = negative ? -*x : *x;
		return 0;
	}
	*x = strtod(p, NULL);
	return isfinite(*x) ? 0 : -1;
}

/* The decimal digits of m. Returns how many there are, at least one. */
static size_t
put_digits(char *buf, uint64_t m)
{
	char tmp[20], *p = tmp + sizeof(tmp);
	size_t n;

	/* Two at a time: half the divisions. */
	for (; m >= 10; m /= 100) {
		unsigned two = (unsigned)(m % 100);

		*--p = (char)('0' + two % 10);
		*--p = (char)('0' + two / 10);
	}
	if (m > 0 || p == tmp + sizeof(tmp))
		*--p = (char)('0' + m);
	n = (size_t)(tmp + sizeof(tmp) - p);
	memcpy(buf, p, n);
	return n;
}

size_t
num_write_int(char *buf, long long i)
{
	if (i >= 0)
		return put_digits(buf, (uint64_t)i);
	*buf = '-';
	return 1 + put_digits(buf + 1, -(uint64_t)i);
}

/*
 * Lays out 0.d1d2d3... x 10^(point): the n digits with the decimal point
 * behind the first `point` of them.
 */
static size_t
lay_out(char *out, const char *digits, size_t n, int point)
{
	char *o = out;

	if (point > 21 || point < -5) {
		*o++ = *digits++;
		if (n > 1) {
			*o++ = '.';
			memcpy(o, digits, n - 1);
			o += n - 1;
		}
		*o++ = 'e';
		return (size_t)(o - out) + num_write_int(o, point - 1);
	}
	if (point <= 0) {
		*o++ = '0';
		*o++ = '.';
		for (; point < 0; point++)
			*o++ = '0';
		memcpy(o, digits, n);
		return (size_t)(o - out) + n;
	}
	for (size_t i = 0; i < n || (int)i < point; i++) {
		if ((int)i == point)
			*o++ = '.';
		*o++ = i < n ? digits[i] : '0';
	}
	return (size_t)(o - out);
}

/*
 * The shortest digits of x > 0 as an integer m with x = m x 10^e, when that
 * is certain; else 0.
 */
static uint64_t
shortest(double x, int *e)
{
	static const long double slack = 0x1p-6L;
	long double m, half;
	uint64_t bits;
	int64_t all, below, cut;
	int e2, k;

	memcpy(&bits, &x, sizeof(bits));
	e2 = (int)(bits >> 52) - 1022;
	/* A power of two has a narrower gap below it: not for this way. */
	if (!FAST || e2 == -1022 || bits << 12 == 0)
		return 0;
	/* 10^16 <= m < 10^17; the estimate of log10 is at most one too low. */
	k = 16 - ((e2 - 1) * 315653 >> 20);
	if (k <= -EXACT || k > EXACT) /* k may be one less in the end */
		return 0;
	m = scale(x, k);
	if (m >= 1e17L)
		m = scale(x, --k);
	/* Half the gap between neighbouring doubles, in the unit of m. */
	bits = (uint64_t)(e2 - 54 + 1023) << 52;
	memcpy(&x, &bits, sizeof(x));
	half = scale(x, k);
	all = llrintl(m);
	/* So that halves are rounded by m, not by what m was rounded to. */
	below = (long double)all > m ? all - 1 : all;
	for (int unit = 100; unit >= 10; unit /= 10) {
		long double d;

		cut = unit == 100 ? (below + 50) / 100 : (below + 5) / 10;
		d = fabsl((long double)(cut * unit) - m);
		*e = (unit == 100 ? 2 : 1) - k;
		if (d < half - slack)
			return (uint64_t)cut;
		if (d < half + slack)
			return 0;
	}
	*e = -k;
	if (fabsl((long double)all - m) > 0.5L - slack)
		return 0;
	return (uint64_t)all;
}

/*
 * The same by the C library: the first precision that reads back. With fewer
 * than 15 digits only subnormal numbers are not written as short as can be.
 */
static size_t
digits_slow(char *digits, double x, int *point)
{
	char text[NUM_SIZE];

	for (int n = x < DBL_MIN ? 1 : 15; n <= 17; n++) {
		snprintf(text, sizeof(text), "%.*e", n - 1, x);
		if (strtod(text, NULL) == x)
			break;
	}
	size_t n = 0;
	for (char *s = text; *s != 'e'; s++)
		if (*s != '.')
			digits[n++] = *s;
	*point = atoi(strchr(text, 'e') + 1) + 1;
	return n;
}

size_t
num_write(char *buf, double x)
{
	char digits[20];
	uint64_t m;
	size_t n, sign;
	int e, point;

	/* Whole numbers, 0 above all, are the most frequent ones. */
	if (fabs(x) < 1e15 && x == (double)(long long)x)
		return num_write_int(buf, (long long)x);
	sign = x < 0;
	if (sign) {
		*buf++ = '-';
		x = -x;
	}
	m = shortest(x, &e);
	if (m > 0) {
		n = put_digits(digits, m);
		point = (int)n + e;
	} else {
		n = digits_slow(digits, x, &point);
	}
	while (n > 1 && digits[n - 1] == '0')
		n--;
	return sign + lay_out(buf, digits, n, point);
}
