#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "detect/iks_sorted.h"

enum { BLOCK = IKS_SORTED_BLOCK };

#define BLOCKS(m) (((m) + BLOCK - 1) / BLOCK)
#define PLACES(m) (BLOCKS(m) * BLOCK + 1) /* the last has one after it */
#define MOST(T)   ((T)(((uint64_t)1 << (8 * sizeof(T) - 1)) - 1))

#define T       int16_t
#define LANES   8
#define FORM(x) narrow_##x
#include "detect/iks_block.inc"

#define T       int32_t
#define LANES   4
#define FORM(x) wide_##x
#include "detect/iks_block.inc"

static int
wide(const struct iks_ref *r)
{
	return r->n > INT16_MAX;
}

int
iks_sorted_prepare(struct iks_ref *r, size_t m)
{
	if (r->steps == NULL)
		r->steps = wide(r) ? wide_steps(r->n, m, PLACES(m))
				   : narrow_steps(r->n, m, PLACES(m));
	return r->steps != NULL ? 0 : -1;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int
iks_sorted_fill(
    struct iks_sorted *s, const struct iks_ref *r, uint32_t *code, size_t m)
{
	iks_sorted_free(s);
	for (size_t i = 0; i < m; i++)
		s->tied |= code[i] & 1;
	s->counts = malloc(wide(r) ? wide_size(BLOCKS(m), s->tied)
				   : narrow_size(BLOCKS(m), s->tied));
	if (s->counts == NULL)
		return -1;
	qsort(code, m, sizeof(*code), compare);
	if (wide(r))
		wide_fill(s, r, m, code);
	else
		narrow_fill(s, r, m, code);
	return 0;
}

void
iks_sorted_slide(struct iks_sorted *s, const struct iks_ref *r, size_t m,
    uint32_t gone, uint32_t come)
{
	if (wide(r))
		wide_slide(s, r, m, gone, come);
	else
		narrow_slide(s, r, m, gone, come);
}

void
iks_sorted_extremes(const struct iks_sorted *s, const struct iks_ref *r,
    size_t m, int64_t *hi, int64_t *lo)
{
	if (wide(r))
		wide_extremes(s, r, m, hi, lo);
	else
		narrow_extremes(s, r, m, hi, lo);
}

size_t
iks_sorted_slot(const struct iks_sorted *s, const struct iks_ref *r, size_t m,
    int up, int64_t extreme)
{
	/* So it is below all values. */
	if (extreme == 0)
		return 0;
	return iks_ref_slot(r, wide(r) ? wide_first(s, r, m, up, extreme)
				       : narrow_first(s, r, m, up, extreme));
}

void
iks_sorted_free(struct iks_sorted *s)
{
	free(s->counts);
	*s = (struct iks_sorted){0};
}
