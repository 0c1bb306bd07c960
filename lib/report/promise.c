#include <math.h>
#include <string.h>

#include "report/promise.h"
#include "tool/cfg.h"

/* The section's number; PROMISE_MOST when there is none. */
static size_t
find(const struct promise *p, const char *section)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->of[i].section, section) == 0)
			return i;
	return PROMISE_MOST;
}

static size_t
find_or_add(struct promise *p, const char *section)
{
	size_t i = find(p, section), len = strlen(section);

	if (i < PROMISE_MOST || p->n == PROMISE_MOST || len >= PROMISE_NAME)
		return i;
	memcpy(p->of[p->n].section, section, len + 1);
	return p->n++;
}

static void
take_fap(void *ctx, const char *section, double value)
{
	struct promise *p = ctx;
	size_t i = find_or_add(p, section);

	if (i < PROMISE_MOST && value > 0 && value < 1)
		p->of[i].fap = value;
}

static void
take_horizon(void *ctx, const char *section, double value)
{
	struct promise *p = ctx;
	size_t i = find_or_add(p, section);

	if (i < PROMISE_MOST && value >= 1)
		p->of[i].horizon = value;
}

void
promise_read(struct promise *p, const char *config)
{
	cfg_numbers(config, "fap", take_fap, p);
	cfg_numbers(config, "horizon", take_horizon, p);
}

int
promise_has(const struct promise *p, const char *section)
{
	return find(p, section) < PROMISE_MOST;
}

double
promise_rate(
    const struct promise *p, const char *section, double fap, double horizon)
{
	size_t i = find(p, section);

	if (i < PROMISE_MOST && p->of[i].fap > 0)
		fap = p->of[i].fap;
	if (i < PROMISE_MOST && p->of[i].horizon > 0)
		horizon = p->of[i].horizon;
	return -log1p(-fap) / horizon;
}
