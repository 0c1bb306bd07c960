#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "metric/promseries.h"

enum { MOST = INT_MAX - 1 }; /* texts, and series */

void
promseries_init(struct promseries *s)
{
	*s = (struct promseries){0};
	intern_init(&s->text, MOST);
	intern_init(&s->what, MOST);
}

const char *
promseries_text(const struct promseries *s, uint32_t number)
{
	size_t len;

	return number > 0 ? intern_text(&s->text, number - 1, &len) : "";
}

/* Texts are kept with their NULs. */
int
promseries_knows(const struct promseries *s, const char *text, uint32_t *number)
{
	long code = -1;

	if (*text != '\0')
		code = intern_known(&s->text, text, strlen(text) + 1);
	*number = (uint32_t)(code + 1);
	if (code < 0)
		*number = 0;
	return code >= 0 || *text == '\0';
}

int
promseries_number(struct promseries *s, const char *text, uint32_t *number)
{
	long code;

	*number = 0;
	if (*text == '\0')
		return 0;
	code = intern_bytes(&s->text, text, strlen(text) + 1);
	if (code < 0 || code == (long)MOST)
		return -1;
	*number = (uint32_t)code + 1;
	return 0;
}

struct promseries_what
promseries_what(const struct promseries *s, uint32_t number)
{
	struct promseries_what what;
	size_t len;

	memcpy(&what, intern_text(&s->what, number, &len), sizeof(what));
	return what;
}

struct promseries_what
promseries_is(const struct promseries *s, const struct promseries_one *x)
{
	return promseries_what(s, x->what);
}

/* The slot of a series, or the empty one where it belongs. */
static uint32_t *
slot_of(const struct promseries *s, uint32_t what, uint32_t stream)
{
	uint64_t h = ((uint64_t)what << 32 | stream) * 0x9e3779b97f4a7c15;

	h = (h ^ h >> 32) * 0xbf58476d1ce4e5b9;
	for (size_t i = (size_t)(h >> 32);; i++) {
		uint32_t *slot = &s->slot[i & (s->slots - 1)];
		const struct promseries_one *x;

		if (*slot == 0)
			return slot;
		x = promseries_at(s, *slot - 1);
		if (x->what == what && x->stream == stream)
			return slot;
	}
}

struct promseries_one *
promseries_find(const struct promseries *s, const struct promseries_what *what,
    uint32_t stream)
{
	long code = intern_known(&s->what, (const char *)what, sizeof(*what));
	uint32_t at = 0;

	if (code >= 0 && s->slots > 0)
		at = *slot_of(s, (uint32_t)code, stream);
	return at > 0 ? promseries_at(s, at - 1) : NULL;
}

/* Twice the slots; a quarter of them stays empty. -1 when memory ends. */
static int
grow_slots(struct promseries *s)
{
	size_t slots = s->slots ? s->slots * 2 : 128;
	uint32_t *slot = calloc(slots, sizeof(*slot));

	if (slot == NULL)
		return -1;
	free(s->slot);
	s->slot = slot;
	s->slots = slots;
	for (size_t i = 0; i < s->n; i++)
		*slot_of(s, promseries_at(s, i)->what,
		    promseries_at(s, i)->stream) = (uint32_t)i + 1;
	return 0;
}

static int
grow_chunks(struct promseries *s)
{
	struct promseries_one **grown = s->chunk;

	/* Where there is no room their number is a power of two. */
	if ((s->chunks & (s->chunks - 1)) == 0) {
		size_t room = s->chunks ? s->chunks * 2 : 1;

		grown = realloc(s->chunk, room * sizeof(*grown));
		if (grown == NULL)
			return -1;
		s->chunk = grown;
	}
	grown[s->chunks] = malloc(PROMSERIES_CHUNK * sizeof(**grown));
	if (grown[s->chunks] == NULL)
		return -1;
	s->chunks++;
	return 0;
}

struct promseries_one *
promseries_add(
    struct promseries *s, const struct promseries_what *what, uint32_t stream)
{
	long code = intern_bytes(&s->what, (const char *)what, sizeof(*what));
	struct promseries_one *new;

	if (code < 0 || s->n == MOST ||
	    (s->n >= s->slots / 4 * 3 && grow_slots(s) < 0) ||
	    (s->n == s->chunks * PROMSERIES_CHUNK && grow_chunks(s) < 0))
		return NULL;
	new = promseries_at(s, s->n);
	*new = (struct promseries_one){
	    .what = (uint32_t)code, .stream = stream};
	if (promtab[what->metric].type == PROMTAB_HISTOGRAM) {
		new->histogram = calloc(1, sizeof(*new->histogram));
		if (new->histogram == NULL)
			return NULL;
	}
	*slot_of(s, (uint32_t)code, stream) = (uint32_t)++s->n;
	return new;
}

/* NULL: it is none. */
struct promseries_histogram *
promseries_histogram(const struct promseries *s, const struct promseries_one *x)
{
	return promtab[promseries_is(s, x).metric].type == PROMTAB_HISTOGRAM
		   ? x->histogram
		   : NULL;
}

void
promseries_free(struct promseries *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(promseries_histogram(s, promseries_at(s, i)));
	for (size_t i = 0; i < s->chunks; i++)
		free(s->chunk[i]);
	free(s->chunk);
	free(s->slot);
	intern_free(&s->text);
	intern_free(&s->what);
	promseries_init(s);
}
