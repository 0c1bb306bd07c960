/* mewma as those that drive it see it (kind.h). */
#ifndef MEWMA_VERBS_H
#define MEWMA_VERBS_H

#include "detect/kind.h"

extern const struct kind_verbs mewma_verbs;

#endif
