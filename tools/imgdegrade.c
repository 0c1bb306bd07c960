/*
 * imgdegrade - write images as a failing camera would see them. The work is
 * in degrade.c; where images come from is in source.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "image/corrupt.h"
#include "image/damage.h"
#include "decoder/picture.h"
#include "image/degrade.h"
#include "tool/err.h"
#include "image/image.h"
#include "json/name.h"
#include "tool/args.h"
#include "tool/out.h"
#include "tool/rec.h"
#include "stats/rng.h"
#include "input/source.h"

static struct {
	const char *out, *prefix, *labels;
	struct opt_list corrupt;
	int list, families, constants, no_sandbox;
	long long skip, count, seed, max_pixels;
	struct degrade how;
} opt = {
    .prefix = "",
    .count = -1,
    .max_pixels = 100000000,
    .how = {.contrast = 1},
};

static const struct opt options[] = {
    {'o', "out", OPT_PATH, &opt.out, "DIR",
	"directory to write to; made if it does not exist", 0, 0},
    {0, "prefix", OPT_STRING, &opt.prefix, "TEXT",
	"what the files' names begin with, before the number", 0, 0},
    {0, "skip", OPT_INT, &opt.skip, "N", "leave out the first N images", 0,
	1e15},
    {0, "count", OPT_INT, &opt.count, "N", "write at most N images; -1: all",
	-1, 1e15},
    {0, "blur", OPT_REAL, &opt.how.blur, "SIGMA", "Gaussian blur, in pixels", 0,
	100},
    {0, "contrast", OPT_REAL, &opt.how.contrast, "FACTOR",
	"scale the distance from the image's mean", 0, 100},
    {0, "brightness", OPT_REAL, &opt.how.brightness, "OFFSET",
	"add to each sample, of 0 to 255", -255, 255},
    {0, "noise", OPT_REAL, &opt.how.noise, "SD",
	"add normal noise to each sample", 0, 255},
    {0, "corrupt", OPT_LIST, &opt.corrupt, "FAMILY:SEVERITY",
	"write an image so damaged, repeatable; all:SEVERITY, FAMILY:all", 0,
	0},
    {0, "constants", OPT_CHOICE, &opt.constants, "imagenet|cifar",
	"corrupt: whose severities, cifar's are the milder", 0, 0},
    {0, "families", OPT_FLAG, &opt.families, NULL,
	"list what --corrupt knows, and exit", 0, 0},
    {0, "seed", OPT_INT, &opt.seed, "N", "of all that is random", 0, 9e15},
    {0, "list", OPT_FLAG, &opt.list, NULL, "write a record for each image", 0,
	0},
    {0, "labels", OPT_PATH, &opt.labels, "FILE",
	"IDX file with the classes of an IDX file; implies --list", 0, 0},
    {0, "max-pixels", OPT_INT, &opt.max_pixels, "N",
	"refuse images with more pixels", 1, 1e9},
    {0, "no-sandbox", OPT_FLAG, &opt.no_sandbox, NULL,
	"let the decoder do what the tool may do", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* What --corrupt asks for. */
static struct damage *damage;
static size_t damages;

static struct picture decoder;

/* Images seen, written, and not readable. */
static unsigned long long seen, written, failed;

static void
parse_options(int *argc, char ***argv)
{
	struct tool tool = {
	    .name = "imgdegrade",
	    .usage = "[options] -o DIR FILE...",
	    .about = "write images as a failing camera would see them",
	    .tables = {options},
	};
	int first = args_parse(&tool, *argc, *argv);

	*argc -= first;
	*argv += first;
	if (opt.families) {
		damage_list(opt.constants);
		out_close();
		exit(EXIT_SUCCESS);
	}
	damages = damage_parse(&damage, &opt.corrupt);
	opt_refuse(damages == 0, "constants", "needs --corrupt");
	if (opt.out == NULL)
		err_die("no directory to write to: give -o DIR");
	if (strchr(opt.prefix, '/') != NULL)
		err_die("'--prefix': has a slash: '%s'", opt.prefix);
	if (*argc == 0)
		err_die("no images: name image files or IDX files");
	if (opt.labels != NULL)
		opt.list = 1;
}

static int
enough(void)
{
	return opt.count >= 0 &&
	       written + failed >= (unsigned long long)opt.count;
}

/* d is NULL for an image that has no directory of its own. */
static char *
path_of(const struct damage *d, unsigned long long number)
{
	char *path;
	int n;

	if (d == NULL)
		n = asprintf(
		    &path, "%s/%s%06llu.png", opt.out, opt.prefix, number);
	else
		n = asprintf(&path, "%s/%s-%d/%s%06llu.png", opt.out,
		    corrupt_families[d->family].name, d->severity, opt.prefix,
		    number);
	if (n < 0)
		err_memory();
	return path;
}

/* The class by the file of labels, or by the record that named the image. */
static void
put_truth(struct buf *b, const struct source_item *item)
{
	const struct json_span *given = &item->field[SOURCE_TRUTH];

	if (item->truth >= 0) {
		buf_key_int(b, "truth", item->truth);
	} else if (item->line.len > 0 && given->type == JSON_NUMBER) {
		buf_key(b, "truth");
		buf_put(b, given->p, given->len);
	}
}

static void
list(const struct damage *d, const char *path, const struct source_item *item)
{
	struct buf b = {0};

	if (!opt.list)
		return;
	buf_str(&b, "{");
	name_put(&b, path, strlen(path));
	put_truth(&b, item);
	if (d != NULL) {
		buf_key_str(&b, "corruption", corrupt_families[d->family].name);
		buf_key_int(&b, "severity", d->severity);
	}
	buf_str(&b, "}");
	out_line(&b);
	buf_free(&b);
}

/* What was listed before is true, and is said before the trouble. */
_Noreturn static void
stop_at(const char *path)
{
	int saved = errno;

	out_flush();
	errno = saved;
	err_die("%s: %m", path);
}

static void
write_image(const struct damage *d, const struct image *im,
    const struct source_item *item, unsigned long long number)
{
	char *path = path_of(d, number);

	if (image_write_png(im, path) < 0)
		stop_at(path);
	list(d, path, item);
	free(path);
}

/* A copy so damaged. Neither the other damages nor --skip change its numbers. */
static void
write_damaged(const struct damage *d, const struct image *im,
    const struct source_item *item, unsigned long long number)
{
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;
	unsigned long long kind = d->family * CORRUPT_SEVERITIES +
				  (unsigned)d->severity;
	struct image copy = *im;
	struct rng image, camera;

	copy.pixels = err_malloc(n);
	memcpy(copy.pixels, im->pixels, n);
	rng_seed(&image, (unsigned long long)opt.seed + (kind << 54), number);
	rng_seed(&camera, (unsigned long long)opt.seed + (kind << 54), ~0ULL);
	if (corrupt(&copy, d->family, (enum corrupt_set)opt.constants,
		d->severity, &image, &camera) < 0)
		err_die("%s: out of memory", item->name.p);
	write_image(d, &copy, item, number);
	image_free(&copy);
}

/* Returns 0, or -1 with *e. */
static int
read_image(struct source_item *item, struct image *im, struct image_error *e)
{
	source_item_file(item);
	switch (item->kind) {
	case SOURCE_FILE:
		return picture_decode(&decoder, item->fd, item->size, im, e);
	case SOURCE_PIXELS:
		source_item_pixels(item, im);
		return 0;
	default:
		*e = item->error;
		return -1;
	}
}

/* One image, changed and written under its number in the whole input. */
static void
convert(struct source_item *item, unsigned long long number)
{
	struct image im;
	struct image_error e;
	struct rng rng;

	if (read_image(item, &im, &e) < 0) {
		err_warn("%s: %s", item->name.p, e.reason);
		failed++;
		return;
	}
	/* A stream of its own: the noise does not depend on --skip. */
	rng_seed(&rng, (unsigned long long)opt.seed, number);
	if (degrade(&im, &opt.how, &rng) < 0)
		err_die("%s: out of memory", item->name.p);
	if (damages == 0)
		write_image(NULL, &im, item, number);
	for (size_t i = 0; i < damages; i++)
		write_damaged(&damage[i], &im, item, number);
	written++;
	image_free(&im);
}

static void
convert_all(struct source *s)
{
	struct source_item item = {0};

	for (; !enough() && source_next(s, &item); seen++) {
		if (seen >= (unsigned long long)opt.skip)
			convert(&item, seen);
		err_progress("images", seen + 1, s->total, NULL);
	}
	source_item_free(&item);
}

static void
make_directory(const char *path)
{
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		err_die("%s: %m", path);
}

static void
make_directories(void)
{
	make_directory(opt.out);
	for (size_t i = 0; i < damages; i++) {
		char *path = path_of(&damage[i], 0);

		*strrchr(path, '/') = '\0';
		make_directory(path);
		free(path);
	}
}

int
main(int argc, char **argv)
{
	struct source source;

	parse_options(&argc, &argv);
	make_directories();
	source_open(&source, &(struct source_setup){.names = argv,
				 .count = argc,
				 .labels = opt.labels,
				 .max_pixels = (size_t)opt.max_pixels});
	if (opt.no_sandbox)
		err_warn("images are decoded without a sandbox");
	picture_open(&decoder, (size_t)opt.max_pixels, opt.no_sandbox);
	convert_all(&source);
	picture_close(&decoder);
	err_progress_end();
	out_close();
	if (source.trouble != NULL)
		err_die("%s", source.trouble);
	if (rec_stopped())
		err_die("stopped by a signal");
	source_close(&source);
	if (failed > 0)
		err_die("%llu of %llu images could not be read", failed,
		    failed + written);
	return EXIT_SUCCESS;
}
