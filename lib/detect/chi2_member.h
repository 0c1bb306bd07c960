/* What a record says of a test by chi2.h. */
#ifndef CHI2_MEMBER_H
#define CHI2_MEMBER_H

#include "detect/chi2.h"

/*
 * Degrees of freedom, p-value, unseen classes and, beyond the limit, those that
 * contribute most.
 */
void chi2_member_print(void *chi2, struct buf *out);

#endif
