#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/pageimages.h"
#include "report/words.h"

static void
put_image(struct sheet *p, const struct portrait *x)
{
	const char *source = NULL, *why = "not shown";
	char about[256];

	if (p->setup->thumb != NULL && p->doc.format == DOC_HTML &&
	    p->doc.out->len < SHEET_FULL)
		source = thumb_url(p->setup->thumb, x->name, &why);
	if (x->class >= 0)
		reading_class(p->reading, (size_t)x->class, &p->text);
	else
		buf_str(&p->text, "no class");
	if (!isnan(x->prob)) {
		buf_str(&p->text, ", ");
		words_percent(&p->text, x->prob);
	}
	if (x->record > 0) {
		buf_str(&p->text, ", record ");
		words_count(&p->text, x->record);
	}
	snprintf(about, sizeof(about), "%s", words_end(&p->text));
	doc_image(&p->doc, source, why, x->name, about);
}

/* A row of those that have names; whether there was one. */
static int
put_row(struct sheet *p, const char *title, const struct portrait *x, size_t n)
{
	int any = 0;

	for (size_t i = 0; i < n; i++) {
		if (x[i].name[0] == '\0')
			continue;
		if (!any)
			doc_images(&p->doc, title);
		any = 1;
		put_image(p, &x[i]);
	}
	if (any)
		doc_images_end(&p->doc);
	return any;
}

void
pageimages(struct sheet *p)
{
	const struct subject *s = p->subject;
	const struct usual *file = s->file;
	int any = 0;

	if (p->doc.format == DOC_TEXT)
		return;
	doc_section(&p->doc, "Pictures");
	any |= file != NULL && put_row(p, "Typical of the reference",
				   file->typical, USUAL_TYPICAL);
	if (!any)
		any = put_row(p, "Typical of the first records", s->own.typical,
		    USUAL_TYPICAL);
	if (p->findings.episode != NULL)
		any |= put_row(p,
		    p->findings.episode->estimated
			? "The first after the estimated change"
			: "The first of the alarm",
		    s->after, s->afters);
	any |= put_row(p, "Furthest from the reference, of what is now",
	    p->findings.now.furthest, BUCKETS_PORTRAITS);
	if (!any)
		doc_say(&p->doc, "The records name no images.");
}
