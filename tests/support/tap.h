/* TAP for the unit tests: a line a check, the plan at the end. */
#ifndef TAP_H
#define TAP_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static int tap_count, tap_failed;

/* One check; the name is printf's. Returns the condition. */
__attribute__((format(printf, 2, 3))) static inline int
ok(int condition, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", condition ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !condition;
	return condition;
}

/* got equals want within a relative tolerance (absolute below 1e-300). */
static inline int
near(double got, double want, double rel, const char *name)
{
	double err = fabs(got - want);
	int good = got == want || err <= rel * fabs(want) || err < 1e-300;

	if (!ok(good, "%s", name))
		printf("# got %.17g, wanted %.17g\n", got, want);
	return good;
}

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif
