/* tallywindow: against a plain ring of doubles, whatever the values are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/tallywindow.h"
#include "stats/rng.h"
#include "tap.h"

enum { WINDOW = 70, KINDS = 7 };

/* Values as records have them: of few digits, many, one that is odd. */
static double
draw(struct rng *r, int kind, int t)
{
	double z = rng_normal(r);

	switch (kind) {
	case 0:
		return (double)rng_below(r, 10);
	case 1:
		return round(z * 1e6) / 1e6;
	case 2:
		return round(z * 1e4) / 1e4 * (t == 55 ? 1e6 : 1);
	case 3:
		return z;
	case 4:
		return t % 50 == 49 ? -0.0 : round(z * 10) / 10 + 0.0;
	case 5:
		return t == 90 ? 1.7e308 : t == 95 ? 5e-324 : round(z) + 0.0;
	default:
		return (rng_below(r, 2) ? 1 : -1) *
		       ldexp(1, (int)rng_below(r, 60)) / 1e4;
	}
}

/* The same bits, so that -0 is not 0. */
static int
holds(const struct tallywindow *w, const double *ring, size_t n)
{
	double *x = tallywindow_values(w);
	int good = w->n == n && memcmp(x, ring, n * sizeof(*x)) == 0;

	free(x);
	return good;
}

static void
write_state(struct tallywindow *w, struct buf *b)
{
	struct store s;

	b->len = 0;
	store_write(&s, b);
	store_open(&s, NULL, '{');
	tallywindow_state(w, WINDOW, &s);
	store_close(&s, '}');
}

/* What is read back says the same, and goes on the same. */
static int
comes_back(struct tallywindow *w)
{
	struct buf b = {0}, again = {0};
	struct tallywindow x = {0};
	struct store s;
	int good;

	write_state(w, &b);
	buf_put(&b, "", 1);
	store_read(&s, b.p, b.len - 1);
	store_open(&s, NULL, '{');
	tallywindow_state(&x, WINDOW, &s);
	store_close(&s, '}');
	good = store_end(&s) == NULL;
	write_state(&x, &again);
	good = good && again.len + 1 == b.len &&
	       memcmp(again.p, b.p, again.len) == 0;
	tallywindow_add(w, 0.25, WINDOW);
	tallywindow_add(&x, 0.25, WINDOW);
	write_state(w, &b);
	write_state(&x, &again);
	good = good && again.len == b.len &&
	       memcmp(again.p, b.p, again.len) == 0;
	tallywindow_free(&x);
	buf_free(&b);
	buf_free(&again);
	return good;
}

static void
ring(int kind, unsigned most)
{
	struct tallywindow w = {0};
	double plain[WINDOW];
	int good = 1, back = 1;
	unsigned bytes = 0;
	struct rng r;

	rng_seed(&r, 1, (uint64_t)kind);
	for (int t = 0; t < 200 && good; t++) {
		double x = draw(&r, kind, t);

		plain[t % WINDOW] = x;
		good = tallywindow_add(&w, x, WINDOW) == 0 &&
		       holds(&w, plain, t < WINDOW ? t + 1u : WINDOW);
		if (t == 40)
			bytes = w.bytes;
	}
	ok(good, "kind %d: the last %d, to the bit", kind, WINDOW);
	ok(bytes <= most, "kind %d: %u bytes each", kind, bytes);
	back = comes_back(&w);
	tallywindow_free(&w);
	for (int t = 0; t < 33; t++)
		tallywindow_add(&w, draw(&r, kind, t), WINDOW);
	ok(back && comes_back(&w), "kind %d: states, also half full", kind);
	tallywindow_free(&w);
}

/* Joined in any lengths, a window is as if all had come to one. */
static void
joins(void)
{
	static const int length[] = {0, 5, 69, 70, 71, 200};
	int good = 1;

	for (int i = 0; i < 6; i++)
		for (int k = 0; k < 6; k++) {
			struct tallywindow a = {0}, b = {0}, all = {0};
			double *x, *y;
			struct rng r;

			rng_seed(&r, 2, 0);
			for (int t = 0; t < length[i] + length[k]; t++) {
				double z = draw(&r, t % KINDS, t);

				tallywindow_add(
				    t < length[i] ? &a : &b, z, WINDOW);
				tallywindow_add(&all, z, WINDOW);
			}
			good &= tallywindow_join(&a, &b, WINDOW) == 0;
			x = tallywindow_values(&a);
			y = tallywindow_values(&all);
			good &= a.n == all.n && a.at == all.at &&
				memcmp(x, y, a.n * sizeof(*x)) == 0;
			free(x);
			free(y);
			tallywindow_free(&a);
			tallywindow_free(&b);
			tallywindow_free(&all);
		}
	ok(good, "joined windows are as one");
}

int
main(void)
{
	static const unsigned most[KINDS] = {1, 3, 3, 8, 1, 1, 8};

	for (int kind = 0; kind < KINDS; kind++)
		ring(kind, most[kind]);
	joins();
	return done_testing();
}
