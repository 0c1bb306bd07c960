#include <math.h>
#include <stdlib.h>

#include "err.h"
#include "prepopt.h"

static struct {
	int fit, filter, order, no_exif;
	struct opt_list mean, scale;
} opt;

const struct opt prepopt_table[] = {
    {0, "fit", OPT_CHOICE, &opt.fit, "stretch|crop|letterbox",
	"how an image gets the network's proportions", 0, 0},
    {0, "filter", OPT_CHOICE, &opt.filter, "smooth|darknet",
	"how an image is made smaller or larger", 0, 0},
    {0, "mean", OPT_LIST, &opt.mean, "R,G,B",
	"subtracted from samples of 0 to 1, one for all or each", 0, 0},
    {0, "scale", OPT_LIST, &opt.scale, "R,G,B", "and what they then are times",
	0, 0},
    {0, "order", OPT_CHOICE, &opt.order, "rgb|bgr",
	"order of the network's channels", 0, 0},
    {0, "no-exif", OPT_FLAG, &opt.no_exif, NULL,
	"take images as they lie, not as EXIF says", 0, 0},
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

/* One number stands for all colours. */
static void
spread(const char *name, const struct opt_list *list, int channels, float *v)
{
	size_t n = numbers(name, list, v);

	if (n > 1 && n != (size_t)channels)
		err_die("'--%s': %zu numbers for a network of %d channel%s",
		    name, n, channels, channels == 1 ? "" : "s");
	for (size_t i = 1; n == 1 && i < COLOURS; i++)
		v[i] = v[0];
}

struct prep
prepopt_prep(int channels)
{
	struct prep p = prep_plain;

	p.fit = (enum prep_fit)opt.fit;
	p.filter = (enum prep_filter)opt.filter;
	p.bgr = opt.order;
	p.no_exif = opt.no_exif;
	spread("mean", &opt.mean, channels, p.mean);
	spread("scale", &opt.scale, channels, p.scale);
	for (int i = 0; i < COLOURS; i++)
		if (p.scale[i] == 0)
			err_die("'--scale': 0 leaves nothing of an image");
	return p;
}
