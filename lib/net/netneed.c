#include <stdlib.h>

#include "tool/err.h"
#include "net/netneed.h"

enum { GROUP = 16 }; /* channels that oneDNN keeps together */

/*
 * What the layers up to one need, in floats. Each term is at most a few times
 * 2^28, since netshape.h bounds weights and outputs of the whole network.
 */
struct need {
	long long weights, copies;         /* of all layers, of one */
	long long outputs, peak, greatest; /* of all, at a time, of one */
	long long work;
};

/* Section number of the layer that the index of section self means. */
static size_t
referred(size_t self, long long index)
{
	return (size_t)(index < 0 ? (long long)self + index : index + 1);
}

/* For each section the last one that reads its output. */
static size_t *
last_readers(const struct netcfg *cfg)
{
	size_t *last = err_calloc(cfg->n, sizeof *last), i;
	char *end;

	for (i = 1; i < cfg->n; i++) {
		const struct netcfg_section *s = &cfg->section[i];
		const char *p = netcfg_text(s, "layers", NULL);

		last[i] = i;
		if (s->kind->type != NETKEYS_ROUTE)
			last[i - 1] = i;
		if (s->kind->type == NETKEYS_SHORTCUT)
			last[referred(i, netcfg_int(s, "from", -1))] = i;
		for (; p != NULL; p = *end == ',' ? end + 1 : NULL)
			last[referred(i, strtoll(p, &end, 10))] = i;
	}
	return last;
}

/* Floats of a section's output as oneDNN lays them out. */
static long long
padded(const struct netcfg_section *s)
{
	if (s->w == 0 || s->kind->type == NETKEYS_NET)
		return s->outputs;
	return (long long)s->w * s->h * ((s->c + GROUP - 1LL) / GROUP * GROUP);
}

/* Outputs that are still to be read when section i's is made, and that. */
static long long
alive(const struct netcfg *cfg, const size_t *last, size_t i)
{
	long long sum = 0;
	size_t j;

	for (j = 0; j <= i; j++)
		if (last[j] >= i)
			sum += padded(&cfg->section[j]);
	return sum;
}

static long long
larger(long long a, long long b)
{
	return a > b ? a : b;
}

static long long
bytes(const struct need *n, int images)
{
	long long floats = n->weights + n->work;

	floats += images == 0 ? n->outputs
			      : n->copies + images * (n->peak + n->greatest);
	return floats * (long long)sizeof(float);
}

long long
netneed_bytes(const struct netcfg *cfg, const struct netneed_plan *plan)
{
	size_t *last = last_readers(cfg), i;
	struct need n = {0};

	for (i = 0; i < cfg->n; i++) {
		const struct netcfg_section *s = &cfg->section[i];

		n.weights += s->params;
		n.copies = larger(n.copies,
		    s->params * (1 + netcfg_int(s, "batch_normalize", 0)));
		n.outputs += s->outputs;
		n.greatest = larger(n.greatest, padded(s));
		n.work = larger(n.work, s->work);
		n.peak = larger(n.peak, alive(cfg, last, i));
		if (plan->limit > 0 && bytes(&n, plan->images) > plan->limit)
			netcfg_die(cfg, s,
			    "the network needs %lld bytes up to here, more "
			    "than the %lld of --max-memory",
			    bytes(&n, plan->images), plan->limit);
	}
	free(last);
	return bytes(&n, plan->images);
}
