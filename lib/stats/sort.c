#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stats/sort.h"

/* Fewer are compared. */
enum { FEW = 64, BYTES = sizeof(double), VALUES = 256 };

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* As unsigned numbers, in the order of the values; and back. */
static void
to_keys(uint64_t *to, const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t bits;

		memcpy(&bits, &x[i], sizeof(bits));
		to[i] = bits ^ ((0 - (bits >> 63)) | (uint64_t)1 << 63);
	}
}

static void
from_keys(double *x, const uint64_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t bits = key[i];

		bits ^= ((bits >> 63) - 1) | (uint64_t)1 << 63;
		memcpy(&x[i], &bits, sizeof(bits));
	}
}

static uint8_t
byte(uint64_t key, size_t i)
{
	return (uint8_t)(key >> (8 * i));
}

/* In the order of one byte, equal ones as they were. begin: of each value. */
static void
distribute(
    uint64_t *to, const uint64_t *from, size_t n, size_t which, size_t *begin)
{
	for (size_t i = 0; i < n; i++)
		to[begin[byte(from[i], which)]++] = from[i];
}

/* Counts become where each value begins; 0 when all keys have the same. */
static int
add_up(size_t *count, size_t n)
{
	size_t sum = 0;

	for (size_t v = 0; v < VALUES; v++) {
		size_t here = count[v];

		if (here == n)
			return 0;
		count[v] = sum;
		sum += here;
	}
	return 1;
}

/* Both have room for n; the keys are in the first. Returns where they are, in
 * the order of their bytes from this one on. */
static uint64_t *
sort_keys(uint64_t *key, uint64_t *other, size_t n, size_t from)
{
	size_t count[BYTES][VALUES] = {{0}};

	for (size_t i = 0; i < n; i++)
		for (size_t b = from; b < BYTES; b++)
			count[b][byte(key[i], b)]++;
	for (size_t b = from; b < BYTES; b++) {
		uint64_t *swap = key;

		if (!add_up(count[b], n))
			continue;
		distribute(other, key, n, b, count[b]);
		key = other;
		other = swap;
	}
	return key;
}

/* Keys that are nearly in order; 0 when they are not. */
static int
insert(uint64_t *key, size_t n)
{
	size_t moves = 0;

	for (size_t i = 1; i < n; i++) {
		uint64_t k = key[i];
		size_t at = i;

		for (; at > 0 && key[at - 1] > k && moves < n; at--, moves++)
			key[at] = key[at - 1];
		key[at] = k;
	}
	return moves < n;
}

void
sort_reals(double *x, size_t n)
{
	uint64_t *key = n < FEW ? NULL : malloc(2 * n * sizeof(*key));
	uint64_t *sorted;

	if (key == NULL) {
		qsort(x, n, sizeof(*x), ascending);
		return;
	}
	to_keys(key, x, n);
	/* Half of the bytes tell nearly all values apart, as a rule. */
	sorted = sort_keys(key, key + n, n, BYTES / 2);
	if (!insert(sorted, n))
		sorted = sort_keys(sorted, sorted == key ? key + n : key, n, 0);
	from_keys(x, sorted, n);
	free(key);
}
