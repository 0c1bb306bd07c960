/*
 * Optimal transport from a window's probabilities to a mix of classes: every
 * record i of n gets a class, or parts of several, so that the classes have
 * the shares a_k / N of the mix and the mean of 1 - p_ik is least:
 *
 *	min sum_ik m_ik (1 - p_ik),  sum_k m_ik = 1 / n,  sum_i m_ik = a_k / N
 *
 * For p of a simplex that is the Wasserstein distance to the classes as unit
 * vectors, in the maximum norm. Y. Lu et al., Characterizing Out-of-Distribution
 * Error via Optimal Transport, NeurIPS 2023.
 *
 * Exact, in whole units of 1 / (n N): all records begin in their most probable
 * class, and what is too much there moves along shortest paths between classes,
 * with Dijkstra's algorithm on reduced costs.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

/* What a record has in a class. */
struct transport_piece {
	uint32_t row, class, next;
	int64_t mass; /* of N; 0: it is free */
};

/* Memory to solve with, for any number of windows one after the other. */
struct transport {
	size_t classes;
	double *edge; /* classes x classes: the cheapest move of a piece ... */
	uint32_t *by; /* ... and which one that is */
	double *dist, *potential; /* by class */
	uint32_t *from, *head;
	unsigned char *done;
	int64_t *excess;
	struct transport_piece *piece;
	size_t pieces, room;
	uint32_t unused; /* list of free pieces */
};

/* 0, or -1 when memory ends; then there is nothing to free. */
int transport_init(struct transport *t, size_t classes);

/*
 * The least mean cost, 0 to 1; NAN when memory ends. p is n x classes, count
 * the mix, which sums to N > 0; n N below 2^62. The pieces are the plan.
 */
double transport_solve(
    struct transport *t, const double *p, size_t n, const uint32_t *count);

/* The mass of the plan, in its units, whose cost is at most that. */
double transport_below(const struct transport *t, const double *p, double cost);

void transport_free(struct transport *t);

#endif
