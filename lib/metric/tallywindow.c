#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/tallywindow.h"

enum {
	DOUBLE = 8,  /* bytes */
	LONGEST = 6, /* of a multiple; more would hardly save any */
	SMALL = 256  /* values: as many have room at once */
};

static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
    1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
enum { DIGITS = sizeof(power) / sizeof(*power) };

/* Whether x is a multiple of 10^-digits, and which. */
static int
multiple(double x, unsigned digits, int64_t *of)
{
	double y = x * power[digits];

	if (!(fabs(y) < 9e15) || (x == 0 && signbit(x)))
		return 0;
	*of = (int64_t)(y < 0 ? y - 0.5 : y + 0.5);
	return (double)*of / power[digits] == x;
}

/* Bytes that it takes. */
static unsigned
bytes_of(int64_t x)
{
	unsigned bytes = 1;

	for (x = x < 0 ? -x : x; x >= 128; x >>= 8)
		bytes++;
	return bytes;
}

static double
value_at(const struct tallywindow *w, size_t i)
{
	const unsigned char *p = w->value + i * w->bytes;
	uint64_t bits = 0;
	double x;

	if (w->bytes == DOUBLE) {
		memcpy(&x, p, sizeof(x));
		return x;
	}
	for (unsigned k = 0; k < w->bytes; k++)
		bits |= (uint64_t)p[k] << 8 * k;
	/* Its sign is the topmost bit. */
	bits ^= (uint64_t)1 << (8 * w->bytes - 1);
	return (double)((int64_t)bits - ((int64_t)1 << (8 * w->bytes - 1))) /
	       power[w->digits];
}

/* Whether there was room for it in the form of the others. */
static int
put(const struct tallywindow *w, size_t i, double x)
{
	unsigned char *p = w->value + i * w->bytes;
	int64_t of;

	if (w->bytes == DOUBLE) {
		memcpy(p, &x, sizeof(x));
		return 1;
	}
	if (!multiple(x, w->digits, &of) || bytes_of(of) > w->bytes)
		return 0;
	for (unsigned k = 0; k < w->bytes; k++)
		p[k] = (unsigned char)((uint64_t)of >> 8 * k);
	return 1;
}

/* The form that x needs, beside the first n values. */
static void
choose(struct tallywindow *w, size_t n, double x)
{
	struct tallywindow new = *w;
	int64_t of;

	while (new.digits < DIGITS && !multiple(x, new.digits, &of))
		new.digits++;
	new.bytes = new.digits < DIGITS ? (uint8_t)bytes_of(of) : DOUBLE;
	for (size_t i = 0; i < n && new.bytes <= LONGEST; i++) {
		if (!multiple(value_at(w, i), new.digits, &of))
			new.bytes = DOUBLE;
		else if (bytes_of(of) > new.bytes)
			new.bytes = (uint8_t)bytes_of(of);
	}
	if (new.bytes > LONGEST)
		new.bytes = DOUBLE;
	w->bytes = new.bytes;
	w->digits = new.bytes == DOUBLE ? 0 : new.digits;
}

/*
 * Values that there is memory for: all of a small window, since blocks that
 * thousands of streams outgrow together leave holes that nothing fits.
 */
static size_t
capacity(const struct tallywindow *w, size_t max)
{
	return max <= SMALL ? max : w->room;
}

/* Value i of those that are there, or the next: -1 when memory ends. */
static int
set(struct tallywindow *w, size_t i, double x, size_t max)
{
	struct tallywindow new = *w;

	if (w->bytes > 0 && put(w, i, x))
		return 0;
	choose(&new, w->n, x);
	new.value = malloc(capacity(w, max) * new.bytes);
	if (new.value == NULL)
		return -1;
	for (size_t k = 0; k < w->n; k++)
		put(&new, k, value_at(w, k));
	put(&new, i, x);
	free(w->value);
	*w = new;
	return 0;
}

/* Room for as many values: -1 when memory ends. */
static int
make_room(struct tallywindow *w, size_t room, size_t max)
{
	unsigned char *grown;

	w->room = (uint32_t)room;
	w->at = w->n;
	if (w->bytes == 0)
		return 0;
	grown = realloc(w->value, capacity(w, max) * w->bytes);
	if (grown == NULL)
		return -1;
	w->value = grown;
	return 0;
}

int
tallywindow_add(struct tallywindow *w, double x, size_t max)
{
	if (w->n == w->room && w->room < max) {
		size_t room = w->room ? (size_t)w->room * 2 : 16;

		if (make_room(w, room < max ? room : max, max) < 0)
			return -1;
	}
	if (set(w, w->at, x, max) < 0)
		return -1;
	w->at = w->at + 1 < w->room ? w->at + 1 : 0;
	w->n += w->n < w->room;
	return 0;
}

double *
tallywindow_values(const struct tallywindow *w)
{
	double *x = malloc(((size_t)w->n + 1) * sizeof(*x));

	for (size_t i = 0; x != NULL && i < w->n; i++)
		x[i] = value_at(w, i);
	return x;
}

/* Takes a ring as it lies, for room: -1 when memory ends. */
static int
take(struct tallywindow *w, const double *x, size_t n, size_t room, size_t max)
{
	tallywindow_free(w);
	w->room = (uint32_t)room;
	for (; w->n < n; w->n++)
		if (set(w, w->n, x[w->n], max) < 0)
			return -1;
	return 0;
}

int
tallywindow_join(
    struct tallywindow *w, const struct tallywindow *next, size_t max)
{
	size_t before = w->n < max ? w->n : w->at,
	       at = (before + next->at) % max;
	double *x = tallywindow_values(next), *turned = NULL;
	int full = next->n == max, failed = x == NULL;

	for (size_t i = 0; i < next->n && !full && !failed; i++)
		failed = tallywindow_add(w, x[i], max) < 0;
	/* All are the second's, where the ring would have them then. */
	if (full && !failed)
		turned = malloc(max * sizeof(*turned));
	for (size_t i = 0; i < max && turned != NULL; i++)
		turned[(before + i) % max] = x[i];
	if (full && !failed)
		failed = turned == NULL || take(w, turned, max, max, max) < 0;
	if (full)
		w->at = (uint32_t)at;
	free(turned);
	free(x);
	return failed ? -1 : 0;
}

void
tallywindow_state(struct tallywindow *w, size_t max, struct store *s)
{
	size_t room = w->room, n = w->n, at = w->at;
	double *x;

	store_size(s, "room", &room, 0, max);
	store_size(s, "n", &n, 0, room);
	store_size(s, "at", &at, 0, room > 0 ? room - 1 : 0);
	x = store_reading(s) ? malloc((n + 1) * sizeof(*x))
			     : tallywindow_values(w);
	if (x == NULL)
		store_no_memory(s);
	else
		store_reals(s, "x", x, n);
	if (store_reading(s) && s->why == NULL) {
		if (take(w, x, n, room, max) < 0)
			store_no_memory(s);
		w->at = (uint32_t)at;
	}
	free(x);
}

void
tallywindow_free(struct tallywindow *w)
{
	free(w->value);
	*w = (struct tallywindow){0};
}
