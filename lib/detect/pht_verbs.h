/* pht as those that drive it see it (kind.h). */
#ifndef PHT_VERBS_H
#define PHT_VERBS_H

#include "detect/kind.h"

extern const struct kind_verbs pht_verbs;

#endif
