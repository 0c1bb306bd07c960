#include <math.h>
#include <string.h>

#include "run/beat.h"
#include "run/feed.h"
#include "run/pipeline.h"
#include "run/sieve.h"
#include "tool/err.h"
#include "tool/out.h"

enum { LATENCY = 250 /* ms between two looks at the input */ };

/* Returns 0 when there is nothing new for now. */
static int
feed_some(struct follow *in, struct sieve *s)
{
	char *p;
	size_t n;

	if (!follow_next(in, &p, &n))
		return 0;
	sieve_lines(s, follow_name(in), follow_line(in), p, n);
	return 1;
}

/* That the log can't be opened: once, while it is waited for. */
static void
say_refused(const struct logchain *log)
{
	static const char *said;

	if (log->refused != NULL && log->refused != said)
		err_warn("%s: %s", log->path, log->refused);
	said = log->refused;
}

/* What is new in the input, to standard output, and barriers. */
void
feed(struct follow *in, const char *first_stage, double interval)
{
	static struct sieve s;
	struct beat beat;

	beat_begin(&beat, interval);
	s.names = strstr(first_stage, "imgcls") != NULL;
	/* Once in any case: what was lost before is to be counted. */
	do {
		if (feed_some(in, &s)) {
			/* A barrier may be due. */
		} else if (in->chain.path == NULL ? !in->ended
						  : !isnan(interval)) {
			say_refused(&in->chain);
			out_flush();
			follow_wait(in, LATENCY);
		} else if (in->chain.refused != NULL) {
			err_die("%s: %s", in->chain.path, in->chain.refused);
		} else {
			break;
		}
		if (beat_is_due(&beat))
			beat_send(&beat);
	} while (!pipeline_stopped());
	beat_send(&beat);
	follow_close(in);
	out_close();
}

void
feed_nothing(void)
{
	struct beat beat;

	beat_begin(&beat, NAN);
	beat_send(&beat);
	out_close();
}
