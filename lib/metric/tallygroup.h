/*
 * The streams of a tally (tally.h), by name. A stream is what its name becomes
 * as the value of a label: two names that become the same are one stream, so
 * that no series can be written twice.
 */
#ifndef TALLYGROUP_H
#define TALLYGROUP_H

#include "metric/detread.h"
#include "json/intern.h"
#include "metric/prom.h"
#include "metric/tallystream.h"

struct tallygroup {
	struct tallystream *stream; /* in the order in which they came */
	size_t n;
	int crowded;             /* more were asked for than there can be */
	int failed;              /* memory ended */
	struct recmodels models; /* of their images */
	const char *label;       /* of the stream that was asked for last */
	/* The rest is tallygroup.c's own. */
	struct intern names;
	size_t room;
	char text[PROMLABEL_LONGEST + 1]; /* a label before it is a stream */
	struct intern raw;                /* values as records spell them */
	size_t *of;                       /* their streams, by code in raw */
	size_t ofs;
};

/* No stream yet; max at most. */
void tallygroup_init(struct tallygroup *g, size_t max);

/*
 * The stream of that name, which stands until the next call. NULL when there
 * are too many or memory ends.
 */
struct tallystream *tallygroup_find(struct tallygroup *g, const char *name);

/* The label of a stream, of i below n; it stands as long. */
const char *tallygroup_label(const struct tallygroup *g, size_t i);

/* The number of the stream with that label; 0 when there is none. */
size_t tallygroup_known(const struct tallygroup *g, const char *label);

/* The stream that was found first; there must be one. */
struct tallystream *tallygroup_first(struct tallygroup *g);

/*
 * The stream that is named by a field's value; the first one when there is no
 * value, or null or "". So too, with *schema set, when it is no string, whole
 * number or boolean.
 */
struct tallystream *tallygroup_value(
    struct tallygroup *g, const struct json_span *value, int *schema);

/* For both ways; see tallystream_state. Reading: no stream may be there. */
void tallygroup_state(struct tallygroup *g, size_t features, size_t detectors,
    size_t window, struct store *s);

void tallygroup_free(struct tallygroup *g);

#endif
