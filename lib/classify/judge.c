#include <math.h>
#include <string.h>

#include "classify/judge.h"
#include "tool/err.h"

/* The class that it is, the first one of that label; -1: none. */
static int
true_class(const struct judge *j, const struct json_span *truth)
{
	double x;

	if (truth->type == JSON_NUMBER && json_number(truth, &x) == 0)
		return x == floor(x) && x >= 0 && x < j->classes ? (int)x : -1;
	if (truth->type != JSON_STRING)
		return -1;
	for (size_t i = 0; i < j->labels->n; i++) {
		const char *name = j->labels->name[i];

		if (json_equals(truth, name, strlen(name)))
			return (int)i;
	}
	return -1;
}

/* Classes are told apart by name when the truth is one. */
static int
is_right(
    const struct judge *j, const struct json_span *truth, int want, int got)
{
	return want == got ||
	       (truth->type == JSON_STRING &&
		   strcmp(j->labels->name[want], j->labels->name[got]) == 0);
}

int
judge_answer(
    struct judge *j, const struct json_span *truth, const int *order, int n)
{
	int want = true_class(j, truth), at = 0;

	if (want < 0) {
		j->strangers += truth->type > JSON_NULL;
		return -1;
	}
	while (at < n && !is_right(j, truth, want, order[at]))
		at++;
	j->judged++;
	j->right += at == 0;
	j->among += at < n;
	return at > 0;
}

void
judge_report(const struct judge *j, int n)
{
	double all = (double)j->judged;

	if (j->strangers > 0)
		err_info("%llu images have a truth that is no class of this "
			 "network%s",
		    j->strangers,
		    j->labels->n > 0 ? "" : ": it has no labels, see '-l'");
	if (j->judged == 0)
		return;
	err_info("%llu of %llu right: %.2f %%", j->right, j->judged,
	    100 * (double)j->right / all);
	if (n > 1)
		err_info("%llu of %llu among the first %d: %.2f %%", j->among,
		    j->judged, n, 100 * (double)j->among / all);
}
