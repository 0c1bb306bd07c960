/*
 * Models of records (recmodel.h) by small numbers, for many groups or streams
 * that have few of them: 0 is that which is not known. Begins with zeros.
 */
#ifndef RECMODELS_H
#define RECMODELS_H

#include "json/intern.h"
#include "json/recmodel.h"

struct recmodels {
	struct intern names;
	struct recmodel *known; /* by number, from 1 on */
};

/* The number of a model; -1 when memory ends. */
long recmodels_find(struct recmodels *m, const struct recmodel *model);

/* That model, until one is found that is new. */
static inline const struct recmodel *
recmodels_at(const struct recmodels *m, uint32_t number)
{
	static const struct recmodel none;

	return number > 0 ? &m->known[number - 1] : &none;
}

void recmodels_free(struct recmodels *m);

#endif
