/* tar: what comes out, whole and in pieces, and what is refused and why. */
#include <string.h>

#include "tap.h"
#include "input/tar.h"

static unsigned char archive[1 << 16];
static size_t length;

static void
begin(void)
{
	memset(archive, 0, sizeof(archive));
	length = 0;
}

static void
sign(unsigned char *h)
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += h[i];
	sprintf((char *)h + 148, "%06o", sum);
}

/* A member in ustar's form; its header is returned, to be changed. */
static unsigned char *
add(const char *name, int type, const char *data)
{
	unsigned char *h = archive + length;

	strncpy((char *)h, name, 100);
	sprintf((char *)h + 124, "%011o", (unsigned)strlen(data));
	sprintf((char *)h + 136, "%011o", 1234567890U);
	h[156] = (unsigned char)type;
	memcpy(h + 257, "ustar\00000", 8);
	strcpy((char *)h + 512, data);
	length += 512 + (strlen(data) + 511) / 512 * 512;
	sign(h);
	return h;
}

static void
finish(void)
{
	length += 1024;
}

/*
 * What comes out of the archive when it is fed in pieces: each member as
 * "name=data;" or "name!reason;", and what ends it.
 */
static const char *
read_all(size_t piece, size_t largest)
{
	static char text[8192];
	char *p = text;
	struct tar t;
	const char *end = NULL;
	int open;

	tar_init(&t, largest);
	for (size_t at = 0; at < length && end == NULL;) {
		size_t n = length - at < piece ? length - at : piece, used;
		enum tar_what what = tar_feed(&t, archive + at, n, &used);

		at += used;
		if (what == TAR_BAD)
			end = t.why;
		if (what == TAR_MEMBER && t.reason != NULL)
			p += sprintf(p, "%s!%s;", t.name.p, t.reason);
		else if (what == TAR_MEMBER)
			p += sprintf(p, "%s=%.*s;", t.name.p, (int)t.data.len,
			    t.data.len > 0 ? t.data.p : "");
	}
	if (end == NULL)
		end = tar_end(&t, &open);
	sprintf(p, "%s", end == NULL ? "end" : end);
	tar_free(&t);
	return text;
}

static void
gives(const char *name, const char *want)
{
	static const size_t piece[] = {1 << 16, 512, 100, 1};

	for (size_t i = 0; i < 4; i++) {
		const char *got = read_all(piece[i], 100);

		if (!ok(strcmp(got, want) == 0, "%s, %zu at a time", name,
			piece[i]))
			printf("# got '%s', wanted '%s'\n", got, want);
	}
}

static void
check_kinds(void)
{
	char data[601];
	unsigned char *h;

	begin();
	add("a", '0', "one");
	add("d/", '5', "");
	add("empty", '0', "");
	add("old", '\0', "two");
	add("link", '2', "");
	add("hard", '1', "");
	add("fifo", '6', "");
	add("label", 'V', "");
	add("b", '7', "three");
	finish();
	gives("regular files",
	    "a=one;empty=;old=two;"
	    "hard!a hard link to another member;b=three;end");
	memset(data, 'x', 600);
	data[600] = '\0';
	begin();
	add("large", '0', data);
	add("a", '0', "one");
	finish();
	gives("what is too large", "large!file too large;a=one;end");
	begin();
	h = add("c", '0', "one");
	strcpy((char *)h + 345, "a/b");
	sign(h);
	finish();
	gives("a prefix", "a/b/c=one;end");
	begin();
	h = add("dir/", '\0', "");
	memset(h + 257, 0, 8);
	sign(h);
	h = add("c", '\0', "one");
	memset(h + 257, 0, 8);
	sign(h);
	finish();
	gives("Unix V7", "c=one;end");
	begin();
	h = add("c", '0', "one");
	memset(h + 124, 0, 12);
	h[124] = 0x80;
	h[135] = 3;
	sign(h);
	finish();
	gives("a binary number", "c=one;end");
	begin();
	add("a", '0', "one");
	finish();
	add("b", '0', "two");
	finish();
	gives("one archive behind the other", "a=one;b=two;end");
}

static void
check_extended(void)
{
	unsigned char *h;

	begin();
	add("g", 'g', "17 path=nonsense\n");
	add("x", 'x', "10 path=b\n24 mtime=1767323045.678\n");
	add("a", '0', "one");
	add("a", '0', "two");
	add("x", 'x', "9 size=3\n");
	h = add("c", '0', "six");
	sprintf((char *)h + 124, "%011o", 0U);
	sign(h);
	finish();
	gives("pax", "b=one;a=two;c=six;end");
	begin();
	add("././@LongLink", 'K', "target");
	add("././@LongLink", 'L', "a long name");
	add("a", '0', "one");
	add("a", '0', "two");
	finish();
	gives("GNU", "a long name=one;a=two;end");
	begin();
	add("x", 'x', "22 GNU.sparse.major=1\n23 GNU.sparse.name=img\n");
	add("a", '0', "one");
	h = add("b", 'S', "");
	h[482] = 1;
	sign(h);
	archive[length + 504] = 1;
	length += 1024;
	add("c", '0', "two");
	finish();
	gives("sparse files", "img!a sparse file;b!a sparse file;c=two;end");
}

static void
refused_pax(const char *name, const char *record, const char *why)
{
	begin();
	add("x", 'x', record);
	add("a", '0', "one");
	finish();
	gives(name, why);
}

static void
check_damage(void)
{
	unsigned char *h;

	begin();
	gives("nothing", "truncated");
	add("a", '0', "one");
	gives("no end", "a=one;truncated");
	length -= 1;
	gives("a byte less", "a=one;truncated");
	begin();
	memset(archive, 'x', 2048);
	length = 2048;
	gives("something else", "not a tar archive");
	begin();
	add("a", '0', "one");
	h = add("b", '0', "two");
	h[0] = 'c';
	gives("a checksum", "a=one;damaged header");
	begin();
	add("a", '0', "one");
	h = add("b", '0', "two");
	h[124] = 'x';
	sign(h);
	gives("a size", "a=one;bad size");
	memset(h + 124, 0xff, 12);
	sign(h);
	gives("a negative size", "a=one;bad size");
	h[124] = 0x80;
	sign(h);
	gives("a size of more than 2^63", "a=one;bad size");
	begin();
	add("a", '0', "one");
	add("b", '!', "two");
	gives("a type", "a=one;member of unknown type");
	refused_pax("no length", "path=b\n", "bad pax record");
	refused_pax("a length too far", "11 path=b\n", "bad pax record");
	refused_pax("a length too short", "8 path=b\n", "bad pax record");
	refused_pax("a length of 0", "0 path=b\n", "bad pax record");
	refused_pax("no value", "7 path\n", "bad pax record");
	refused_pax("no name", "8 path=\n", "bad name");
	refused_pax("no size", "10 size=x\n", "bad size");
	refused_pax(
	    "a size beyond", "28 size=9999999999999999999\n", "bad size");
}

/* Every cut says so, and gives what came before it. */
static void
check_cuts(void)
{
	size_t whole;
	int wrong = 0;

	begin();
	add("x", 'x', "10 path=b\n");
	add("a", '0', "one");
	add("c", '0', "two");
	finish();
	whole = length;
	for (length = 0; length < whole - 1024; length++) {
		const char *got = read_all(700, 100);

		wrong += strcmp(got, length < 1536 + 3   ? "truncated"
				     : length < 2560 + 3 ? "b=one;truncated"
							 : "b=one;c=two;"
							   "truncated") != 0;
	}
	ok(wrong == 0, "cut anywhere (%d wrong)", wrong);
}

/* No bit of a header can change unnoticed; a checksum has many forms. */
static void
check_bits(void)
{
	unsigned char *h;
	int missed = 0;

	begin();
	add("a", '0', "one");
	h = add("b", '0', "two");
	finish();
	for (int i = 0; i < 512 * 8; i++) {
		if (i / 8 >= 148 && i / 8 < 156)
			continue;
		h[i / 8] ^= 1 << i % 8;
		missed += strcmp(read_all(1 << 16, 100),
			      "a=one;damaged header") != 0;
		h[i / 8] ^= 1 << i % 8;
	}
	ok(missed == 0, "a bit of a header (%d missed)", missed);
}

static void
check_mtime(void)
{
	struct tar t;
	size_t used;

	begin();
	add("a", '0', "one");
	tar_init(&t, 100);
	ok(tarhead_begins(archive), "begins as an archive does");
	ok(tar_feed(&t, archive, length, &used) == TAR_MEMBER &&
		t.mtime == 1234567890 && used == 512 + 3,
	    "mtime of the header");
	tar_free(&t);
	begin();
	add("x", 'x', "24 mtime=1767323045.678\n");
	add("a", '0', "one");
	tar_init(&t, 100);
	ok(tar_feed(&t, archive, length, &used) == TAR_MEMBER &&
		t.mtime == 1767323045.678,
	    "mtime of the pax header");
	tar_free(&t);
	begin();
	add("x", 'x', "12 mtime=-1\n");
	add("a", '0', "one");
	tar_init(&t, 100);
	ok(tar_feed(&t, archive, length, &used) == TAR_MEMBER && t.mtime == 0,
	    "before 1970 it is not known");
	tar_free(&t);
	archive[0] ^= 1;
	ok(!tarhead_begins(archive), "does not begin as an archive does");
}

int
main(void)
{
	check_kinds();
	check_extended();
	check_damage();
	check_cuts();
	check_bits();
	check_mtime();
	return done_testing();
}
