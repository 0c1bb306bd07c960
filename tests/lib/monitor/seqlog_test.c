/* Sequence numbers back in a stream, against all of them kept. */
#include "stats/rng.h"
#include "monitor/seqlog.h"
#include "tap.h"

enum { RECORDS = 5000 };
static double kept[RECORDS];

/* How many answers are wrong, and how many there are. */
static int
check(int kind, long *found)
{
	struct seqlog l = {0};
	struct rng r;
	int bad = 0;

	rng_seed(&r, 3, (uint64_t)kind);
	*found = 0;
	for (int i = 0; i < RECORDS; i++) {
		double seq = kind == 0 ? 7 + i : kind == 1 ? 3.0 * i : 0;

		/* Now and then a gap; or nothing but gaps. */
		if (kind >= 2)
			seq = (i ? kept[i - 1] : 0) + 1 +
			      (rng_below(&r, kind == 2 ? 30 : 1) == 0
				      ? (double)rng_below(&r, 50)
				      : 0);
		kept[i] = seq;
		seqlog_add(&l, seq);
		for (unsigned long long b = 0; b <= (unsigned)i + 1; b += 13) {
			double got;

			if (seqlog_find(&l, b, &got) < 0)
				continue;
			++*found;
			bad += b > (unsigned)i || got != kept[(unsigned)i - b];
		}
	}
	seqlog_free(&l);
	return bad;
}

int
main(void)
{
	static const char *const name[] = {
	    "all", "every third", "with gaps", "at random"};
	long all, found;

	check(0, &all);
	for (int kind = 0; kind < 4; kind++) {
		ok(check(kind, &found) == 0, "%s: every answer is right",
		    name[kind]);
		ok(kind < 2 ? found == all : found > 0 && found < all,
		    "%s: as many as can be remembered", name[kind]);
	}
	return done_testing();
}
