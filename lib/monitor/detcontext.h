/*
 * What --context names: fields that say under which circumstances a record was
 * measured. A context is the values of all of them together, each a string, a
 * whole number or a boolean. FIELD:hour is the hour of the day, and
 * FIELD:weekday the day of the week, 0 being Sunday, of a time in seconds since
 * 1970, in UTC. Each context that a reference has is known by a number.
 */
#ifndef DETCONTEXT_H
#define DETCONTEXT_H

#include "json/intern.h"
#include "json/jsonpath.h"

enum { DETCONTEXT_MOST = 16384 }; /* that are told apart */
enum { DETCONTEXT_UNUSABLE = -1, DETCONTEXT_UNKNOWN = -2 };

struct detcontext {
	const char *const *text; /* as the options give them; kept */
	size_t items, first;     /* where they are among the paths */
	struct detcontext_item {
		char *path;
		int every, cycle; /* seconds, and how many of these; or 0 */
	} * item;
	struct intern known; /* each as its values' JSON, joined by commas */
	struct buf key, value;
	int told, pooled; /* of the first unknown one, and of pools */
};

/* Adds the paths of n fields. Dies of what is no path. */
void detcontext_init(struct detcontext *c, const char *const *text, size_t n,
    struct json_paths *ps);

/*
 * The number of the record's context: one more, when it is to be added;
 * DETCONTEXT_UNKNOWN when it is not there, or not to be told apart any more;
 * DETCONTEXT_UNUSABLE when one of the fields has no such value.
 */
long detcontext_code(
    struct detcontext *c, const struct json_span *found, int add);

/* Says, of the first record with an unknown one, what that is. */
void detcontext_complain(
    struct detcontext *c, const char *file, unsigned long long line);

/* Puts the names of the fields, and ends the text. */
void detcontext_names(const struct detcontext *c, struct buf *b);

/* The first value of a context's text up to end, which then begins behind it. */
struct json_span detcontext_value(const char **text, const char *end);

void detcontext_state(struct detcontext *c, struct store *s);

void detcontext_free(struct detcontext *c);

#endif
