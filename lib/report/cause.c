#include <math.h>

#include "report/cause.h"

/* 1: it moved up, -1: down, 0: it did not, or there is none. */
static int
move_of(const struct findings *f, const struct reading *r, const char *key)
{
	const struct findings_field *x = findings_field(f, r, key);

	if (x == NULL || !x->moved)
		return 0;
	return x->after > x->before || (x->after == x->before && x->shift > 0)
		   ? 1
		   : -1;
}

static int
is_measured(const struct findings *f, const struct reading *r)
{
	const struct findings_field *x = findings_field(f, r, "sharpness");

	return x != NULL && !isnan(x->distance.low);
}

/* What a camera does to its pictures. */
static const char *
camera_cause(int sharpness, int contrast, int brightness)
{
	if (sharpness < 0 && contrast < 0 && brightness == 0)
		return "Less sharp and flatter at the same brightness: out of "
		       "focus, haze, or something on the lens?";
	if (sharpness < 0 && brightness == 0)
		return "Less sharp at the same brightness: out of focus, "
		       "motion, or heavier compression?";
	if (brightness < 0)
		return "Darker: is the light off, the exposure too short, or "
		       "the lens covered?";
	if (brightness > 0)
		return "Brighter: glare, another light, or too long an "
		       "exposure?";
	if (contrast < 0)
		return "Flatter: haze, fog, or something on the lens?";
	if (sharpness > 0)
		return "More detail from pixel to pixel: noise of a dark "
		       "scene or a failing sensor, or sharpening?";
	if (contrast > 0)
		return "More contrast: harder light, or another setting of "
		       "the camera?";
	return NULL;
}

const char *
cause(const struct findings *f, const struct reading *r)
{
	const char *camera = camera_cause(move_of(f, r, "sharpness"),
	    move_of(f, r, "contrast"), move_of(f, r, "brightness"));
	int unsure = move_of(f, r, "entropy") > 0 || move_of(f, r, "prob") < 0;
	int measured = is_measured(f, r), mix = f->mix > 0.15;

	if (move_of(f, r, "width") != 0 || move_of(f, r, "height") != 0)
		return "The images have another size: another camera, or a "
		       "step before this one resizes them?";
	if (camera != NULL)
		return camera;
	if (mix && !unsure)
		return measured ? "The pictures measure as before, but other "
				  "classes come: another mix of subjects?"
				: "Other classes come than before: another "
				  "mix of subjects?";
	if (unsure)
		return measured ? "The pictures measure as before, but the "
				  "model is less sure: subjects that it does "
				  "not know?"
				: "The model is less sure than before; the "
				  "records have no pixel statistics that "
				  "would say why.";
	if (f->fields > 0 && f->field[0].moved)
		return measured ? "What the network sees has changed, the "
				  "pixel statistics have not."
				: "What the network sees has changed; the "
				  "records have no pixel statistics that "
				  "would say why.";
	return "";
}
