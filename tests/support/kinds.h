/*
 * For what measures the detectors (achieved.c, modules.c): each of them behind
 * one set of functions and with the parameters of its tool, and the data to
 * feed them with.
 */
#ifndef KINDS_H
#define KINDS_H

#include <stddef.h>

#include "limit/calib.h"
#include "detect/chi2.h"
#include "detect/chi2_verbs.h"
#include "detect/iks.h"
#include "detect/iks_verbs.h"
#include "detect/nmddm.h"
#include "detect/nmddm_verbs.h"
#include "detect/pht.h"
#include "detect/pht_verbs.h"

union detector {
	struct pht pht;
	struct iks iks;
	struct nmddm nmddm;
	struct chi2 chi2;
};

union params {
	struct pht_params pht;
	struct iks_params iks;
	struct nmddm_params nmddm;
	struct chi2_params chi2;
};

/* Values without drift: of a distribution, or classes of a frequency. */
struct data {
	const char *name;
	double (*draw)(struct rng *r); /* or NULL: */
	size_t classes;
	double ratio; /* of the weights of a class and the one before */
	double power; /* of its rank, 1 for Zipf's law */
	double rare;  /* share of the last class, where not 0 */
};

enum { DATA_NUMERIC = 4, DATA_CLASSES = 6 };

/* Of a kind that has a window, in records. */
void kinds_set_window(
    const struct kind_verbs *kind, union params *p, size_t window);

extern const struct data data_numeric[DATA_NUMERIC];
extern const struct data data_classes[DATA_CLASSES];

/* Classes are codes by first appearance, as the tool gives them. */
void data_draw(const struct data *d, struct rng *r, double *x, size_t n);

/* Memory, or the end. */
void *need(size_t n, size_t size);

#endif
