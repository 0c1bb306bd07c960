#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "classify/modelid.h"
#include "image/prepopt.h"
#include "run/statefile.h"
#include "tool/err.h"

/* FNV-1a, of a text and the NUL at its end. */
static void
hash_text(uint64_t *hash, const char *text)
{
	do
		*hash = (*hash ^ (unsigned char)*text) * 0x100000001b3U;
	while (*text++ != '\0');
}

static void
hash_file(uint64_t *hash, const char *path)
{
	char *digest = statefile_digest(path);

	hash_text(hash, digest);
	free(digest);
}

/*
 * What is as it is by default adds nothing: so an option that a later version
 * brings changes no name.
 */
static void
hash_option(uint64_t *hash, const struct opt *o)
{
	struct buf value = {0};

	opt_put_value(&value, o);
	buf_put(&value, "", 1);
	if (value.failed)
		err_memory();
	if (*value.p != '\0' &&
	    (o->type != OPT_CHOICE || *(const int *)o->value > 0)) {
		hash_text(hash, o->name);
		hash_text(hash, value.p);
	}
	buf_free(&value);
}

const char *
modelid_name(const char *cfg, const char *weights)
{
	static char name[12 + 1];
	uint64_t hash = 0xcbf29ce484222325U;

	hash_file(&hash, cfg);
	if (weights != NULL)
		hash_file(&hash, weights);
	for (const struct opt *o = prepopt_table; o->name != NULL; o++)
		hash_option(&hash, o);
	hash_option(&hash, opt_find("temperature"));
	hash = (hash >> 48) ^ (hash & 0xffffffffffffU);
	snprintf(name, sizeof(name), "%012llx", (unsigned long long)hash);
	return name;
}
