/*
 * References that a pipeline has accepted in place of the configured ones:
 * DIR/reference.N.ndjson in its state directory is in force from generation N
 * on, until that of a larger N is. A generation commits it (generation.h), and
 * who goes back to the generation before has the reference before, too.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

/* What tells the stages which is in force; absent: the configured one. */
#define REFERENCE_VARIABLE "DRIFTPIPE_REFERENCE"

/*
 * What is set while a new one is accepted: the stages read no input, and
 * detectors begin anew; with the second only those of one group, which learn
 * from the file that the first one names.
 */
#define REBASELINE_VARIABLE       "DRIFTPIPE_REBASELINE"
#define REBASELINE_GROUP_VARIABLE "DRIFTPIPE_REBASELINE_GROUP"

/*
 * The path of the one of a generation, or, of -1, of records that are in force
 * nowhere; to be freed.
 */
char *reference_path(const char *dir, long long n);

/* The path of the one in force at a generation, or NULL; to be freed. */
char *reference_current(const char *dir, long long n);

/*
 * Removes those of generations that were not committed, of none, and those that
 * neither the current generation nor the one before it needs.
 */
void reference_prune(const char *dir, long long current);

/* For a stage: the one in force, or what is configured. */
const char *reference_of(const char *configured);

#endif
