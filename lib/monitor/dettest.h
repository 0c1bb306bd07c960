/* The stream of a run, record by record, with what each is said to be. */
#ifndef DETTEST_H
#define DETTEST_H

#include "monitor/detrun.h"

/* Reads the n files, or standard input, and writes every record. */
void dettest_stream(struct detrun *d, char **files, int n);

#endif
