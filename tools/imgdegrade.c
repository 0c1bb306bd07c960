/*
 * imgdegrade - write images as a failing camera would see them. The work is
 * in degrade.c; where images come from is in source.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "buf.h"
#include "degrade.h"
#include "err.h"
#include "exif.h"
#include "image.h"
#include "name.h"
#include "opt.h"
#include "out.h"
#include "pixels.h"
#include "rec.h"
#include "rng.h"
#include "source.h"

static struct {
	const char *out, *prefix, *labels;
	int list;
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
    {0, "seed", OPT_INT, &opt.seed, "N", "of the noise", 0, 9e15},
    {0, "list", OPT_FLAG, &opt.list, NULL, "write a record for each image", 0,
	0},
    {0, "labels", OPT_PATH, &opt.labels, "FILE",
	"IDX file with the classes of an IDX file; implies --list", 0, 0},
    {0, "max-pixels", OPT_INT, &opt.max_pixels, "N",
	"refuse images with more pixels", 1, 1e9},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

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
	int first = opt_parse(&tool, *argc, *argv);

	*argc -= first;
	*argv += first;
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

static char *
path_of(unsigned long long number)
{
	char *path;

	if (asprintf(&path, "%s/%s%06llu.png", opt.out, opt.prefix, number) < 0)
		err_die("out of memory");
	return path;
}

static void
list(const char *path, int truth)
{
	struct buf b = {0};

	if (!opt.list)
		return;
	buf_str(&b, "{");
	name_put(&b, path, strlen(path));
	if (truth >= 0)
		buf_key_int(&b, "truth", truth);
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

/* One image, changed and written under its number in the whole input. */
static void
convert(const struct source_item *item, unsigned long long number)
{
	struct image im;
	struct image_error e;
	struct rng rng;
	char *path;

	if (source_image(item, (size_t)opt.max_pixels, &im, &e) < 0) {
		err_warn("%s: %s", item->name.p, e.reason);
		failed++;
		return;
	}
	/* What is written has 8 bits and no EXIF. */
	pixels_narrow(&im);
	if (exif_upright(&im) < 0)
		err_die("%s: out of memory", item->name.p);
	/* A stream of its own: the noise does not depend on --skip. */
	rng_seed(&rng, (unsigned long long)opt.seed, number);
	if (degrade(&im, &opt.how, &rng) < 0)
		err_die("%s: out of memory", item->name.p);
	path = path_of(number);
	if (image_write_png(&im, path) < 0)
		stop_at(path);
	list(path, item->truth);
	written++;
	free(path);
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

int
main(int argc, char **argv)
{
	struct source source;

	parse_options(&argc, &argv);
	if (mkdir(opt.out, 0777) < 0 && errno != EEXIST)
		err_die("%s: %m", opt.out);
	source_open(&source, &(struct source_setup){.names = argv,
				 .count = argc,
				 .labels = opt.labels,
				 .max_pixels = (size_t)opt.max_pixels});
	convert_all(&source);
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
