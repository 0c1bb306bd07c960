#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tool/err.h"
#include "image/prepopt.h"

static struct {
	int preset, fit, filter, order, no_exif, fast;
	struct opt_list crop, mean, scale;
} opt;

/* What the presets stand for; 1 / scale is the deviation. */
static const struct prep presets[] = {
    {.crop = 1, .scale = {1, 1, 1}},
    {.filter = PREP_TRIANGLE,
	.crop = .875F,
	.mean = {.485F, .456F, .406F},
	.scale = {1 / .229F, 1 / .224F, 1 / .225F}},
    {.filter = PREP_TRIANGLE,
	.crop = .875F,
	.mean = {.5F, .5F, .5F},
	.scale = {2, 2, 2}},
    {.filter = PREP_TRIANGLE, .crop = 1, .scale = {1, 1, 1}},
};

const struct opt prepopt_table[] = {
    {0, "preset", OPT_CHOICE, &opt.preset, "darknet|imagenet|inception|unit",
	"how images were prepared in training, as a whole", 0, 0},
    {0, "fit", OPT_CHOICE, &opt.fit, "crop|letterbox|stretch",
	"how an image gets the network's proportions", 0, 0},
    {0, "crop", OPT_LIST, &opt.crop, "SHARE",
	"of the sides of the part that crop takes", 0, 0},
    {0, "filter", OPT_CHOICE, &opt.filter, "darknet|smooth|triangle",
	"how an image is made smaller or larger", 0, 0},
    {0, "mean", OPT_LIST, &opt.mean, "R,G,B",
	"subtracted from samples of 0 to 1, one for all or each", 0, 0},
    {0, "scale", OPT_LIST, &opt.scale, "R,G,B", "and what they then are times",
	0, 0},
    {0, "order", OPT_CHOICE, &opt.order, "rgb|bgr",
	"order of the network's channels", 0, 0},
    {0, "no-exif", OPT_FLAG, &opt.no_exif, NULL,
	"take images as they lie, not as EXIF says", 0, 0},
    {0, "fast-decode", OPT_FLAG, &opt.fast, NULL,
	"decode large JPEG images to a smaller size at once", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

enum { COLOURS = 3 };

/* Reads the numbers of a list, and between the commas of its items. */
static size_t
numbers(const char *name, const struct opt_list *list, float v[COLOURS])
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const char *p = list->item[i];
		char *end;

		for (;; p = end + 1) {
			double x = strtod(p, &end);

			if (end == p || (*end != ',' && *end != '\0') ||
			    !(fabs(x) <= 1e6))
				err_die("'--%s': not numbers with commas "
					"between them: '%s'",
				    name, list->item[i]);
			if (n == COLOURS)
				err_die("'--%s': more than %d numbers", name,
				    COLOURS);
			v[n++] = (float)x;
			if (*end == '\0')
				break;
		}
	}
	return n;
}

/* One number stands for all colours; without one v stays. */
static void
spread(const char *name, const struct opt_list *list, int channels, float *v)
{
	float given[COLOURS];
	size_t n = numbers(name, list, given);

	memcpy(v, given, n * sizeof *v);
	if (n > 1 && n != (size_t)channels)
		err_die("'--%s': %zu numbers for a network of %d channel%s",
		    name, n, channels, channels == 1 ? "" : "s");
	for (size_t i = 1; n == 1 && i < COLOURS; i++)
		v[i] = v[0];
}

static float
share(void)
{
	float v[COLOURS];

	if (numbers("crop", &opt.crop, v) != 1 || v[0] < .01F || v[0] > 1)
		err_die("'--crop': not a number of 0.01 to 1");
	return v[0];
}

int
prepopt_told(void)
{
	return opt_given("preset") || opt_given("mean") || opt_given("scale");
}

struct prep
prepopt_prep(int channels)
{
	struct prep p = presets[opt.preset];

	p.fit = (enum prep_fit)opt.fit;
	if (opt_given("filter"))
		p.filter = (enum prep_filter)opt.filter;
	if (opt.crop.n > 0)
		p.crop = share();
	if (p.fit != PREP_CROP)
		p.crop = 1;
	p.bgr = opt.order;
	p.no_exif = opt.no_exif;
	p.fast = opt.fast;
	spread("mean", &opt.mean, channels, p.mean);
	spread("scale", &opt.scale, channels, p.scale);
	for (int i = 0; i < COLOURS; i++)
		if (p.scale[i] == 0)
			err_die("'--scale': 0 leaves nothing of an image");
	return p;
}
