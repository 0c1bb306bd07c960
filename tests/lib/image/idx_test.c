/* idx: what is read, plain and gzip, and what is refused and why. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "image/idx.h"
#include "tap.h"

static char path[] = "/tmp/idx_test.XXXXXX";

static void
put(const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	fwrite(p, 1, n, f);
	fclose(f);
}

static void
put_gz(const void *p, size_t n)
{
	gzFile f = gzopen(path, "wb");

	gzwrite(f, p, (unsigned)n);
	gzclose(f);
}

/* Refused for that reason, with nothing allocated. */
static void
refused(const char *name, const char *why)
{
	struct idx x;
	const char *got = idx_load(&x, path);

	if (!ok(got != NULL && strcmp(got, why) == 0 && x.data == NULL, "%s",
		name))
		printf("# got '%s', wanted '%s'\n", got, why);
}

/* Two images of 2 x 3. */
static const unsigned char images[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0,
    0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255};

static void
check_images(const char *form)
{
	struct idx x;
	const char *why = idx_load(&x, path);

	ok(why == NULL && x.count == 2 && x.rows == 2 && x.cols == 3,
	    "%s images: shape", form);
	ok(why == NULL && memcmp(x.data, images + 16, 12) == 0,
	    "%s images: data", form);
	ok(idx_is(path), "%s images: known as IDX", form);
	idx_free(&x);
	ok(x.data == NULL && x.count == 0, "%s images: freed", form);
}

static void
check_read(void)
{
	struct idx x;
	const char *why;

	put(images, sizeof images);
	check_images("plain");
	put_gz(images, sizeof images);
	check_images("gzip");
	put(labels, sizeof labels);
	why = idx_load(&x, path);
	ok(why == NULL && x.count == 3 && x.rows == 1 && x.cols == 1 &&
		x.data[0] == 7 && x.data[2] == 255,
	    "labels");
	idx_free(&x);
	put("\0\0\10\1\0\0\0\0", 8);
	ok(idx_load(&x, path) == NULL && x.count == 0, "no items");
	idx_free(&x);
}

static void
check_headers(void)
{
	put("", 0);
	refused("an empty file", "truncated");
	put("\211PNG\r\n\32\n", 8);
	refused("another kind of file", "not an IDX file");
	ok(!idx_is(path), "is not known as IDX");
	put("\0\0\15\3\0\0\0\1", 8);
	refused("floats", "items are not unsigned bytes");
	put("\0\0\10\2\0\0\0\1\0\0\0\1", 12);
	refused("a matrix", "has neither 1 nor 3 dimensions");
	put("\0\0\10\3\0\0\0\1\0\0\0\0\0\0\0\2", 16);
	refused("no rows", "has an empty dimension");
	put("\0\0\10\3\377\377\377\377\0\1\0\0\0\1\0\0", 16);
	refused("2^64 bytes", "has absurd dimensions");
	put("\0\0\10\3\0\0\0\1\0\1\0\0\0\1\0\0", 16);
	refused("an image of 2^32 bytes",
	    sizeof(size_t) > 4 ? "truncated" : "has absurd dimensions");
	put("\0\0\10\3\0\0\0\1\377\377\377\377\0\0\0\1", 16);
	refused("2^32 rows", "has absurd dimensions");
	put("\0\0\10\3\0\0\0\1", 8);
	refused("half a header", "truncated");
}

static void
check_items(void)
{
	unsigned char longer[sizeof images + 1] = {0};
	unsigned char z[256];
	size_t n;
	FILE *f;

	memcpy(longer, images, sizeof images);
	put(images, sizeof images - 1);
	refused("a byte less", "truncated");
	put(longer, sizeof longer);
	refused("a byte more", "has trailing bytes");
	put("\0\0\10\1\77\377\377\377abc", 11);
	refused("a promise of 1 GB", "truncated");
	put_gz(images, sizeof images);
	f = fopen(path, "rb");
	n = fread(z, 1, sizeof z, f);
	fclose(f);
	put(z, n / 2);
	refused("gzip, cut", "truncated");
	z[n - 8] ^= 1;
	put(z, n);
	refused("gzip, another checksum", "damaged gzip data");
}

int
main(void)
{
	struct idx x;

	close(mkstemp(path));
	check_read();
	check_headers();
	check_items();
	unlink(path);
	refused("no file", "No such file or directory");
	ok(idx_load(&x, "/tmp") != NULL, "a directory");
	ok(!idx_is("/tmp"), "is not IDX");
	return done_testing();
}
