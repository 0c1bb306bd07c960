#include <string.h>

#include "base/buf.h"
#include "image/damage.h"
#include "tool/err.h"
#include "tool/out.h"

struct chosen {
	struct damage *damage;
	size_t n;
};

static void
add(struct chosen *to, size_t family, int severity)
{
	to->damage = err_realloc(to->damage, (to->n + 1) * sizeof(*to->damage));
	to->damage[to->n++] = (struct damage){family, severity};
}

static int
is_all(const char *text, size_t len)
{
	return len == 3 && memcmp(text, "all", 3) == 0;
}

/* The severities that the text asks for. */
static void
add_severities(
    struct chosen *to, size_t family, const char *severity, const char *text)
{
	int all = is_all(severity, strlen(severity));
	int one = strlen(severity) == 1 ? *severity - '0' : 0;

	if (!all && (one < 1 || one > CORRUPT_SEVERITIES))
		err_die("'--corrupt': severity not 1 to %d or all: '%s'",
		    CORRUPT_SEVERITIES, text);
	for (int s = 1; s <= CORRUPT_SEVERITIES; s++)
		if (all || s == one)
			add(to, family, s);
}

size_t
damage_parse(struct damage **damage, const struct opt_list *list)
{
	struct chosen chosen = {0};

	for (size_t i = 0; i < list->n; i++) {
		const char *text = list->item[i];
		const char *colon = strchr(text, ':');
		size_t len = colon ? (size_t)(colon - text) : 0;
		int family = corrupt_find(text, len);

		if (colon == NULL || (family < 0 && !is_all(text, len)))
			err_die("'--corrupt': no FAMILY:SEVERITY of "
				"--families: '%s'",
			    text);
		for (size_t f = 0; f < corrupt_count; f++)
			if (family < 0 || (size_t)family == f)
				add_severities(&chosen, f, colon + 1, text);
	}
	*damage = chosen.damage;
	return chosen.n;
}

void
damage_list(enum corrupt_set set)
{
	struct buf b = {0};

	for (size_t i = 0; i < corrupt_count; i++) {
		const struct corrupt_family *f = &corrupt_families[i];

		buf_str(&b, "{");
		buf_key_str(&b, "corruption", f->name);
		buf_key_str(&b, "constant", f->about);
		buf_key_str(&b, "from", f->own ? "own" : "published");
		buf_key(&b, "severities");
		for (int s = 0; s < CORRUPT_SEVERITIES; s++) {
			buf_str(&b, s == 0 ? "[" : ",");
			buf_real(&b, f->k[set][s][0]);
		}
		buf_str(&b, "]}");
		out_line(&b);
	}
	buf_free(&b);
}
