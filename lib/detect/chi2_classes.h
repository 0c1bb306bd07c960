/* Which classes contribute most to chi2's statistic. */
#ifndef CHI2_CLASSES_H
#define CHI2_CLASSES_H

#include <stddef.h>
#include <stdint.h>

enum { CHI2_CLASSES_TOP = 3 };

/* What is known of the n classes. */
struct chi2_classes {
	int pearson; /* or G */
	size_t n;
	const uint32_t *ref, *count; /* records of the reference, the window */
	double of_ref, of_window;    /* all of these: chi2.h's n and m */
};

/* A class, and its own term of the sum as if it shared its cell with none. */
struct chi2_class {
	size_t code, observed; /* in the window */
	double expected;       /* m a / n */
	double contribution;
};

/*
 * The classes that contribute most, of all or of those that the reference
 * lacks, falling; how many, up to CHI2_CLASSES_TOP.
 */
size_t chi2_classes_top(
    const struct chi2_classes *c, struct chi2_class *top, int only_unseen);

#endif
