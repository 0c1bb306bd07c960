/* chi2 as those that drive it see it (kind.h). */
#ifndef CHI2_VERBS_H
#define CHI2_VERBS_H

#include "detect/kind.h"

extern const struct kind_verbs chi2_verbs;

#endif
