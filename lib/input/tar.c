#include <string.h>

#include "base/num.h"
#include "base/memory.h"
#include "input/tar.h"

enum { EXTENDED_MAX = 1 << 20 }; /* bytes of names and pax records */

enum { SPARSE_NEXT = 504 }; /* where it says that more follow */

void
tar_init(struct tar *t, size_t largest)
{
	*t = (struct tar){.largest = largest};
}

static void
set_name(struct tar *t, const void *p, size_t n)
{
	t->name.len = 0;
	buf_put(&t->name, p, n);
	buf_put(&t->name, "", 1);
	t->name.len -= !t->name.failed;
}

/* One pax record's keyword and value. Returns why it is bad, or NULL. */
static const char *
pax_value(struct tar *t, const char *key, size_t keylen, const char *value,
    size_t len)
{
	static const char digits[] = "0123456789";

#define IS(word) (keylen == sizeof(word) - 1 && !memcmp(key, word, keylen))
	if (IS("path") || IS("GNU.sparse.name")) {
		if (len == 0 || memchr(value, '\0', len) != NULL)
			return "bad name";
		set_name(t, value, len);
		t->named = 1;
	} else if (IS("size")) {
		if (len == 0 || len > 18 || strspn(value, digits) != len)
			return "bad size";
		t->size = 0;
		for (size_t i = 0; i < len; i++)
			t->size = t->size * 10 + (unsigned)(value[i] - '0');
		t->sized = 1;
	} else if (IS("mtime")) {
		size_t whole = strspn(value, digits), fraction = 0;

		if (value[whole] == '.')
			fraction = 1 + strspn(value + whole + 1, digits);
		/* Before 1970, or nonsense: then it is not known. */
		if (whole == 0 || fraction == 1 || whole + fraction != len ||
		    num_read(value, len, &t->mtime) < 0)
			t->mtime = 0;
		t->timed = 1;
	} else if (keylen > 11 && memcmp(key, "GNU.sparse.", 11) == 0)
		t->sparse = 1;
#undef IS
	return NULL;
}

/* The records "LENGTH KEYWORD=VALUE\n" that make up a pax header. */
static const char *
pax_records(struct tar *t)
{
	const char *p = t->extended.p, *end = p + t->extended.len;

	while (p < end) {
		size_t n = 0, digits = 0;
		const char *key, *equals;
		const char *why;

		while (digits < 8 && p + digits < end && p[digits] >= '0' &&
		       p[digits] <= '9')
			n = n * 10 + (size_t)(p[digits++] - '0');
		if (digits == 0 || n > (size_t)(end - p) || n < digits + 3 ||
		    p[digits] != ' ' || p[n - 1] != '\n')
			return "bad pax record";
		key = p + digits + 1;
		p += n;
		equals = memchr(key, '=', (size_t)(p - key));
		if (equals == NULL)
			return "bad pax record";
		why = pax_value(t, key, (size_t)(equals - key), equals + 1,
		    (size_t)(p - 1 - (equals + 1)));
		if (why != NULL)
			return why;
	}
	return NULL;
}

/* Goes on to the bytes after a header. */
static void
expect_bytes(struct tar *t, int doing, unsigned long long size)
{
	t->doing = doing;
	t->left = size;
	t->padding = (unsigned)(-size & (TAR_BLOCK - 1));
	t->extended.len = t->data.len = 0;
}

static void
refuse_member(struct tar *t, const char *stage, const char *reason)
{
	t->stage = stage;
	t->reason = reason;
}

/* A regular file begins, of which only the name may be of use. */
static void
begin_file(struct tar *t, const struct tarhead *h)
{
	t->stage = t->reason = NULL;
	if (h->type == '1')
		refuse_member(t, "open", "a hard link to another member");
	else if (h->type == 'S' || t->sparse)
		refuse_member(t, "open", "a sparse file");
	else if (h->size > t->largest)
		refuse_member(t, "limit", "file too large");
	expect_bytes(t, TAR_DATA, h->type == '1' ? 0 : h->size);
	if (h->more_sparse)
		t->doing = TAR_SPARSE;
}

/* Any member but an extended header. */
static const char *
begin_member(struct tar *t, struct tarhead *h)
{
	int old_directory;

	if (!t->named)
		set_name(t, h->name, h->len);
	if (!t->timed)
		t->mtime = h->mtime;
	if (t->sized)
		h->size = t->size;
	/* Before there was a type for them, directories ended in a slash. */
	old_directory = t->name.len > 0 && t->name.p[t->name.len - 1] == '/';
	if (h->type >= '2' && h->type <= '6')
		expect_bytes(t, TAR_SKIP, 0);
	else if (old_directory || strchr("DMNVX", h->type) != NULL)
		expect_bytes(t, TAR_SKIP, h->size);
	else if (strchr("017S", h->type) != NULL)
		begin_file(t, h);
	else
		return "member of unknown type";
	/* What extended headers have said was for this one. */
	t->sparse = t->named = t->sized = t->timed = 0;
	return NULL;
}

/* Takes the header in the block. Returns why it is bad, or NULL. */
static const char *
take_header(struct tar *t)
{
	struct tarhead h;
	const char *why;

	t->zeros = t->block[0] == 0 &&
		   memcmp(t->block, t->block + 1, TAR_BLOCK - 1) == 0;
	if (t->zeros)
		return NULL;
	if ((why = tarhead_read(&h, t->block)) != NULL)
		return t->begun == 0 ? "not a tar archive" : why;
	if (strchr("xLKg", h.type) == NULL)
		return begin_member(t, &h);
	if (h.size > EXTENDED_MAX)
		return "extended header too large";
	expect_bytes(t,
	    h.type == 'x'   ? TAR_RECORDS
	    : h.type == 'L' ? TAR_LONG_NAME
			    : TAR_SKIP,
	    h.size);
	return NULL;
}

/* A block of header is complete. */
static const char *
take_block(struct tar *t)
{
	t->have = 0;
	if (t->doing == TAR_HEADER)
		return take_header(t);
	if (t->block[SPARSE_NEXT] == 0)
		t->doing = TAR_DATA;
	return NULL;
}

/* The bytes after a header are complete. */
static const char *
take_bytes(struct tar *t)
{
	int what = t->doing;

	if (t->extended.failed || t->name.failed)
		return NO_MEMORY;
	t->doing = t->padding > 0 ? TAR_SKIP : TAR_HEADER;
	t->left = t->padding;
	t->padding = 0;
	if (what == TAR_RECORDS)
		return t->extended.len > 0 ? pax_records(t) : NULL;
	if (what == TAR_LONG_NAME && t->extended.len == 0)
		return "bad name";
	if (what == TAR_LONG_NAME) {
		set_name(
		    t, t->extended.p, strnlen(t->extended.p, t->extended.len));
		t->named = 1;
	}
	return NULL;
}

static void
keep_bytes(struct tar *t, const void *p, size_t n)
{
	if (t->doing == TAR_RECORDS || t->doing == TAR_LONG_NAME)
		buf_put(&t->extended, p, n);
	if (t->doing != TAR_DATA || t->reason != NULL)
		return;
	buf_put(&t->data, p, n);
	if (t->data.failed) {
		buf_free(&t->data);
		t->data = (struct buf){0};
		refuse_member(t, "read", NO_MEMORY);
	}
}

/* Uses up to n bytes for what is being done. Returns how many. */
static size_t
use_bytes(struct tar *t, const void *p, size_t n)
{
	if (t->doing == TAR_HEADER || t->doing == TAR_SPARSE) {
		if (t->have == 0 && t->doing == TAR_HEADER)
			t->begun = t->offset;
		if (n > TAR_BLOCK - t->have)
			n = TAR_BLOCK - t->have;
		memcpy(t->block + t->have, p, n);
		t->have += n;
	} else {
		if (n > t->left)
			n = (size_t)t->left;
		keep_bytes(t, p, n);
		t->left -= n;
	}
	t->offset += n;
	return n;
}

enum tar_what
tar_feed(struct tar *t, const void *p, size_t n, size_t *used)
{
	*used = 0;
	for (;;) {
		int was = t->doing;
		int of_block = was == TAR_HEADER || was == TAR_SPARSE;

		if (of_block ? t->have == TAR_BLOCK : t->left == 0) {
			t->why = of_block ? take_block(t) : take_bytes(t);
			if (t->why != NULL) {
				t->offset = t->begun;
				return TAR_BAD;
			}
			if (was == TAR_DATA)
				return TAR_MEMBER;
			continue;
		}
		if (*used == n)
			return TAR_MORE;
		*used += use_bytes(t, (const char *)p + *used, n - *used);
	}
}

const char *
tar_end(const struct tar *t, int *open)
{
	*open = t->doing == TAR_DATA;
	return t->doing == TAR_HEADER && t->have == 0 && t->zeros ? NULL
								  : "truncated";
}

void
tar_free(struct tar *t)
{
	buf_free(&t->name);
	buf_free(&t->data);
	buf_free(&t->extended);
}
