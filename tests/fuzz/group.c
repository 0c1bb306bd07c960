/*
 * The states of groups that -g tells apart, as a detector keeps them: refused,
 * or brought back so that they are written as they were read, and each group
 * can go on. The first byte says which detector, and whether there are contexts.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/chi2.h"
#include "detect/chi2_verbs.h"
#include "detect/edet_verbs.h"
#include "detect/iks.h"
#include "detect/iks_verbs.h"
#include "detect/mewma.h"
#include "detect/mewma_verbs.h"
#include "detect/pht.h"
#include "detect/pht_verbs.h"
#include "exits.h"
#include "json/intern.h"
#include "monitor/detgroupstate.h"
#include "monitor/detsetup.h"
#include "monitor/detvalues.h"
#include "monitor/detmember.h"

enum { GROUPS = 4, REFERENCE = 8 };

static const struct pht_params pht = {.k = .25, .ratio = 1.5};
static const struct iks_params iks = {.window = 4};
static const struct chi2_params chi2 = {.window = 4, .classes = 30};
static const struct mewma_params mewma = {
    .lambda = {.1, .4}, .lambdas = 2, .clip = .99, .fap = .05, .horizon = 10};

static const struct kind kinds[] = {
    {.verbs = &pht_verbs, .params = &pht, .limit = 5},
    {.verbs = &iks_verbs, .params = &iks, .limit = .9},
    {.verbs = &chi2_verbs, .params = &chi2, .limit = 20, .classes = 30},
    {.verbs = &mewma_verbs, .params = &mewma, .limit = 20},
    {.verbs = &edet_verbs, .limit = 1},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static const char *const fields[] = {"x", "y"};
static const char *const contexts[] = {"c", "d:hour"};

struct groups {
	struct detgroup_setup setup;
	struct json_paths paths;
	struct intern values;
	struct detcontext context;
	struct detgroup *group[GROUPS];
	size_t n;
};

static void
begin(struct groups *g, const struct kind *kind, int within)
{
	*g = (struct groups){.setup = {.kind = kind,
				 .reference_size = REFERENCE,
				 .after = DETGROUP_ADOPT,
				 .dependence = DETLEARN_NONE,
				 .remember = 1,
				 .limit = {.fap = .05, .horizon = 10}}};
	detfield_init(&g->setup.watched, fields, 2, &g->paths);
	if (within) {
		detcontext_init(&g->context, contexts, 2, &g->paths);
		g->setup.context = &g->context;
	}
	detsetup_prepare(&g->setup, "it");
	intern_init(&g->values, GROUPS);
}

static void
walk(struct groups *g, struct store *s)
{
	size_t n = g->n;

	store_open(s, NULL, '{');
	intern_state(&g->values, "group", s);
	if (g->setup.context != NULL)
		detcontext_state(&g->context, s);
	store_size(s, "groups", &n, 0, GROUPS);
	store_open(s, "states", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		if (i == g->n)
			g->group[g->n++] = detgroup_new(&g->setup, 0);
		detgroupstate_store(g->group[i], &g->setup, s);
	}
	store_close(s, ']');
	store_close(s, '}');
}

/* Some records more, which may complete a reference. */
static void
go_on(struct groups *g)
{
	struct buf member = {0};

	for (int k = 0; k < 3 * REFERENCE; k++)
		for (size_t i = 0; i < g->n; i++) {
			const struct json_span found[] = {
			    {&"3141592653"[k % 9], 1, JSON_NUMBER},
			    {&"2718281828459"[k % 11], 2, JSON_NUMBER},
			    {&"112122"[k % 6], 1, JSON_NUMBER},
			    {"3600", 4, JSON_NUMBER}};

			g->setup.seq = k;
			member.len = 0;
			demand(detvalues_take(g->group[i], &g->setup, found));
			if (detvalues_context(g->group[i], &g->setup, found))
				detmember_put(g->group[i], &g->setup, &member);
			else
				detmember_put_unseen(
				    g->group[i], &g->setup, &member);
		}
	buf_free(&member);
}

static void
end(struct groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		detgroup_free(g->group[i], &g->setup);
	detsetup_finish(&g->setup);
	detfield_free(&g->setup.watched);
	detcontext_free(&g->context);
	intern_free(&g->values);
}

struct input {
	struct groups groups;
	const char *text;
	size_t size;
};

/* A reference that no detector can start with is a message. */
static void
read_text(void *ctx)
{
	struct input *in = ctx;
	struct buf again = {0};
	struct store s;

	store_read(&s, in->text, in->size);
	walk(&in->groups, &s);
	if (store_end(&s) != NULL)
		return;
	store_write(&s, &again);
	walk(&in->groups, &s);
	demand(
	    again.len == in->size && memcmp(again.p, in->text, in->size) == 0);
	buf_free(&again);
	go_on(&in->groups);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct input in;
	char *text;

	if (size == 0)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	demand(text != NULL);
	in.text = text;
	in.size = strlen(text);
	begin(&in.groups, &kinds[data[0] % KINDS], data[0] / KINDS % 2 == 0);
	if (exits_call(read_text, &in))
		end(&in.groups);
	free(text);
	return 0;
}
