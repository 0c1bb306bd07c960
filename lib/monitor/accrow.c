#include <stdlib.h>

#include "accuracy/learnt.h"
#include "accuracy/softmax.h"
#include "json/jsonfield.h"
#include "monitor/accrow.h"
#include "tool/err.h"

void
accrow_init(
    struct accrow *r, const char *field, size_t classes, struct json_paths *ps)
{
	*r = (struct accrow){.field = field, .classes = classes};
	if (jsonpath_add(ps, field) < 0)
		err_die("'--field': not a dotted path: '%s'", field);
	r->p = classes > 0 ? err_calloc(classes, sizeof(*r->p)) : NULL;
}

int
accrow_class(const struct json_span *found, size_t classes, uint32_t *class)
{
	double x;

	if (json_number(found, &x) < 0 || !(x >= 0 && x < (double)classes) ||
	    x != (double)(uint32_t)x)
		return 0;
	*class = (uint32_t)x;
	return 1;
}

void
accrow_free(struct accrow *r)
{
	free(r->p);
}

static void
complain(struct accrow *r, const char *why, const char *file,
    unsigned long long line)
{
	if (r->bad++ == 0)
		err_warn("%s:%llu: '%s' %s: skipped, as are all such records",
		    file, line, r->field, why);
}

/* The first array that there is says how many classes there are. */
static void
learn_classes(struct accrow *r, const struct json_span *found)
{
	size_t n = jsonfield_length(found);

	if (r->classes > 0 || n < 2 || n > LEARNT_CLASSES)
		return;
	r->classes = n;
	r->p = err_calloc(n, sizeof(*r->p));
}

int
accrow_read(struct accrow *r, const struct json_span *found, const char *file,
    unsigned long long line)
{
	struct jsonfield f = {.array = 1, .all = 1};
	const char *why;

	if (found->type != JSON_ARRAY) {
		if (found->type > JSON_NULL)
			complain(r, "is no array", file, line);
		return 0;
	}
	learn_classes(r, found);
	if (r->classes == 0) {
		complain(r, "has not 2 to 1000 elements", file, line);
		return 0;
	}
	f.to = r->classes;
	why = jsonfield_numbers(&f, found, r->p);
	if (why == NULL)
		why = softmax_check(r->p, r->classes);
	if (why != NULL)
		complain(r, why, file, line);
	return why == NULL;
}
