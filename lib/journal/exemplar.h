/*
 * Images that show what an event is, copied into a directory of the journal
 * before somebody removes them: of the event's stream the first after the
 * change; those since then that lie furthest in the direction in which the
 * field moved, or are of the class that there is more of; and of those before,
 * the most usual. They are found through the last records, as the journal has
 * them.
 *
 * The directory has a bound in bytes and in age; the oldest make room. What
 * can't be read or written is no reason to stop.
 */
#ifndef EXEMPLAR_H
#define EXEMPLAR_H

#include <stddef.h>

#include "base/buf.h"

/* Kept, not copied. */
struct exemplar_setup {
	const char *dir;         /* the journal's */
	const char *group;       /* a field that tells streams apart, or NULL */
	size_t each;             /* images of each of the three; 0: none */
	unsigned long long most; /* bytes of all images */
	double days;             /* that they are kept; 0: any time */
};

/*
 * Keeps those of the event in the line, the last of the journal's records, and
 * appends ,"images":[...] to b, their names in the journal, if there are any.
 * number is that of the record: the same one again has the same files.
 */
void exemplar_keep(const struct exemplar_setup *s, const char *line, size_t n,
    unsigned long long number, struct buf *b);

/* Removes those that are too old or too many. */
void exemplar_prune(const struct exemplar_setup *s);

#endif
