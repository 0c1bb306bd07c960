#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "json/jsonpath.h"
#include "json/jsonscan.h"
#include "run/generation.h"
#include "run/guarantee.h"
#include "tool/atomic.h"
#include "tool/err.h"

static int
is_state(const struct dirent *e)
{
	const char *end = strrchr(e->d_name, '.');

	return e->d_name[0] != '.' && end != NULL && strcmp(end, ".json") == 0;
}

/*
 * The false alarms of a state's detector for each record. Returns 0 when it is
 * of no detector; *rate is INFINITY when its limit is fixed.
 */
static int
read_rate(const char *path, double *rate)
{
	struct json_paths paths = {0};
	struct json_line line;
	struct json_span found;
	struct buf b = {0};
	const char *why = atomic_read(path, &b);
	int detector;

	if (why != NULL)
		err_die("%s: %s", path, why);
	jsonpath_add(&paths, "state.false_alarms");
	buf_put(&b, "", 1);
	if (b.failed)
		err_memory();
	detector = jsonscan_line(b.p, b.len - 1, &paths, &found, &line) == 0 &&
		   found.type != JSON_NONE;
	if (detector && json_number(&found, rate) < 0)
		*rate = INFINITY;
	buf_free(&b);
	return detector;
}

/* The sum of all; the names, and of those with fixed limits. */
static double
add_up(const char *directory, struct buf *names, struct buf *fixed)
{
	struct dirent **file;
	int n = scandir(directory, &file, is_state, alphasort);
	double sum = 0, rate;

	if (n < 0)
		err_die("%s: %m", directory);
	for (int i = 0; i < n; i++) {
		char *name = file[i]->d_name;
		char *path = err_join(directory, name);
		struct buf *to;

		if (read_rate(path, &rate)) {
			to = isinf(rate) ? fixed : names;
			sum += isinf(rate) ? 0 : rate;
			buf_str(to, to->len > 0 ? ", " : "");
			buf_put(to, name, strlen(name) - strlen(".json"));
		}
		free(path);
		free(file[i]);
	}
	free(file);
	return sum;
}

double
guarantee_rate(const char *directory)
{
	struct buf names = {0}, fixed = {0};
	double sum = add_up(directory, &names, &fixed);
	int all = fixed.len == 0;

	buf_free(&names);
	buf_free(&fixed);
	return all ? sum : 0;
}

void
guarantee_say(const char *dir, long long generation)
{
	struct buf names = {0}, fixed = {0};
	static int said;
	char *directory;
	double sum;

	if (said++ || !err_verbose())
		return;
	directory = generation_path(dir, generation, "");
	sum = add_up(directory, &names, &fixed);
	buf_put(&names, "", 1);
	buf_put(&fixed, "", 1);
	if (names.failed || fixed.failed)
		err_memory();
	if (sum > 0)
		err_info("limits for at most one false alarm in %.0f "
			 "records, all together: %s",
		    floor(1 / sum + 1e-6), names.p);
	if (*fixed.p != '\0')
		err_info("nothing is known of the false alarms of %s: fixed "
			 "limits",
		    fixed.p);
	buf_free(&names);
	buf_free(&fixed);
	free(directory);
}
