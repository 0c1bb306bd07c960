#include <stddef.h>

#include "eval/mix.h"

int
mix_start(struct mix *m, unsigned long long seed, unsigned long long stream)
{
	rng_seed(&m->rng, seed, stream);
	chain_start(&m->chain, &m->rng);
	m->t = m->drifted = 0;
	if (!m->how.once)
		return 0;
	for (size_t i = 0; i < m->sources; i++)
		if (draw_restore(&m->drift[i]) < 0)
			return -1;
	return draw_restore(&m->clean);
}

/* Whether the record at hand is drifted, or would be if its class is. */
static int
drifts(struct mix *m)
{
	const struct mix_how *h = &m->how;
	unsigned long long since = m->t - h->at;
	double share = h->share;

	if (m->sources == 0 || m->t < h->at)
		return 0;
	if (h->on > 0 && since % (h->on + h->off) >= h->on)
		return 0;
	if (since < h->ramp)
		share *= (double)(since + 1) / (double)h->ramp;
	return share >= 1 || rng_uniform(&m->rng) < share;
}

/* Whose turn it is: the sources alternate. */
static size_t
turn(const struct mix *m)
{
	const struct mix_how *h = &m->how;
	unsigned long long n = m->drifted;

	if (h->on > 0)
		n = (m->t - h->at) / (h->on + h->off);
	return (size_t)(n % m->sources);
}

/* The unit that a source has at this place. */
static long
unit_of(struct mix *m, struct draw *d, long *held, double place)
{
	if (*held < 0)
		*held = m->how.once ? draw_take(d, &m->rng)
				    : (long)draw_at(d, place);
	return *held;
}

static long
drifted_unit(struct mix *m, struct mix_choice *c)
{
	double place = m->place;

	c->source = turn(m);
	if (m->only != NULL && m->held[c->source] < 0)
		place = rng_uniform(&m->rng);
	return unit_of(m, &m->drift[c->source], &m->held[c->source], place);
}

int
mix_next(struct mix *m, struct mix_choice *c)
{
	long unit = -1;

	if (m->t % m->how.repeat == 0) {
		m->place = chain_next(&m->chain, m->t, &m->rng);
		m->kept = -1;
		for (size_t i = 0; i < m->sources; i++)
			m->held[i] = -1;
	}
	*c = (struct mix_choice){.drifted = drifts(m)};
	if (!c->drifted || m->only != NULL) {
		unit = unit_of(m, &m->clean, &m->kept, m->place);
		if (unit >= 0 && m->only != NULL)
			c->drifted &= m->only[unit];
	}
	if (c->drifted) {
		unit = drifted_unit(m, c);
		m->drifted++;
	}
	m->t++;
	if (unit < 0)
		return -1;
	c->record = (size_t)unit * m->how.scene;
	if (m->how.scene > 1)
		c->record += rng_below(&m->rng, m->how.scene);
	return 0;
}

void
mix_free(struct mix *m)
{
	draw_free(&m->clean);
	for (size_t i = 0; i < m->sources; i++)
		draw_free(&m->drift[i]);
}
