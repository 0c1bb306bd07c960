/*
 * The files of a journal, as driftpipe-run(1) names them.
 */
#ifndef JOURNALFILES_H
#define JOURNALFILES_H

/*
 * The paths of the files NAME-*.ndjson, oldest first: an array of *n, to be
 * freed with journalfiles_free. A directory that can't be read is a message and
 * exit 2.
 */
char **journalfiles_list(const char *dir, const char *name, int *n);

void journalfiles_free(char **files, int n);

#endif
