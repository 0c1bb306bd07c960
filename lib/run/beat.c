#include "base/buf.h"
#include "base/clock.h"
#include "run/beat.h"
#include "run/generation.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/out.h"

void
beat_begin(struct beat *b, double interval)
{
	long long now = state_generation();

	*b = (struct beat){interval, clock_monotonic(), now < 0 ? 0 : now};
}

int
beat_is_committed(const struct beat *b)
{
	return generation_current(state_directory()) >= b->generation;
}

int
beat_is_due(const struct beat *b)
{
	/* Never with NaN. */
	return clock_monotonic() >= b->last + b->interval &&
	       beat_is_committed(b);
}

void
beat_send(struct beat *b)
{
	struct buf line = {0};

	state_keep(++b->generation);
	barrier_put(&line, b->generation);
	out_line(&line);
	out_flush();
	buf_free(&line);
	b->last = clock_monotonic();
}
