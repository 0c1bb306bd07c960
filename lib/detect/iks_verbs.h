/* iks as those that drive it see it (kind.h). */
#ifndef IKS_VERBS_H
#define IKS_VERBS_H

#include "detect/kind.h"

extern const struct kind_verbs iks_verbs;

#endif
