/* nmddm as those that drive it see it (kind.h). */
#ifndef NMDDM_VERBS_H
#define NMDDM_VERBS_H

#include "detect/kind.h"

extern const struct kind_verbs nmddm_verbs;

#endif
