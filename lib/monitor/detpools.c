#include <stdlib.h>
#include <string.h>

#include "monitor/detpools.h"
#include "json/json.h"
#include "tool/err.h"

/* A context, and while they are pooled, the pool that it begins. */
struct entry {
	const char *text;
	size_t len, code;
	size_t records;
	struct entry *last;        /* of the pool */
	struct entry *prev, *next; /* pools; NULL: there is none */
	struct entry *into;        /* the pool that it is in, or NULL */
};

static int
compare_values(const struct json_span *a, const struct json_span *b)
{
	double x, y;
	size_t len = a->len < b->len ? a->len : b->len;
	int order;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (json_number(a, &x) == 0 && json_number(b, &y) == 0 && x != y)
		return x < y ? -1 : 1;
	order = memcmp(a->p, b->p, len);
	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* How two differ, 0 when they don't; *alike values before that are the same. */
static int
compare(const struct entry *a, const struct entry *b, size_t *alike)
{
	const char *p = a->text, *q = b->text;
	const char *p_end = p + a->len, *q_end = q + b->len;

	for (*alike = 0;; ++*alike, p++, q++) {
		struct json_span x = detcontext_value(&p, p_end);
		struct json_span y = detcontext_value(&q, q_end);
		int order = compare_values(&x, &y);

		/* Both have as many. */
		if (order != 0 || p == p_end || q == q_end)
			return order;
	}
}

static int
in_order(const void *a, const void *b)
{
	size_t alike;

	return compare(a, b, &alike);
}

/* The contexts that occur, in order; returns how many. */
static size_t
list(const struct detcontext *c, const uint32_t *code, size_t n,
    struct entry *entry)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->known.n; i++) {
		entry[i] = (struct entry){.code = i};
		entry[i].text = intern_text(&c->known, i, &entry[i].len);
	}
	for (size_t i = 0; i < n; i++)
		entry[code[i]].records++;
	for (size_t i = 0; i < c->known.n; i++)
		if (entry[i].records > 0)
			entry[kept++] = entry[i];
	qsort(entry, kept, sizeof(*entry), in_order);
	return kept;
}

static void
link_all(struct entry *entry, size_t n, int circular)
{
	for (size_t i = 0; i < n; i++) {
		entry[i].last = &entry[i];
		entry[i].prev = i > 0 ? &entry[i - 1] : NULL;
		entry[i].next = i + 1 < n ? &entry[i + 1] : NULL;
	}
	if (circular && n > 2) {
		entry[0].prev = &entry[n - 1];
		entry[n - 1].next = &entry[0];
	}
}

/* The neighbour to join: where *next, the one after it. */
static struct entry *
neighbour(struct entry *e, int *next)
{
	size_t before = 0, after = 0;

	*next = e->prev == NULL;
	if (e->prev == NULL || e->next == NULL)
		return *next ? e->next : e->prev;
	compare(e->prev->last, e, &before);
	compare(e->last, e->next, &after);
	*next = after > before ||
		(after == before && e->next->records < e->prev->records);
	return *next ? e->next : e->prev;
}

/* The pool b, which comes after a, goes into that. */
static void
join(struct entry *a, struct entry *b)
{
	a->records += b->records;
	a->last = b->last;
	b->into = a;
	/* Of two in a circle each is before and after the other. */
	a->next = b->next != a ? b->next : NULL;
	if (a->next != NULL)
		a->next->prev = a;
	if (a->prev == b)
		a->prev = NULL;
}

/* Pools those with few records, the one with the fewest first. */
static void
pool_few(struct entry *entry, size_t n)
{
	for (;;) {
		struct entry *least = NULL, *other;
		int next;

		for (size_t i = 0; i < n; i++)
			if (entry[i].into == NULL &&
			    (least == NULL ||
				entry[i].records < least->records))
				least = &entry[i];
		if (least == NULL || least->records >= DETPOOLS_FEW)
			return;
		other = neighbour(least, &next);
		if (other == NULL)
			return;
		join(next ? least : other, next ? other : least);
	}
}

/* Numbers the pools. */
static void
number(struct detpools *p, const struct entry *entry, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &entry[i];

		if (e->into != NULL)
			continue;
		p->pool[e->code] = (uint32_t)p->pools++;
		if (p->fewest == 0 || e->records < p->fewest)
			p->fewest = e->records;
		if (e->records > p->most)
			p->most = e->records;
	}
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &entry[i];

		while (e->into != NULL)
			e = e->into;
		p->pool[entry[i].code] = p->pool[e->code];
	}
}

/* How often the records go through all pools. */
static double
rounds(const struct detpools *p, const uint32_t *code, size_t n)
{
	size_t stays = 1;

	for (size_t i = 1; i < n; i++)
		stays += p->pool[code[i]] != p->pool[code[i - 1]];
	return (double)stays / (double)p->pools;
}

struct detpools *
detpools_new(const struct detcontext *c, const uint32_t *code, size_t n)
{
	struct detpools *p = err_calloc(1, sizeof(*p));
	struct entry *entry = err_calloc(c->known.n, sizeof(*entry));

	*p = (struct detpools){.codes = c->known.n, .users = 1};
	p->pool = err_malloc(p->codes * sizeof(*p->pool));
	for (size_t i = 0; i < p->codes; i++)
		p->pool[i] = UINT32_MAX;
	p->contexts = list(c, code, n, entry);
	for (size_t i = 0; i < p->contexts; i++)
		if (entry[i].records < DETPOOLS_FEW && p->few++ == 0)
			p->first = entry[i].code;
	link_all(entry, p->contexts, c->item[0].cycle > 0);
	pool_few(entry, p->contexts);
	number(p, entry, p->contexts);
	p->rounds = rounds(p, code, n);
	free(entry);
	return p;
}

struct detpools *
detpools_share(struct detpools *p)
{
	if (p != NULL)
		p->users++;
	return p;
}

long
detpools_of(const struct detpools *p, size_t code)
{
	return code < p->codes && p->pool[code] != UINT32_MAX
		   ? (long)p->pool[code]
		   : -1;
}

void
detpools_say(const struct detpools *p, struct detcontext *c, const char *group)
{
	struct buf names = {0};
	size_t len;
	const char *first = intern_text(&c->known, p->first, &len);

	detcontext_names(c, &names);
	err_info("%s'%s': %zu contexts in the reference, compared in %zu parts "
		 "of %zu to %zu records",
	    group, names.p, p->contexts, p->pools, p->fewest, p->most);
	if (p->few > 0 && !c->pooled) {
		err_warn("%s'%s': %zu of %zu contexts have fewer than %d "
			 "records in the reference, the first being %.*s: %s",
		    group, names.p, p->few, p->contexts, DETPOOLS_FEW, (int)len,
		    first,
		    p->pools > 1 ? "pooled with their neighbours"
				 : "too short for contexts, all are one");
		c->pooled = 1;
	}
	buf_free(&names);
}

void
detpools_free(struct detpools *p)
{
	if (p == NULL || --p->users > 0)
		return;
	free(p->pool);
	free(p);
}
