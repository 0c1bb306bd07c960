/* Findings in words: the verdict, and what moved. */
#ifndef VERDICT_H
#define VERDICT_H

#include "report/findings.h"

/* Whether there is drift, since when, and who found it: a sentence. */
void verdict_say(
    const struct findings *f, const struct subject *s, struct buf *b);

/* What moved most, the pixel statistics first; nothing when nothing did. */
void verdict_moved(const struct findings *f, const struct reading *r,
    const struct subject *s, struct buf *b);

#endif
