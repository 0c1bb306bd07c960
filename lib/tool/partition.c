#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "json/jsonpath.h"
#include "json/jsonscan.h"
#include "json/keyhash.h"
#include "tool/atomic.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/partition.h"

/* What the stages of a pipeline find: K/P, a space, the field. */
#define VARIABLE "DRIFTPIPE_PARTITION"

enum { MOST = 10000 };

static const char *option, *field;
static unsigned number = 1, of = 1;

const struct opt partition_options[] = {
    {0, "partition", OPT_STRING, &option, "K/P",
	"take the groups of part K of P, and leave the others", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static void
parse(void)
{
	int end = 0;

	if (sscanf(option, "%5u/%5u%n", &number, &of, &end) != 2 ||
	    option[end] != '\0' || number < 1 || number > of || of > MOST ||
	    option[strspn(option, "0123456789/")] != '\0')
		err_die("'--partition': not K/P with 1 <= K <= P <= %d: '%s'",
		    MOST, option);
}

/* What the pipeline says takes precedence, and has to be the same. */
static void
inherit(const char *group)
{
	const char *given = getenv(VARIABLE), *space;
	char *own;

	if (given == NULL)
		return;
	space = strchr(given, ' ');
	if (space == NULL)
		err_die("%s: not K/P and a field: '%s'", VARIABLE, given);
	own = err_strdup(given);
	own[space - given] = '\0';
	if (option != NULL && strcmp(option, own) != 0)
		err_die("'--partition': the pipeline is part '%s', not '%s'",
		    own, option);
	if (group == NULL)
		err_die("'--group': the pipeline is parted by '%s', and needs "
			"it in all stages that tell groups apart",
		    space + 1);
	if (strcmp(group, space + 1) != 0)
		err_die("'--group': the pipeline is parted by '%s', not by "
			"'%s'",
		    space + 1, group);
	option = own;
}

void
partition_open(const char *group)
{
	inherit(group);
	if (option == NULL)
		return;
	parse();
	field = group;
	if (group == NULL)
		err_die("'--partition': only with --group, the field whose "
			"values are parted");
}

void
partition_give(void)
{
	char *text;

	if (option == NULL)
		return;
	if (asprintf(&text, "%s %s", option, field) < 0 ||
	    setenv(VARIABLE, text, 1) < 0)
		err_memory();
	free(text);
}

static int
is_trailer(const char *line, size_t n)
{
	struct json_paths paths = {0};
	struct json_span found = {0};
	struct json_line rest;

	jsonpath_add(&paths, "trailer");
	return jsonscan_line(line, n, &paths, &found, &rest) == 0 &&
	       found.type > JSON_FALSE;
}

int
partition_takes(const struct json_span *group, const char *line, size_t n)
{
	uint32_t hash;

	if (of == 1)
		return 1;
	if (keyhash(group, &hash))
		return hash % of + 1 == number;
	return number == 1 || barrier_number(line, n) > 0 ||
	       is_trailer(line, n);
}

int
partition_takes_line(const char *line, size_t n)
{
	struct json_paths paths = {0};
	struct json_span found = {0};
	struct json_line rest;

	if (of == 1)
		return 1;
	jsonpath_add(&paths, field);
	if (jsonscan_line(line, n, &paths, &found, &rest) < 0)
		return number == 1;
	return partition_takes(&found, line, n);
}

int
partition_is_first(void)
{
	return number == 1;
}

unsigned
partition_parts(void)
{
	return option != NULL ? of : 0;
}

/* It may have been made just now, by us or by whoever was killed then. */
static void
make_directory(const char *dir)
{
	char *parent = err_join(dir, "..");

	if (mkdir(dir, 0775) < 0 && errno != EEXIST)
		err_die("%s: %m", dir);
	atomic_sync(parent);
	free(parent);
}

const char *
partition_directory(const char *dir)
{
	char name[24], *path;

	if (option == NULL)
		return dir;
	make_directory(dir);
	snprintf(name, sizeof(name), "%uof%u", number, of);
	path = err_join(dir, name);
	free((char *)dir);
	return path;
}

const char *
partition_name(const char *name, int has_suffix)
{
	const char *dot = has_suffix ? strrchr(path_base(name), '.') : NULL;
	size_t stem = dot != NULL ? (size_t)(dot - name) : strlen(name);
	char *text;

	if (option == NULL)
		return name;
	if (asprintf(&text, "%.*s-%uof%u%s", (int)stem, name, number, of,
		name + stem) < 0)
		err_memory();
	free((char *)name);
	return text;
}
