/*
 * The draws of a mix (draw.h) out of indexed records: which units there are,
 * which are set aside as a reference, and their weights by class. Trouble is a
 * message and exit 2.
 */
#ifndef SOURCES_H
#define SOURCES_H

#include <stddef.h>
#include <stdint.h>

#include "tool/opt.h"

struct draw;
struct intern;
struct recindex;

/* How the mix of the classes changes, as the options have it. */
struct sources_classes {
	const struct intern *known;
	const char *only; /* --class: no other, or NULL */
	const char *mix;  /* --mix: a file, or NULL */
	const struct opt_list *drop, *raise;
};

/*
 * The numbers 0 .. n-1, so that the first aside are drawn at random, and both
 * parts rise. To be freed.
 */
uint32_t *sources_split(size_t n, size_t aside, unsigned long long seed);

/*
 * The draw of n units, of scene records each; of all where unit is NULL. how
 * is NULL where the classes don't matter. what is said when there are none.
 */
void sources_draw(struct draw *d, const struct recindex *ix, size_t scene,
    const uint32_t *unit, size_t n, const struct sources_classes *how,
    const char *what);

/* By unit, whether its class is that of --class. To be freed. */
unsigned char *sources_only(
    const struct recindex *ix, size_t scene, const struct sources_classes *how);

#endif
