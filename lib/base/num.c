#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* By word: the high half first. */
enum { POW10_MIN = -342, POW10_READ = 308, POW10_MAX = 324 };
static const uint64_t pow10_bits[POW10_MAX - POW10_MIN + 1][2] = {
#include "base/pow10.inc"
};

/* The low half of a product; *high is the other one. */
static uint64_t
multiply(uint64_t a, uint64_t b, uint64_t *high)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 p = (unsigned __int128)a * b;

	*high = (uint64_t)(p >> 64);
	return (uint64_t)p;
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, mid = a1 * b0 + (low >> 32);
	uint64_t more = a0 * b1 + (uint32_t)mid;

	*high = a1 * b1 + (mid >> 32) + (more >> 32);
	return more << 32 | (uint32_t)low;
#endif
}

/* x times the power of ten, in units of 2^64: its low half. */
static uint64_t
scale(const uint64_t power[2], uint64_t x, uint64_t *high)
{
	uint64_t carry, low;

	multiply(power[1], x, &carry);
	low = multiply(power[0], x, high) + carry;
	*high += low < carry;
	return low;
}

static double
make_double(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/*
 * m x 10^e by the method of Lemire (Number Parsing at a Gigabyte per Second,
 * 2021): 1 and the double, or 0 where it does not decide.
 */
static int
read_fast(uint64_t m, int e, double *x)
{
	static const double exact[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	    1e19, 1e20, 1e21, 1e22};
	uint64_t power[2], high, low;
	int zeros, top, e2;

	if (m <= 1ull << 53 && e >= -22 && e <= 22) {
		/* One operation on exact operands. */
		*x = e < 0 ? (double)m / exact[-e] : (double)m * exact[e];
		return 1;
	}
	if (m == 0 || e < POW10_MIN || e > POW10_READ)
		return 0;
	memcpy(power, pow10_bits[e - POW10_MIN], sizeof(power));
	/* Rounded down, where it isn't exact and the method wants it so. */
	if (e < -27 || e > 55)
		power[0] -= power[1]-- == 0;
	zeros = __builtin_clzll(m);
	low = scale(power, m << zeros, &high);
	if (low == UINT64_MAX && (e < -27 || e > 55))
		return 0;
	top = (int)(high >> 63);
	e2 = ((e * 217706) >> 16) + 63 + top - zeros + 1023;
	if (e2 <= 0 || e2 >= 2046)
		return 0;
	m = high >> (top + 9);
	/* Half way between two doubles, exactly: to the even one. */
	if (low <= 1 && e >= -4 && e <= 23 && (m & 3) == 1 &&
	    m << (top + 9) == high)
		m &= ~1ull;
	m = (m + (m & 1)) >> 1;
	/* A carry out of the fraction goes into the exponent. */
	*x = make_double(((uint64_t)(e2 - 1) << 52) + m);
	return 1;
}

/* Eight digits, their values in the bytes of x, the first one lowest. */
static uint64_t
join(uint64_t x)
{
	x = (x * 10 + (x >> 8)) & 0x00ff00ff00ff00ff;
	x = (x * 100 + (x >> 16)) & 0x0000ffff0000ffff;
	return (uint32_t)(x * 10000 + (x >> 32));
}

/* The inverse of join, for x < 10^8. */
static inline uint64_t
split(uint64_t x)
{
	uint64_t high;

	high = x / 10000;
	x = high | (x - high * 10000) << 32;
	high = (x * 10486 >> 20) & 0x0000007f0000007f;
	x = high | (x - high * 100) << 16;
	high = (x * 103 >> 10) & 0x000f000f000f000f;
	return high | (x - high * 10) << 8;
}

/*
 * Appends the digits from s on to m, which may wrap. Text that begins at
 * begin may be read up to end. Returns a pointer past them.
 */
static inline const char *
read_digits(const char *begin, const char *s, const char *end, uint64_t *m)
{
	static const uint32_t power[] = {
	    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

	while (LITTLE && end - begin >= 8 && s < end) {
		uint64_t x, others;
		unsigned n;

		if (end - s >= 8) {
			memcpy(&x, s, sizeof(x));
		} else {
			memcpy(&x, end - 8, sizeof(x));
			x >>= 8 * (8 - (end - s));
		}
		x ^= 0x3030303030303030;
		/* From the first byte on that is no digit, bits are set. */
		others = ((x + 0x7676767676767676) | x) & 0x8080808080808080;
		n = others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
		if (n == 0)
			return s;
		*m = *m * power[n] + join(x << 8 * (8 - n));
		s += n;
		if (n < 8)
			return s;
	}
	for (; s < end && (unsigned)*s - '0' < 10; s++)
		*m = *m * 10 + (uint64_t)(*s - '0');
	return s;
}

/* The exponent after an e; far beyond all doubles it stays what it is. */
static const char *
read_exponent(const char *s, const char *end, int *e)
{
	int exp = 0, down = *s == '-';

	for (s += *s == '-' || *s == '+'; s < end; s++) {
		if ((unsigned)*s - '0' >= 10)
			break;
		exp = exp < 100000000 ? exp * 10 + (*s - '0') : exp;
	}
	*e += down ? -exp : exp;
	return s;
}

const char *
num_scan(const char *p, const char *end, double *x)
{
	const char *s = p + (*p == '-'), *first = s, *point;
	uint64_t m = 0;
	size_t digits;
	int e = 0;

	if (s + 1 < end && (unsigned)s[1] - '0' >= 10)
		m = (uint64_t)(*s++ - '0'); /* a single one, as most often */
	else
		s = read_digits(p, s, end, &m);
	digits = (size_t)(s - first);
	if (s < end && *s == '.') {
		point = s + 1;
		s = read_digits(p, point, end, &m);
		digits += (size_t)(s - point);
		e = s - point < 100000000 ? (int)(point - s) : -100000000;
	}
	if (s < end && (*s | 0x20) == 'e')
		s = read_exponent(s + 1, end, &e);
	/* More than 19 are too many for m, unless they begin with zeros. */
	if (digits > 19)
		for (; *first == '0' || *first == '.'; first++)
			digits -= *first == '0';
	if (digits <= 19 && read_fast(m, e, x)) {
		*x = *p == '-' ? -*x : *x;
		return s;
	}
	*x = strtod(p, NULL);
	return isfinite(*x) ? s : NULL;
}

int
num_read(const char *p, size_t len, double *x)
{
	return num_scan(p, p + len, x) != NULL ? 0 : -1;
}

/* The digits of x < 10^8, n of them or as many as it has; writes 8 bytes. */
static inline size_t
put_eight(char *buf, uint64_t x, int all)
{
	size_t n = 8;

	x = split(x);
	if (!all) {
		n -= (size_t)__builtin_ctzll(x | 1ull << 56) / 8;
		x >>= 8 * (8 - n);
	}
	x |= 0x3030303030303030;
	if (!LITTLE)
		x = __builtin_bswap64(x);
	memcpy(buf, &x, sizeof(x));
	return n;
}

/* The decimal digits of m. Returns how many there are, at least one. */
static size_t
put_digits(char *buf, uint64_t m)
{
	size_t n;

	if (m < 10) {
		*buf = (char)('0' + m);
		return 1;
	}
	if (m < 100000000)
		return put_eight(buf, m, 0);
	n = put_digits(buf, m / 100000000);
	return n + put_eight(buf + n, m % 100000000, 1);
}

size_t
num_write_int(char *buf, long long i)
{
	if (i >= 0)
		return put_digits(buf, (uint64_t)i);
	*buf = '-';
	return 1 + put_digits(buf + 1, -(uint64_t)i);
}

/* x times the power of ten, in units of 2^128, to odd: what is lost shows. */
static uint64_t
to_odd(const uint64_t power[2], uint64_t x)
{
	uint64_t high, low = scale(power, x, &high);

	return high | (low > 1);
}

/*
 * The shortest decimal m x 10^e that reads back as x > 0, and of these the
 * nearest, by the method of Giulietti (The Schubfach way to render doubles,
 * 2020). m may end in zeros.
 */
static uint64_t
shortest(double x, int *e)
{
	uint64_t bits, c, low, mid, high, s;
	const uint64_t *power;
	int q, k, h, narrow, odd, down, up;

	memcpy(&bits, &x, sizeof(bits));
	c = bits & ((1ull << 52) - 1);
	q = (int)(bits >> 52);
	/* Below a power of two the next double is nearer than above. */
	narrow = c == 0 && q > 1;
	if (q > 0)
		c |= 1ull << 52;
	q = (q > 0 ? q : 1) - 1075;
	odd = c & 1;
	k = (q * 1262611 - (narrow ? 524031 : 0)) >> 22;
	h = q + ((-k * 1741647) >> 19) + 1;
	power = pow10_bits[-k - POW10_MIN];
	/* Four times x and the ends of what rounds to it, in units of 10^k. */
	low = to_odd(power, (4 * c - 2 + (uint64_t)narrow) << h) + odd;
	mid = to_odd(power, (4 * c) << h);
	high = to_odd(power, (4 * c + 2) << h) - odd;
	s = mid / 40;
	if (s > 0) {
		down = low <= 40 * s;
		up = 40 * s + 40 <= high;
		if (down != up) {
			*e = k + 1;
			return s + up;
		}
	}
	s = mid / 4;
	down = low <= 4 * s;
	up = 4 * s + 4 <= high;
	*e = k;
	if (down != up)
		return s + up;
	return s + (mid > 4 * s + 2 || (mid == 4 * s + 2 && (s & 1)));
}

/* The number of decimal digits of m > 0. */
static int
count_digits(uint64_t m)
{
	static const uint64_t power[] = {1, 10, 100, 1000, 10000, 100000,
	    1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	    1000000000000, 10000000000000, 100000000000000, 1000000000000000,
	    10000000000000000, 100000000000000000, 1000000000000000000,
	    10000000000000000000u};
	int n = (64 - __builtin_clzll(m)) * 1233 >> 12;

	return n + (m >= power[n]);
}

/* The n digits of m, without the zeros at their end. */
static size_t
put_significant(char *buf, uint64_t m, size_t n)
{
	put_digits(buf, m);
	while (buf[n - 1] == '0')
		n--;
	return n;
}

/* m x 10^(point - n), m having n digits: the point is after so many. */
static size_t
lay_out(char *out, uint64_t m, size_t n, int point)
{
	if (point > 21 || point < -5) {
		n = put_significant(out + 1, m, n);
		out[0] = out[1];
		out[1] = '.';
		n += n > 1;
		out[n] = 'e';
		return n + 1 + num_write_int(out + n + 1, point - 1);
	}
	if (point <= 0) {
		memcpy(out, "0.00000", 7);
		out += 2 - point;
		return (size_t)(2 - point) + put_significant(out, m, n);
	}
	n = put_significant(out + 1, m, n);
	for (size_t i = 0; i < (size_t)point; i++)
		out[i] = i < n ? out[i + 1] : '0';
	if (n <= (size_t)point)
		return (size_t)point;
	out[point] = '.';
	return n + 1;
}

/*
 * x when it is the double next to an n < 10^12 divided by 10^6, not whole: at
 * most 12 digits are then the shortest form. Returns the bytes written, or 0.
 */
static size_t
put_short(char *buf, double x)
{
	double y = x * 1e6, n;
	uint64_t m, fraction;
	size_t len;

	if (!(y < 1e12))
		return 0;
	m = (uint64_t)(y + 0.5);
	n = (double)m;
	if (fabs(y - n) > 1e-3 || n / 1e6 != x)
		return 0;
	fraction = m % 1000000;
	len = put_digits(buf, m / 1000000);
	put_eight(buf + len + 1, fraction * 100, 1);
	buf[len] = '.';
	/* The first of the eight is lowest, the zeros at the end highest. */
	return len + 9 - (size_t)__builtin_clzll(split(fraction * 100)) / 8;
}

size_t
num_write(char *buf, double x)
{
	size_t negative = x < 0, len;
	uint64_t m;
	int e, n;

	*buf = '-';
	buf += negative;
	x = fabs(x);
	/* Whole numbers, 0 above all, are the most frequent ones. */
	if (x < 1e15 && x == (double)(long long)x)
		return negative + put_digits(buf, (uint64_t)x);
	len = put_short(buf, x);
	if (len > 0)
		return negative + len;
	m = shortest(x, &e);
	/* Few digits: half the work. */
	if (m % 100000000 == 0) {
		m /= 100000000;
		e += 8;
	}
	n = count_digits(m);
	return negative + lay_out(buf, m, (size_t)n, e + n);
}
