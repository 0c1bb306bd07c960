/* seat: a place in a stream, whatever becomes of the stream. */
#include "bus/seat.h"
#include "tap.h"
#include "tool/err.h"

static const struct jetstream_stream ten = {
    .first = 1, .last = 10, .created = 7};

static int
take(struct seat *s, uint64_t sequence, int64_t time)
{
	struct jetstream_message m = {.sequence = sequence, .time = time};

	return seat_fits(s, &m) ? seat_take(s, &m) : -1;
}

/* After the fifth message of ten, which was stored at 50. */
static struct seat
at_five(void)
{
	struct seat s = {.stream = "s"};

	seat_check(&s, &ten);
	for (uint64_t i = 1; i <= 5; i++)
		take(&s, i, (int64_t)i * 10);
	return s;
}

static void
usual(void)
{
	struct seat s = {.stream = "s"};

	seat_check(&s, &ten);
	ok(seat_from(&s) == 0, "the first time all is asked for");
	s = (struct seat){.stream = "s"};
	seat_check(&s, &(struct jetstream_stream){3, 10, 7, 1});
	ok(seat_from(&s) == 3, "or from where the stream begins then");
	ok(take(&s, 3, 30) == 1 && s.sequence == 3,
	    "where the stream begins is no loss");
	s = at_five();
	seat_check(&s, &ten);
	ok(seat_from(&s) == 5 && take(&s, 5, 50) == 0 && take(&s, 6, 60) == 1,
	    "the last one again, which is known, and the next");
	ok(take(&s, 2, 20) == 0 && take(&s, 6, 60) == 0 && s.sequence == 6,
	    "none twice");
}

static void
lost(void)
{
	struct seat s = at_five();

	seat_check(&s, &(struct jetstream_stream){8, 10, 7, 1});
	ok(s.sequence == 7 && seat_from(&s) == 8 && take(&s, 8, 80) == 1,
	    "messages that were removed in the meantime");
	ok(take(&s, 10, 100) == 1 && s.sequence == 10, "and while it was read");
	s = at_five();
	seat_check(&s, &(struct jetstream_stream){11, 10, 7, 1});
	ok(s.sequence == 10 && take(&s, 11, 110) == 1, "all of them");
	s = (struct seat){.stream = "s"};
	seat_check(&s, &(struct jetstream_stream){1, 0, 7, 1});
	seat_check(&s, &(struct jetstream_stream){8, 10, 7, 1});
	ok(s.sequence == 7 && seat_from(&s) == 8,
	    "those that came and went since the stream was empty");
}

static void
another(void)
{
	struct seat s = at_five();

	seat_check(&s, &(struct jetstream_stream){1, 3, 99, 1});
	ok(seat_from(&s) == 0 && take(&s, 1, 200) == 1 && take(&s, 2, 210) == 1,
	    "a stream that was made anew is read from its beginning");
	s = at_five();
	seat_check(&s, &(struct jetstream_stream){1, 3, 20, 1});
	ok(take(&s, 1, 21) == 1 && take(&s, 2, 22) == 1,
	    "also after the server's clock was set back");
	s = at_five();
	seat_check(&s, &(struct jetstream_stream){1, 3, 7, 1});
	ok(s.sequence == 3 && seat_from(&s) == 4 && take(&s, 4, 90) == 1,
	    "one that has lost its end goes on there");
	s = at_five();
	ok(take(&s, 5, 55) == -1 && seat_from(&s) == 0,
	    "one that has lost its end and has grown is read again");
	ok(take(&s, 3, 30) == 0 && take(&s, 4, 54) == 1 && take(&s, 5, 55) == 1,
	    "but for what was stored before");
}

int
main(void)
{
	err_level(-1);
	usual();
	lost();
	another();
	return done_testing();
}
