/*
 * The journal of a pipeline: a process between its stages that passes all on
 * and keeps, in a directory, what a person needs afterwards: the records of
 * events and of images that could not be read, each with what it says in
 * words, and the last records of all. driftpipe-run(1) has the files.
 *
 * What it keeps has its place in each generation (segments.h), so that it is
 * there once, whatever ends a run.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "journal/exemplar.h"

struct journal_setup {
	const char *dir;         /* kept, not copied */
	const char *group;       /* a field that tells streams apart, or NULL */
	unsigned long long most; /* bytes */
	double days;             /* that they are kept; 0: any time */
	const struct buf *note;  /* an entry for the events; or NULL */
	size_t images;           /* of each kind that show an event; 0: none */
	unsigned long long images_most; /* bytes of them all */
};

/*
 * Before the pipeline starts: takes the directory, which is made if need be,
 * for the pipeline that has the state. Trouble is a message and exit 2.
 */
void journal_prepare(const struct journal_setup *setup);

/* From standard input to standard output, until that ends. */
void journal_run(void);

#endif
