/*
 * One test's reference: what the detector is taught of it, and what a person
 * should know.
 */
#ifndef DETLEARN_H
#define DETLEARN_H

#include "detect/context.h"
#include "detect/kind.h"
#include "detect/residual.h"

/* WARN is AUTO of classes, of which it can't be taken out. */
enum detlearn_dependence {
	DETLEARN_AUTO,
	DETLEARN_NONE,
	DETLEARN_PREWHITEN,
	DETLEARN_WARN
};

/* A reference of n rows of width values. */
struct detlearn {
	const struct kind *kind;
	const char *const *field; /* what to call each value */
	const double *rows;
	size_t n, width;
	const uint32_t *pool; /* of each row, its contexts; NULL: all are one */
	size_t pools;
	int precedes; /* the stream comes right after it */
	enum detlearn_dependence dependence;
	const char *group; /* what messages begin with, or "" */
	int told;          /* there were warnings of others: of it with -v */
	int warned;        /* the answer: that it depends too much on itself */
};

/* What is made of the values before a detector sees them; NULL: nothing. */
struct detlearn_chain {
	struct context *context;  /* scores within pools, or NULL */
	struct residual residual; /* of these; where there is a fit */
};

/* Its parts; NULL: there is none. */
static inline struct context *
detlearn_context(const struct detlearn_chain *c)
{
	return c != NULL ? c->context : NULL;
}

static inline struct residual *
detlearn_residual(struct detlearn_chain *c)
{
	return c != NULL && c->residual.fit != NULL ? &c->residual : NULL;
}

/*
 * The detector learns the reference; its scores, where there are pools; or
 * residuals, when there is dependence and it is to be taken out. Dies of a
 * reference that is no use.
 */
struct detlearn_chain *detlearn_test(struct detlearn *l, void *detector);

/* The same for a detector that begins with another one's reference. */
struct detlearn_chain *detlearn_share(const struct kind *kind, void *detector,
    const void *other, const struct detlearn_chain *others);

/* Frees what was learnt. */
void detlearn_forget(
    const struct kind *kind, void *detector, struct detlearn_chain *c);

#endif
