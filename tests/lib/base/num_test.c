#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "stats/rng.h"
#include "tap.h"

static double
bits(uint64_t u)
{
	double x;

	memcpy(&x, &u, sizeof(x));
	return x;
}

/* The C library's shortest form: the first precision that reads back. */
static int
shortest_digits(double x)
{
	char text[64];

	for (int n = 1; n <= 17; n++) {
		snprintf(text, sizeof(text), "%.*e", n - 1, x);
		if (strtod(text, NULL) == x)
			return n;
	}
	return 18;
}

static int
count_digits(const char *s)
{
	int n = 0, zeros = 0;

	for (; *s && *s != 'e'; s++) {
		if (*s < '0' || *s > '9' || (n == 0 && *s == '0'))
			continue;
		n++;
		zeros = *s == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

/* Writes and reads back; counts what is wrong. */
static int
check(double x)
{
	char text[NUM_SIZE + 1];
	double back;
	size_t n = num_write(text, x);

	text[n] = '\0';
	if (n > NUM_SIZE || strtod(text, NULL) != x ||
	    num_read(text, n, &back) < 0 || back != x) {
		printf("# %.17g became '%s'\n", x, text);
		return 1;
	}
	if (x != 0 && count_digits(text) > shortest_digits(fabs(x))) {
		printf("# %.17g is not shortest: '%s'\n", x, text);
		return 1;
	}
	return 0;
}

static void
is_text(double x, const char *want)
{
	char text[NUM_SIZE + 1];

	text[num_write(text, x)] = '\0';
	if (!ok(strcmp(text, want) == 0, "%s", want))
		printf("# got %s\n", text);
}

static void
random_doubles(void)
{
	struct rng r;
	int bad = 0, bad_any = 0, bad_read = 0;

	rng_seed(&r, 1, 0);
	for (int i = 0; i < 200000; i++) {
		double x = bits(rng_next(&r));

		if (isfinite(x))
			bad_any += check(x);
		bad += check((rng_uniform(&r) - 0.5) *
			     pow(10, (double)rng_below(&r, 24) - 8));
	}
	/* Where the powers of ten that are exact end. */
	for (int i = 0; i < 20000; i++)
		bad_any += check(pow(10, -12 + 8 * (i % 8) + rng_uniform(&r)));
	ok(bad == 0, "200,000 doubles of everyday size: exact and shortest");
	ok(bad_any == 0, "200,000 random bit patterns: exact and shortest");
	/* Decimal texts of any length against strtod. */
	for (int i = 0; i < 300000; i++) {
		char text[64];
		double x;
		int n = snprintf(text, sizeof(text), "%.*g",
		    (int)rng_below(&r, 21) + 1,
		    (rng_uniform(&r) - 0.5) *
			pow(10, (double)rng_below(&r, 60) - 30));

		num_read(text, (size_t)n, &x);
		bad_read += x != strtod(text, NULL);
	}
	ok(bad_read == 0, "300,000 decimals of 1 to 21 digits read as strtod");
}

/* The shortest decimals as Python has them, the nearest of equal length. */
static void
against_python(void)
{
	FILE *f = fopen("tests/vectors/shortest.tsv", "r");
	char want[32], got[32], text[NUM_SIZE + 1];
	unsigned long long u;
	int point, n = 0, wrong = 0;

	while (f != NULL && fscanf(f, "%llx %31s %d", &u, want, &point) == 3) {
		char *out = got;
		int e = 0, digits = 0, leading = 0;

		text[num_write(text, bits(u))] = '\0';
		/* Its digits, and how many of them stand before the point. */
		for (char *s = text; *s != '\0'; s++) {
			if (*s == 'e')
				break;
			if (*s == '.')
				continue;
			if (out == got && *s == '0')
				leading++;
			else
				*out++ = *s;
		}
		while (out > got && out[-1] == '0')
			out--;
		*out = '\0';
		if (strchr(text, 'e') != NULL)
			e = atoi(strchr(text, 'e') + 1);
		digits = (int)strcspn(text, ".e");
		if (strcmp(got, want) != 0 || digits + e - leading != point) {
			printf("# %s, not 0.%se%d\n", text, want, point);
			wrong++;
		}
		n++;
	}
	if (f != NULL)
		fclose(f);
	ok(n == 400 && wrong == 0, "%d shortest decimals", n);
}

/* Decimals next to the middle of two doubles, of every size. */
static void
hard_to_read(void)
{
	static const char *const texts[] = {"9007199254740993",
	    "9007199254740993.0000000000000001", "9007199254740992.9999999999",
	    "9007199254740991", "1.7976931348623157e308",
	    "1.7976931348623158e308", "2.2250738585072011e-308",
	    "2.2250738585072014e-308", "4.9406564584124654e-324", "2.47e-324",
	    "2.48e-324", "1e23", "8.5e22", "9.5e-1", "1e-343", "1e308",
	    "10e307", "0.1e-306", "6.9294956446009195e15",
	    "3.5844466002796428e+298",
	    "1.00000000000000011102230246251565404236316680908203125",
	    "1.00000000000000011102230246251565404236316680908203124",
	    "1.00000000000000011102230246251565404236316680908203126",
	    "0.500000000000000166533453693773481063544750213623046875",
	    "12345678901234567890", "18446744073709551615",
	    "9223372036854775807.5", "0000", "0.0e-30", "0e400", "1e-400"};
	struct rng r;
	int wrong = 0, tried = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		double x = -1;

		num_read(texts[i], strlen(texts[i]), &x);
		if (x != strtod(texts[i], NULL) && ++wrong)
			printf("# %s\n", texts[i]);
	}
	ok(wrong == 0, "decimals that are hard to read");
	wrong = 0;
	rng_seed(&r, 3, 0);
	for (int i = 0; i < 300000; i++) {
		double a = bits(rng_next(&r) >> 1), x = -1;
		char text[64];
		int n;

		if (!isfinite(a) || !isfinite(nextafter(a, INFINITY)))
			continue;
		n = snprintf(text, sizeof(text), "%.*Le",
		    (int)rng_below(&r, 6) + 14,
		    (long double)a / 2 +
			(long double)nextafter(a, INFINITY) / 2);
		tried++;
		num_read(text, (size_t)n, &x);
		wrong += x != strtod(text, NULL);
	}
	ok(wrong == 0, "%d middles of two doubles, cut to 15 to 20 digits",
	    tried);
}

/* Numbers in a row: each ends where the next begins. */
static void
rows(void)
{
	const char *s = "-1.5,12345678,1e5,0.000123456789,7]", *p = s;
	const char *end = s + strlen(s);
	double x[5];
	int n = 0;

	while (n < 5 && (p = num_scan(p, end, &x[n++])) != NULL && *p == ',')
		p++;
	ok(n == 5 && p == end - 1 && x[0] == -1.5 && x[1] == 12345678 &&
		x[2] == 1e5 && x[3] == 0.000123456789 && x[4] == 7,
	    "numbers in a row");
	s = "1e999,";
	ok(num_scan(s, s + 6, x) == NULL, "none that is out of range");
}

int
main(void)
{
	double x;

	is_text(0, "0");
	is_text(-0.0, "0");
	is_text(1, "1");
	is_text(-1.5, "-1.5");
	is_text(0.1, "0.1");
	is_text(0.3, "0.3");
	is_text(0.1 + 0.2, "0.30000000000000004");
	is_text(100, "100");
	is_text(123456789012345680.0, "123456789012345680");
	is_text(1e20, "100000000000000000000");
	is_text(1e22, "1e22");
	is_text(1e-5, "0.00001");
	is_text(1.5e-7, "1.5e-7");
	is_text(5e-324, "5e-324");
	is_text(1.7976931348623157e308, "1.7976931348623157e308");
	is_text(9007199254740993.0, "9007199254740992");
	random_doubles();
	against_python();
	hard_to_read();
	rows();
	/* Significands that are 0 in 64 bits. */
	ok(num_read("18446744073709551616", 20, &x) == 0 && x == 0x1p64,
	    "2^64");
	ok(num_read("1844674407370955161.60", 22, &x) == 0 &&
		x == 0x1.999999999999ap60,
	    "2^64 / 10, with 21 digits");
	ok(num_read("-36893488147419103232e-1", 24, &x) == 0 &&
		x == -0x1.999999999999ap61,
	    "-2^65 / 10");
	ok(num_read("0.00000000000000000000000001", 28, &x) == 0 && x == 1e-26,
	    "leading zeros are no digits");
	ok(num_read("1e400", 5, &x) < 0, "1e400 is out of range");
	ok(num_read("-1e400", 6, &x) < 0, "-1e400 is out of range");
	ok(num_read("1e-400", 6, &x) == 0 && x == 0, "1e-400 is 0");
	ok(num_read("0e99999999999", 13, &x) == 0 && x == 0, "0e99999999999");
	ok(num_read("-0", 2, &x) == 0 && x == 0 && signbit(x), "-0");
	for (int e = -1074; e < 1024; e++)
		if (check(ldexp(1, e)))
			ok(0, "2^%d", e);
	return done_testing();
}
