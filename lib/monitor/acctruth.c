#include <stdlib.h>

#include "json/jsonscan.h"
#include "monitor/accrow.h"
#include "monitor/acctruth.h"
#include "tool/err.h"
#include "tool/rec.h"

enum { NAME, CLASS, PATHS };

static void
keep(struct acctruth *t, size_t code, uint32_t class)
{
	if (code >= t->room) {
		t->room = 2 * code + 1024;
		t->class = err_realloc(t->class, t->room * sizeof(*t->class));
	}
	t->class[code] = class;
}

static void
take(struct acctruth *t, const struct rec *in, const struct json_span *found,
    size_t classes)
{
	int beyond = t->names.n == t->names.max;
	uint32_t class;
	long code;

	if (found[CLASS].type <= JSON_NULL)
		return;
	if (!accrow_class(&found[CLASS], classes, &class))
		err_die("%s:%llu: the truth is not the number of a class, 0 to "
			"%zu",
		    in->file, in->number, classes - 1);
	code = intern_code(&t->names, &found[NAME]);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code < 0)
		err_die("%s:%llu: a truth without a name: no string, whole "
			"number or boolean, or too long a one",
		    in->file, in->number);
	if (code < ACCTRUTH_MOST)
		keep(t, (size_t)code, class);
	else if (!beyond)
		err_warn("%s:%llu: more than %d truths: left out from here on",
		    in->file, in->number, ACCTRUTH_MOST);
}

void
acctruth_read(struct acctruth *t, const char *file, const char *key,
    const char *field, size_t classes)
{
	struct json_span found[PATHS];
	struct json_paths paths = {0};
	char *name = err_strdup(file);
	struct json_line line;
	struct rec in;

	*t = (struct acctruth){.room = 0};
	intern_init(&t->names, ACCTRUTH_MOST);
	if (jsonpath_add(&paths, key) < 0)
		err_die("'--key': not a dotted path: '%s'", key);
	if (jsonpath_add(&paths, field) < 0)
		err_die("'--label-field': not a dotted path: '%s'", field);
	rec_open(&in, &name, 1, '\n');
	while (rec_json(&in, &paths, found, &line))
		take(t, &in, found, classes);
	rec_close(&in);
	free(name);
	if (rec_stopped())
		err_die("ended by a signal: not all truths were read");
}

long
acctruth_find(struct acctruth *t, const struct json_span *name)
{
	long code = -1;

	if (intern_value(&t->names.lookup, name))
		code = intern_known(
		    &t->names, t->names.lookup.p, t->names.lookup.len);
	if (t->names.lookup.failed)
		err_memory();
	return code < 0 || code >= ACCTRUTH_MOST ? -1 : (long)t->class[code];
}

void
acctruth_free(struct acctruth *t)
{
	intern_free(&t->names);
	free(t->class);
}
