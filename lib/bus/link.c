#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"
#include "bus/link.h"
#include "tool/err.h"

static const double SHORTEST = 1, LONGEST = 30; /* seconds */

int
link_try(struct link *l)
{
	enum jetstream_result r;

	if (l->js != NULL)
		return 1;
	if (clock_monotonic() < l->next)
		return 0;
	r = jetstream_open(&l->js, &l->server);
	if (r == JETSTREAM_DONE)
		return 1;
	link_break(l, r);
	return 0;
}

/* Between a half and all of it. */
static double
some_of(double wait)
{
	unsigned char drawn = 0;

	if (getrandom(&drawn, 1, GRND_NONBLOCK) < 0)
		drawn = 128;
	return wait * (0.5 + drawn / 510.0);
}

void
link_break(struct link *l, enum jetstream_result r)
{
	const char *why = jetstream_why();
	char where[256];

	snprintf(where, sizeof(where), "%s", l->server.url[0]);
	if (l->js != NULL)
		jetstream_where(l->js, where, sizeof(where));
	if (r == JETSTREAM_WRONG || r == JETSTREAM_LARGE || !l->patient)
		err_die("%s: %s", where, why);
	if (l->is_broken)
		err_info("%s: %s; still trying", where, why);
	else
		err_warn("%s: %s; trying again until it goes", where, why);
	l->is_broken = 1;
	jetstream_close(l->js);
	l->js = NULL;
	l->wait = l->wait == 0 ? SHORTEST : fmin(2 * l->wait, LONGEST);
	l->next = clock_monotonic() + some_of(l->wait);
}

void
link_good(struct link *l)
{
	char where[256];

	snprintf(where, sizeof(where), "%s", l->server.url[0]);
	jetstream_where(l->js, where, sizeof(where));
	if (l->is_broken)
		err_warn("%s: goes again", where);
	l->is_broken = 0;
	l->wait = 0;
}

void
link_sleep(const struct link *l, int most)
{
	double left = (l->next - clock_monotonic()) * 1000;

	poll(NULL, 0, left < most ? (int)ceil(fmax(left, 1)) : most);
}

void
link_close(struct link *l)
{
	jetstream_close(l->js);
	l->js = NULL;
}
