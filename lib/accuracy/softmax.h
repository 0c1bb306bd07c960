/* A row of probabilities, one for each class. */
#ifndef SOFTMAX_H
#define SOFTMAX_H

#include <stddef.h>

/* How far from 1 a sum may be that was rounded when it was written. */
#define SOFTMAX_SUM 1e-3

/* NULL, or why the n numbers are no probabilities. */
const char *softmax_check(const double *p, size_t n);

/*
 * Divides the logarithms by t > 0 and makes the sum 1. What is 0 stays so. In
 * place.
 */
void softmax_temper(double *p, size_t n, double t);

size_t softmax_best(const double *p, size_t n); /* of equals the first */

/* sum p ln p, in nats, 0 or less. */
double softmax_negentropy(const double *p, size_t n);

#endif
