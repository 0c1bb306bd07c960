/* Learns from files of labelled records what accuracy is estimated by. */
#ifndef ACCLEARN_H
#define ACCLEARN_H

#include <stddef.h>

struct acclearn_setup {
	const char *field, *truth; /* dotted paths */
	const char *out;           /* the file that is written */
	size_t window;
	const char *const *damaged; /* files, one for each kind of damage */
	size_t kinds;
	int skip_bad;
};

/* Trouble, and records that are not enough, are a message and exit 2. */
void acclearn_run(const struct acclearn_setup *s, char **files, int n);

#endif
