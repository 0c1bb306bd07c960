/* What is written is read back to the same bits, and nothing else is read. */
#include <math.h>
#include <string.h>

#include "stats/rng.h"
#include "tap.h"

struct all {
	double x[300];
	uint8_t small[4];
	uint32_t large[3];
	uint64_t u;
	int64_t i;
	int flag;
	size_t size;
	struct buf bytes;
};

static void
walk(struct all *a, struct store *s)
{
	store_open(s, NULL, '{');
	store_reals(s, "x", a->x, 300);
	store_u8s(s, "small", a->small, 4, 7);
	store_u32s(s, "large", a->large, 3, UINT32_MAX);
	store_u64(s, "u", &a->u);
	store_i64(s, "i", &a->i);
	store_int(s, "flag", &a->flag, 0, 1);
	store_size(s, "size", &a->size, 2, 10);
	store_bytes(s, "bytes", &a->bytes);
	store_close(s, '}');
}

static void
fill(struct all *a)
{
	struct rng r;

	rng_seed(&r, 3, 0);
	for (int i = 0; i < 300; i++) {
		uint64_t bits = rng_next(&r);

		memcpy(&a->x[i], &bits, sizeof(bits));
		if (isnan(a->x[i]))
			a->x[i] = NAN;
	}
	a->x[0] = -0.0;
	a->x[1] = INFINITY;
	a->x[2] = -INFINITY;
	a->x[3] = 5e-324;
	a->x[4] = 0x1.fffffffffffffp1023;
	a->x[5] = 9007199254740993.0;
	a->small[3] = 7;
	a->large[1] = UINT32_MAX;
	a->u = UINT64_MAX;
	a->i = -INT64_MAX;
	a->flag = 1;
	a->size = 10;
	for (int c = 0; c < 256; c++)
		buf_put(&a->bytes, &(char){(char)c}, 1);
}

static int
same(const struct all *a, const struct all *b)
{
	int equal = 1;

	for (int i = 0; i < 300; i++)
		equal &= isnan(a->x[i])
			     ? isnan(b->x[i])
			     : memcmp(&a->x[i], &b->x[i], sizeof(double)) == 0;
	return equal && memcmp(a->small, b->small, sizeof(a->small)) == 0 &&
	       memcmp(a->large, b->large, sizeof(a->large)) == 0 &&
	       a->u == b->u && a->i == b->i && a->flag == b->flag &&
	       a->size == b->size && a->bytes.len == b->bytes.len &&
	       memcmp(a->bytes.p, b->bytes.p, a->bytes.len) == 0;
}

static const char *
read_text(const char *text, size_t len, struct all *a)
{
	struct store s;

	store_read(&s, text, len);
	walk(a, &s);
	return store_end(&s);
}

/* Each prefix, and each byte changed, is refused or means the same. */
static int
demands(const struct buf *text, const struct all *want)
{
	struct all got = {0};
	struct buf copy = {0};
	int good = 1;

	for (size_t n = 0; n < text->len; n++)
		good &= read_text(text->p, n, &got) != NULL;
	for (size_t at = 0; at < text->len; at++) {
		copy.len = 0;
		buf_put(&copy, text->p, text->len + 1);
		copy.p[at] ^= 1;
		if (read_text(copy.p, text->len, &got) == NULL)
			good &= !same(&got, want);
	}
	buf_free(&copy);
	buf_free(&got.bytes);
	return good;
}

/* What there was no memory for is not missing from the text unnoticed. */
static void
lacks_memory(void)
{
	struct buf text = {0}, lost = {.failed = 1};
	struct store s;

	store_write(&s, &text);
	store_bytes(&s, "bytes", &lost);
	ok(text.failed, "bytes that memory ended for are not written");
	buf_free(&text);
	text = (struct buf){0};
	store_write(&s, &text);
	store_no_memory(&s);
	ok(text.failed, "a text without memory for its parts has failed");
	buf_free(&text);
	store_read(&s, "{}", 2);
	store_no_memory(&s);
	ok(s.why != NULL, "and one that is read is refused");
}

int
main(void)
{
	struct all out = {0}, in = {0};
	struct buf text = {0}, again = {0};
	struct store s;

	fill(&out);
	store_write(&s, &text);
	walk(&out, &s);
	ok(s.why == NULL, "written");
	buf_put(&text, "", 1);
	text.len--;
	ok(read_text(text.p, text.len, &in) == NULL, "read");
	ok(same(&out, &in), "the same bits");
	store_write(&s, &again);
	walk(&in, &s);
	ok(again.len == text.len && memcmp(again.p, text.p, text.len) == 0,
	    "and the same text");
	ok(demands(&text, &out), "nothing but what was written is read");
	in.size = 3;
	ok(read_text("{\"x\":[", 6, &in) != NULL && in.size == 3,
	    "behind an error every value stays as it was");
	lacks_memory();
	buf_free(&text);
	buf_free(&again);
	buf_free(&out.bytes);
	buf_free(&in.bytes);
	return done_testing();
}
