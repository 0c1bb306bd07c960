/* Which of the files beside a log were rotated after another one. */
#ifndef ROTATION_H
#define ROTATION_H

#include "run/siblings.h"

/*
 * Of the siblings, keeps those that came after the one given, in their order;
 * the others go to rest, which need not be empty. after is NULL where that one
 * is gone; then names count that a rotation usually gives, or that are like the
 * one given, if it is. known are those that have been looked at before.
 *
 * A number usually counts how often a file was rotated, so that the newest has
 * the lowest. *rising is whether a number stays with its file instead, which
 * the known ones tell; it is kept for them.
 *
 * Returns how many are missing between after and the next one, or the log,
 * where numbers tell.
 */
long rotation_choose(const char *path, const struct sibling *after,
    const char *like, const struct siblings *known, int *rising,
    struct siblings *s, struct siblings *rest);

#endif
