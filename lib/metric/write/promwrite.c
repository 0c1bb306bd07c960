#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "metric/promput.h"
#include "metric/tallyput.h"
#include "metric/write/promwrite.h"
#include "run/state.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/skip.h"

void
promwrite_check(const char *file)
{
	size_t n = strlen(file);

	if (n < 5 || strcmp(file + n - 5, ".prom") != 0)
		err_die(
		    "'--output': does not end in '.prom', so the collector would not read it: '%s'",
		    file);
	atomic_check(file);
}

/* Everything that is to be written, from what has been counted. */
static void
render(struct promwrite *w, struct buf *text)
{
	prom_clear(w->store);
	tallyput(
	    w->tally, clock_wall(), clock_monotonic() - w->begun, w->store);
	promref_read(w->reference, w->tally);
	promref_put(w->reference, w->tally, w->store);
	tallyput_end(w->tally, w->store);
	promput(w->store, text);
	if (text->failed || w->store->failed)
		err_memory();
	w->dropped = w->store->dropped;
}

void
promwrite(struct promwrite *w)
{
	struct buf text = {0};

	render(w, &text);
	if (w->file == NULL) {
		out_write(text.p, text.len);
		out_flush();
	} else {
		atomic_write(w->file, text.p, text.len, 0644);
	}
	buf_free(&text);
	w->written = clock_monotonic();
}

void
promwrite_when_due(void *ctx)
{
	struct promwrite *w = ctx;

	if (!isnan(w->interval) && !state_is_for_barriers() &&
	    clock_monotonic() - w->written >= w->interval)
		promwrite(w);
}

void
promwrite_barrier(struct promwrite *w, const struct rec *in, long long n)
{
	struct buf text = {0};

	if (!state_wanted())
		return;
	render(w, &text);
	/* What stops the pipeline is not committed. */
	if (!skip_allowed())
		promwrite_end(w);
	state_keep_file(n, ".prom", text.p, text.len);
	buf_free(&text);
	state_keep(n);
	out_record(in->line, in->len);
	out_flush();
}

void
promwrite_end(const struct promwrite *w)
{
	static const char what[] = "series were too many and are left out";
	const char
	    *why = w->tally->group.crowded
		       ? ", for there are more streams than '--max-groups'"
		       : "";

	if (w->dropped == 0)
		return;
	if (!skip_allowed())
		err_die("%zu %s%s", w->dropped, what, why);
	err_warn("%zu %s%s", w->dropped, what, why);
}
