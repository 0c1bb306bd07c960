#include "accuracy/learn.h"
#include "monitor/acclearn.h"
#include "monitor/accrow.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/rec.h"

enum { ROW, TRUTH, MODEL, PATHS };

static void
learn_record(struct labelled *l, struct accrow *row, const struct rec *in,
    const struct json_span *found)
{
	uint32_t truth;

	if (!accrow_read(row, &found[ROW], in->file, in->number))
		return;
	if (recmodel_differs(&l->model, &found[MODEL]))
		err_die("%s:%llu: of model %.*s, after \"%.*s\": what is "
			"learnt is of one model",
		    in->file, in->number, (int)found[MODEL].len, found[MODEL].p,
		    (int)l->model.len, l->model.name);
	recmodel_learn(&l->model, &found[MODEL]);
	l->classes = row->classes;
	if (!accrow_class(&found[TRUTH], row->classes, &truth))
		err_die("%s:%llu: the truth is not the number of a class, 0 to "
			"%zu",
		    in->file, in->number, row->classes - 1);
	if (labelled_add(l, row->p, truth) < 0)
		err_memory();
}

static void
learn_set(struct labelled *l, struct accrow *row, const struct json_paths *ps,
    const struct acclearn_setup *s, char **files, int n)
{
	struct json_span found[PATHS];
	struct json_line line;
	struct rec in;

	if (labelled_next(l) < 0)
		err_die("'--damaged': more than %d", LABELLED_SETS - 1);
	rec_open(&in, files, n, '\n');
	in.skip_bad = s->skip_bad;
	while (rec_json(&in, ps, found, &line))
		learn_record(l, row, &in, found);
	rec_close(&in);
	if (rec_stopped())
		err_die("ended by a signal: nothing was learnt");
}

static void
write_file(struct learnt *l, const char *path)
{
	struct store s;
	struct buf b = {0};

	store_write(&s, &b);
	learnt_store(l, &s);
	buf_str(&b, "\n");
	if (b.failed)
		err_memory();
	atomic_write(path, b.p, b.len, 0644);
	buf_free(&b);
}

void
acclearn_run(const struct acclearn_setup *s, char **files, int n)
{
	struct json_paths paths = {0};
	struct labelled l = {0};
	struct accrow row;
	struct learnt out;
	const char *why;

	atomic_check(s->out);
	accrow_init(&row, s->field, 0, &paths);
	if (jsonpath_add(&paths, s->truth) < 0)
		err_die("'--label-field': not a dotted path: '%s'", s->truth);
	jsonpath_add(&paths, "model");
	learn_set(&l, &row, &paths, s, files, n);
	for (size_t i = 0; i < s->kinds; i++) {
		char *name = err_strdup(s->damaged[i]);
		size_t before = l.n;

		learn_set(&l, &row, &paths, s, &name, 1);
		if (l.n - before < s->window)
			err_warn("%s: %zu records, fewer than a window has: "
				 "nothing is learnt from them",
			    s->damaged[i], l.n - before);
	}
	why = learn_fit(&l, s->window, &out);
	if (why != NULL)
		err_die("%zu records, %zu of them damaged: %s", l.n,
		    l.sets > 0 ? l.n - l.set[1] : 0, why);
	if (s->kinds == 0)
		err_warn(
		    "no damaged records: the estimates' intervals, and the "
		    "curve of 'cot', know of none");
	write_file(&out, s->out);
	err_info("accuracy %.4f of %zu records, temperature %.3f, %zu damaged",
	    out.accuracy, out.records, out.temperature, out.damaged);
	learnt_free(&out);
	labelled_free(&l);
	accrow_free(&row);
}
