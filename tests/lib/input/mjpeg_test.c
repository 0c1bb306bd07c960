/* mjpeg: what comes out, whole and in pieces, and where it goes on. */
#include <string.h>

#include "tap.h"
#include "input/mjpeg.h"

enum { LARGEST = 100 };

/* A head with a table; scans of coded data. */
#define HEAD        "\xff\xd8\xff\xe0\0\4ab\xff\xdb\0\5\xff\xd8\xff"
#define SCAN        "\xff\xda\0\3x"
#define IMAGE(text) HEAD SCAN text "\xff\xd9"

/* What comes out in pieces of that size, as "number=length," or "number!why,". */
static const char *
split(const char *data, size_t len, size_t piece)
{
	static char text[1024];
	char *p = text;
	struct mjpeg m;
	int more;

	*text = '\0';
	mjpeg_init(&m, LARGEST);
	do {
		size_t n = len < piece ? len : piece;

		more = n > 0;
		if (more)
			mjpeg_put(&m, data, n);
		data += n;
		len -= n;
		while (more ? mjpeg_next(&m) : mjpeg_end(&m)) {
			if (m.reason != NULL)
				p += sprintf(p, "%llu!%s,", m.number, m.reason);
			else
				p += sprintf(
				    p, "%llu=%zu,", m.number, m.data.len);
			if (!more)
				break;
		}
	} while (more);
	mjpeg_free(&m);
	return text;
}

static void
gives(const char *name, const char *data, size_t len, const char *want)
{
	static const size_t piece[] = {1 << 16, 7, 1};

	for (size_t i = 0; i < 3; i++) {
		const char *got = split(data, len, piece[i]);

		if (!ok(strcmp(got, want) == 0, "%s, %zu at a time", name,
			piece[i]))
			printf("# got '%s', wanted '%s'\n", got, want);
	}
}

#define GIVES(name, data, want) gives(name, data, sizeof(data) - 1, want)
#define BAD                     "0!damaged: no JPEG marker,"
#define CUT                     "0!truncated: another image begins in it,"
#define STRAY                   "!not a JPEG image,"

static void
check_whole(void)
{
	GIVES("nothing", "", "");
	GIVES("an image", IMAGE("abc"), "0=25,");
	GIVES("several", IMAGE("a") IMAGE("bc") IMAGE(""), "0=23,1=24,2=22,");
	GIVES("zeros that are stuffed, restarts, fill",
	    IMAGE("a\xff\0b\xff\xd0"
		  "c\xff\xff\xd7\xff\xff"),
	    "0=34,");
	GIVES("several scans, a table between",
	    IMAGE("a\xff\xc4\0\5\xff\xd9\xff" SCAN "b"), "0=36,");
	GIVES("D8 in the coded data, but no image",
	    IMAGE("a\xff\xd8"
		  "b"),
	    "0=26,");
	GIVES("parts of a multipart body",
	    "--b\r\nContent-Type: image/jpeg\r\n\r\n" IMAGE("a") "\r\n--b\r\n"
								 "\r\n" IMAGE(
								     "b"),
	    "0=23,1=23,");
	GIVES("padding", IMAGE("a") "\0\xff\xff" IMAGE("b") "\xff\0",
	    "0=23,1=23,");
}

static void
check_damage(void)
{
	GIVES("the end", HEAD SCAN "abc", "0!truncated,");
	GIVES("the end in the head", HEAD, "0!truncated,");
	GIVES("another in the coded data", HEAD SCAN "abc" IMAGE("a"),
	    CUT "1=23,");
	GIVES("another in the head", HEAD IMAGE("a"), CUT "1=23,");
	GIVES("no marker", "\xff\xd8\xff\xdb\0\3yx" SCAN "ab" IMAGE("a"),
	    BAD "1=23,");
	GIVES("a marker that is none", HEAD SCAN "a\xff\1b\xff\xd9" IMAGE("a"),
	    BAD "1=23,");
	GIVES("a length of nothing", "\xff\xd8\xff\xe0\0\1" IMAGE("a"),
	    BAD "1=23,");
	GIVES("a length over other images",
	    "\xff\xd8\xff\xe0\0\x30" IMAGE("a") IMAGE("bb") IMAGE("c"),
	    BAD "1=23,2=24,3=23,");
	GIVES("a small image in the head of one",
	    "\xff\xd8\xff\xe1\0\x19" IMAGE("a") "x" IMAGE("bb"), BAD "1=24,");
	GIVES("what is no image", IMAGE("a") "x\1y" IMAGE("bb"),
	    "0=23,1" STRAY "2=24,");
	GIVES("and before, and at the end", "\1" IMAGE("a") "\xff\xd8",
	    "0" STRAY "1=23,2" STRAY);
	GIVES("text alone", "photos/1.jpg\n", "0" STRAY);
}

static void
check_limits(void)
{
	static char text[8000];
	static const char image[] = IMAGE("a"), end[] = "\xff\xd9" IMAGE("a");
	size_t n = sizeof(image) - 1, m = sizeof(end) - 1;

	memset(text, 'a', sizeof(text));
	memcpy(text, image, n - 2);
	memcpy(text + LARGEST - 2, end, m);
	gives("the largest", text, LARGEST - 2 + m, "0=100,1=23,");
	memcpy(text + LARGEST - 2, "a", 1);
	memcpy(text + LARGEST - 1, end, m);
	gives("one byte more", text, LARGEST - 1 + m, "0!file too large,1=23,");
	memset(text, ' ', sizeof(text));
	memcpy(text + 4096, image, n);
	gives("the most text", text, 4096 + n, "0=23,");
	memset(text, ' ', sizeof(text));
	memcpy(text + 4097, image, n);
	gives("and more", text, 4097 + n, "0" STRAY "1=23,");
	memset(text, 0, sizeof(text));
	gives("zeros", text, sizeof(text), "0" STRAY);
}

int
main(void)
{
	check_whole();
	check_damage();
	check_limits();
	return done_testing();
}
