#include <stdlib.h>
#include <unistd.h>

#include "run/drain.h"
#include "run/generation.h"
#include "run/guarantee.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/skip.h"

void
drain_publish(const struct drain *d)
{
	if (d->output != NULL)
		generation_publish(state_directory(), d->output);
}

void
drain_commit(const struct drain *d, long long n)
{
	long long current = generation_current(state_directory());
	char *own = generation_path(state_directory(), n, "driftpipe-run.json");

	if (n < current || (d->has_input && access(own, F_OK) < 0))
		err_die("generation %lld has come out, which was not sent; "
			"%lld stays the current one",
		    n, current);
	free(own);
	if (n == current)
		return;
	generation_commit(state_directory(), n);
	guarantee_say(state_directory(), n);
	drain_publish(d);
	generation_prune(state_directory(), 0);
	err_info("generation %lld is committed", n);
}

/*
 * Lines go to our standard output before the commit, for afterwards they do not
 * come again; but not what stands for input that was skipped, which is for
 * promtext.
 */
long long
drain(const struct drain *d, struct rec *in)
{
	long long last = 0, n;

	while (rec_next(in)) {
		n = barrier_number(in->line, in->len);
		if (n == 0 && !skip_is(in->line, in->len))
			out_record(in->line, in->len);
		if (n == 0)
			continue;
		last = n;
		if (d->follow) {
			out_flush();
			drain_commit(d, last);
		}
	}
	rec_close(in);
	out_close();
	return last;
}
