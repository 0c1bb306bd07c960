#include <math.h>
#include <stdlib.h>

#include "report/pagequality.h"
#include "report/words.h"

enum { SHOWN = 12 };

struct quality {
	size_t class;
	struct bucket_quality before, now;
};

static double
share(uint32_t part, uint32_t whole)
{
	return whole > 0 ? part / (double)whole : NAN;
}

static double
recall(const struct bucket_quality *q)
{
	return share(q->right, q->truth);
}

static double
precision(const struct bucket_quality *q)
{
	return share(q->right, q->answers);
}

/* What a class lost; where nothing was before, what it lacks. */
static double
loss(const struct quality *q)
{
	double now = recall(&q->now), before = recall(&q->before);

	return isnan(now) ? -1 : (isnan(before) ? 1 : before) - now;
}

static int
compare(const void *a, const void *b)
{
	const struct quality *x = a, *y = b;
	double p = loss(x), q = loss(y);

	if (p != q)
		return p < q ? 1 : -1;
	return (x->class > y->class) - (x->class < y->class);
}

/* The classes that there are now, those that lost most first; how many. */
static size_t
list(const struct findings *f, struct quality *to)
{
	size_t n = 0;

	for (size_t i = 0; i < f->now.qualities; i++) {
		struct quality q = {i, {0, 0, 0}, f->now.quality[i]};

		if (q.now.truth + q.now.answers == 0)
			continue;
		if (i < f->before.qualities)
			q.before = f->before.quality[i];
		to[n++] = q;
	}
	qsort(to, n, sizeof(*to), compare);
	return n;
}

void
pagequality(struct sheet *p)
{
	static const struct doc_column column[] = {{"Class", DOC_WORDS},
	    {"Images of it now", DOC_NUMBER}, {"Recall before", DOC_NUMBER},
	    {"now", DOC_NUMBER}, {"Answers of it now", DOC_NUMBER},
	    {"Precision before", DOC_NUMBER}, {"now", DOC_NUMBER}};
	struct quality all[USUAL_CLASSES + 1];
	size_t n = list(&p->findings, all);

	if (n == 0)
		return;
	doc_table(&p->doc,
	    "By class: of the images that are of it the share that is "
	    "recognised (recall), and of the answers that name it the share "
	    "that is right (precision). Those that lost most recall stand "
	    "first.",
	    column, 7);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		const struct quality *q = &all[i];

		reading_class(p->reading, q->class, &p->text);
		doc_cell(&p->doc, words_end(&p->text));
		sheet_count(p, q->now.truth);
		sheet_percent(p, recall(&q->before));
		sheet_percent(p, recall(&q->now));
		sheet_count(p, q->now.answers);
		sheet_percent(p, precision(&q->before));
		sheet_percent(p, precision(&q->now));
	}
	doc_table_end(&p->doc);
}

void
pagequality_json(struct sheet *p, struct buf *b)
{
	struct quality all[USUAL_CLASSES + 1];
	size_t n = list(&p->findings, all);

	if (n == 0)
		return;
	buf_key(b, "quality");
	buf_str(b, "[");
	for (size_t i = 0; i < n; i++) {
		const struct quality *q = &all[i];

		buf_str(b, i > 0 ? ",{" : "{");
		reading_class(p->reading, q->class, &p->text);
		buf_key_str(b, "class", words_end(&p->text));
		buf_key_int(b, "n", q->now.truth);
		buf_key_real(b, "recall", recall(&q->now));
		buf_key_real(b, "recall_before", recall(&q->before));
		buf_key_int(b, "answers", q->now.answers);
		buf_key_real(b, "precision", precision(&q->now));
		buf_key_real(b, "precision_before", precision(&q->before));
		buf_str(b, "}");
	}
	buf_str(b, "]");
}
