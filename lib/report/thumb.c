#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/path.h"
#include "image/decode.h"
#include "image/exif.h"
#include "image/pixels.h"
#include "journal/exemplarfile.h"
#include "report/thumb.h"

enum {
	MOST_PIXELS = 50000000,
	BYTES_EACH = 20, /* that decoding and turning a pixel take */
	BASE_BYTES = 64 << 20,
	SECONDS = 5,
	QUALITY = 92
};

struct result {
	int width, height, channels; /* width 0: it failed */
	char why[104];
	unsigned char pixels[THUMB_SIDE * THUMB_SIDE * 3];
};

/* The mean of the pixels that one of the small image covers. */
static unsigned char
mean_of(const struct image *im, const struct result *r, int x, int y, int c)
{
	long x0 = (long)x * im->width / r->width;
	long x1 = (long)(x + 1) * im->width / r->width;
	long y0 = (long)y * im->height / r->height;
	long y1 = (long)(y + 1) * im->height / r->height;
	long sum = 0;

	for (long i = y0; i < y1; i++)
		for (long k = x0; k < x1; k++)
			sum +=
			    im->pixels[(i * im->width + k) * im->channels + c];
	return (unsigned char)(sum / ((y1 - y0) * (x1 - x0)));
}

static int
side_of(int side, int longest)
{
	int small = longest <= THUMB_SIDE
			? side
			: (int)((long)side * THUMB_SIDE / longest);

	return small > 0 ? small : 1;
}

/* In the decoder process. */
static void
make_small(const void *ctx, int fd, size_t len, void *result)
{
	struct result *r = result;
	struct image_error e = {"decode", "out of memory"};
	struct image im = {0};
	unsigned char *to = r->pixels;
	int longest;

	(void)ctx;
	r->width = 0;
	if (decode_fd(&im, fd, len, MOST_PIXELS, &e) < 0 ||
	    exif_upright(&im) < 0) {
		memset(r->why, 0, sizeof(r->why));
		strncpy(r->why, e.reason, sizeof(r->why) - 1);
		image_free(&im);
		return;
	}
	pixels_narrow(&im);
	longest = im.width > im.height ? im.width : im.height;
	r->channels = im.channels;
	r->height = side_of(im.height, longest);
	r->width = side_of(im.width, longest);
	for (int y = 0; y < r->height; y++)
		for (int x = 0; x < r->width; x++)
			for (int c = 0; c < im.channels; c++)
				*to++ = mean_of(&im, r, x, y, c);
	image_free(&im);
}

static void
open_pool(struct thumb *t)
{
	static const struct protocol_plan plan = {.work = make_small,
	    .size = sizeof(struct result),
	    .depth = 1,
	    .memory = BASE_BYTES + (size_t)BYTES_EACH * MOST_PIXELS,
	    .seconds = SECONDS};

	if (!t->open)
		pool_open(&t->pool, 1, &plan);
	t->open = 1;
}

static const char *
put_url(struct thumb *t, const struct image *im)
{
	t->jpeg.len = t->url.len = 0;
	if (image_jpeg(im, QUALITY, &t->jpeg) < 0)
		return NULL;
	buf_str(&t->url, "data:image/jpeg;base64,");
	base64_put(&t->url, t->jpeg.p, t->jpeg.len);
	buf_put(&t->url, "", 1);
	return t->url.failed ? NULL : t->url.p;
}

/* What the process left is not believed: the sizes are held to their range. */
static const char *
encode(struct thumb *t, const struct result *shared, const char **why)
{
	static struct result r;
	struct image im;

	memcpy(&r, shared, sizeof(r));
	r.why[sizeof(r.why) - 1] = '\0';
	*why = r.why[0] != '\0' ? r.why : "damaged";
	if (r.width < 1 || r.width > THUMB_SIDE || r.height < 1 ||
	    r.height > THUMB_SIDE || (r.channels != 1 && r.channels != 3))
		return NULL;
	im = (struct image){.width = r.width,
	    .height = r.height,
	    .channels = r.channels,
	    .pixels = r.pixels};
	return put_url(t, &im);
}

/* Loads an IDX file, unless it is the one that is there. Returns 0, or -1. */
static int
load_idx(struct thumb *t, const char *path, size_t len)
{
	if (t->idx_name != NULL && strlen(t->idx_name) == len &&
	    memcmp(t->idx_name, path, len) == 0)
		return t->idx.data != NULL ? 0 : -1;
	if (t->idx.data != NULL)
		idx_free(&t->idx);
	memset(&t->idx, 0, sizeof(t->idx));
	free(t->idx_name);
	t->idx_name = strndup(path, len);
	if (t->idx_name == NULL || !idx_is(t->idx_name))
		return -1;
	return idx_load(&t->idx, t->idx_name) == NULL ? 0 : -1;
}

/* An item of an IDX file: bytes that need no decoding. */
static const char *
idx_url(struct thumb *t, const char *path)
{
	const char *sharp = strrchr(path, '#');
	size_t size, i;
	struct image im;

	if (sharp == NULL || sharp[1] == '\0' ||
	    sharp[1 + strspn(sharp + 1, "0123456789")] != '\0' ||
	    load_idx(t, path, (size_t)(sharp - path)) < 0)
		return NULL;
	size = t->idx.rows * t->idx.cols;
	i = strtoul(sharp + 1, NULL, 10);
	if (i >= t->idx.count || t->idx.rows > THUMB_SIDE || t->idx.rows == 0 ||
	    t->idx.cols > THUMB_SIDE || t->idx.cols == 0)
		return NULL;
	im = (struct image){.width = (int)t->idx.cols,
	    .height = (int)t->idx.rows,
	    .channels = 1,
	    .pixels = t->idx.data + i * size};
	return put_url(t, &im);
}

void
thumb_journal(struct thumb *t, const char *dir)
{
	exemplarfile_list(dir, &t->kept, &t->n_kept);
}

static int
open_image(const char *path)
{
	return path != NULL
		   ? open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
		   : -1;
}

const char *
thumb_url(struct thumb *t, const char *name, const char **why)
{
	const void *result;
	const char *url = NULL, *path = name;
	struct stat st;
	int fd;

	if (t->directory != NULL && name[0] != '/')
		path = path_join(&t->path, t->directory, name);
	fd = open_image(path);
	if (fd < 0)
		fd = open_image(exemplarfile_find(t->kept, t->n_kept, name));
	*why = "not there any more";
	if (fd < 0)
		return path != NULL ? idx_url(t, path) : NULL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 ||
	    (size_t)st.st_size > decode_largest(MOST_PIXELS)) {
		*why = "no image";
	} else {
		open_pool(t);
		pool_put(&t->pool, fd, (size_t)st.st_size);
		pool_await(&t->pool, 1);
		result = pool_take(&t->pool, why);
		if (result != NULL)
			url = encode(t, result, why);
	}
	close(fd);
	return url;
}

void
thumb_close(struct thumb *t)
{
	if (t->open)
		pool_close(&t->pool);
	if (t->idx.data != NULL)
		idx_free(&t->idx);
	free(t->idx_name);
	for (size_t i = 0; i < t->n_kept; i++)
		free(t->kept[i]);
	free(t->kept);
	buf_free(&t->path);
	buf_free(&t->jpeg);
	buf_free(&t->url);
}
