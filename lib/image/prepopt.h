/*
 * The options of the tools that bring images to a network, alike in each of
 * them: how they do it (prep.h).
 */
#ifndef PREPOPT_H
#define PREPOPT_H

#include "tool/opt.h"
#include "image/prep.h"

/* To stand in the tool's tables. */
extern const struct opt prepopt_table[];

/* Whether the options say what becomes of the samples. */
int prepopt_told(void);

/*
 * What the options say, for a network that takes so many channels. Means and
 * scales that are not one for all or one for each are a message and exit 2.
 */
struct prep prepopt_prep(int channels);

#endif
