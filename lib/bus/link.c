#include <math.h>
#include <poll.h>
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
	const char *where = l->server.url[0], *why = jetstream_why();

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
	if (l->is_broken)
		err_warn("%s: goes again", l->server.url[0]);
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
