#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/dedupgroup.h"
#include "stats/pairs.h"
#include "tool/err.h"

void
dedupgroup_learn(
    struct dedupgroup *g, const struct dedupgroup_rule *rule, const double *x)
{
	size_t size = rule->d * sizeof(*x), n = g->learnt;

	/* Twice the room whenever their number is a power of two. */
	if ((n & (n - 1)) == 0)
		g->rows = err_realloc(g->rows, (n > 0 ? 2 * n : 1) * size);
	memcpy(g->rows + n * rule->d, x, size);
	g->learnt++;
}

void
dedupgroup_finish(struct dedupgroup *g, const struct dedupgroup_rule *rule)
{
	g->limit = pairs_quantile(g->rows, g->learnt, rule->d, rule->quantile);
	if (isnan(g->limit))
		err_memory();
	if (isinf(g->limit))
		err_die("the reference's values are too large");
	err_info("a duplicate is at most %g away from the last record that is "
		 "none, by a reference of %zu",
	    g->limit, g->learnt);
	free(g->rows);
	g->rows = NULL;
	g->learnt = 0;
}

/* The record is no duplicate: the next ones are compared with it. */
static void
keep(struct dedupgroup *g, const struct dedupgroup_rule *rule, const double *x)
{
	size_t size = rule->d * sizeof(*x);

	if (g->last == NULL)
		g->last = err_malloc(size);
	memcpy(g->last, x, size);
	g->begun = 1;
}

static void
put_learning(struct dedupgroup *g, const struct dedupgroup_rule *rule,
    const double *x, struct buf *b)
{
	buf_str(b, "{\"duplicate\":false,\"state\":\"learning\"}");
	dedupgroup_learn(g, rule, x);
	keep(g, rule, x);
	if (g->learnt == rule->reference_size)
		dedupgroup_finish(g, rule);
}

int
dedupgroup_put(struct dedupgroup *g, const struct dedupgroup_rule *rule,
    const double *x, struct buf *b)
{
	double distance = NAN;
	int duplicate;

	if (isnan(g->limit)) {
		put_learning(g, rule, x, b);
		return 0;
	}
	if (g->begun)
		distance = pairs_distance(x, g->last, rule->d);
	duplicate = distance <= g->limit;
	if (!duplicate)
		keep(g, rule, x);
	buf_str(b, "{");
	buf_key_real(b, "distance", distance);
	buf_key_real(b, "limit", g->limit);
	buf_key(b, "duplicate");
	buf_str(b, duplicate ? "true}" : "false}");
	return duplicate;
}

/* So many values, with room for what dedupgroup_learn adds. */
static void
store_rows(struct store *s, const char *name, double **rows, size_t n)
{
	/* A value takes a byte of the text, and a comma. */
	if (store_reading(s) && s->why == NULL && n > (size_t)(s->end - s->p))
		store_refuse(s, "more values than there can be");
	if (store_reading(s) && s->why == NULL && n > 0)
		*rows = err_realloc(*rows, 2 * n * sizeof(**rows));
	if (s->why == NULL)
		store_reals(s, name, *rows, n);
}

void
dedupgroup_state(
    struct dedupgroup *g, const struct dedupgroup_rule *rule, struct store *s)
{
	store_open(s, NULL, '{');
	store_real(s, "limit", &g->limit);
	if (!isnan(g->limit) && !(g->limit >= 0 && isfinite(g->limit)))
		store_refuse(s, "no limit");
	if (isnan(g->limit)) {
		store_size(
		    s, "learnt", &g->learnt, 0, rule->reference_size - 1);
		store_rows(s, "rows", &g->rows, g->learnt * rule->d);
	}
	store_int(s, "begun", &g->begun, 0, 1);
	if (g->begun)
		store_rows(s, "last", &g->last, rule->d);
	store_close(s, '}');
}

void
dedupgroup_free(struct dedupgroup *g)
{
	free(g->rows);
	free(g->last);
}
