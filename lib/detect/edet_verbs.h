/* edet as those that drive it see it (kind.h). */
#ifndef EDET_VERBS_H
#define EDET_VERBS_H

#include "detect/kind.h"

extern const struct kind_verbs edet_verbs;

#endif
