#include "base/clock.h"
#include "base/num.h"
#include "input/source_pack.h"

/* The two buffers change places, so that their memory is used again. */
static void
take_bytes(struct source_item *item, struct buf *from, const char *stage,
    const char *reason)
{
	struct buf data = item->data;

	if (reason != NULL) {
		source_item_fail(item, stage, reason);
		return;
	}
	item->data = *from;
	*from = data;
	item->kind = SOURCE_BYTES;
}

static void
take_member(struct source_item *item, struct tar *t, const char *in)
{
	source_item_name(item, in, t->name.p, t->name.len);
	item->mtime = t->mtime;
	take_bytes(item, &t->data, t->stage, t->reason);
}

static void
take_frame(struct source_item *item, struct mjpeg *m, const char *in)
{
	char number[NUM_SIZE];

	source_item_name(item, in != NULL ? in : "stdin", number,
	    num_write_int(number, (long long)m->number));
	item->mtime = clock_wall();
	take_bytes(item, &m->data, m->stage, m->reason);
}

int
source_pack_next(struct unpack *u, const char *in, struct source_item *item)
{
	if (!unpack_next(u))
		return 0;
	if (u->form == UNPACK_TAR)
		take_member(item, &u->tar, in);
	else
		take_frame(item, &u->mjpeg, in);
	return 1;
}
