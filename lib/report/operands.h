/*
 * The files that the operands stand for: a directory is a journal
 * (driftpipe-run(1)), and stands for its last records, oldest first.
 */
#ifndef OPERANDS_H
#define OPERANDS_H

#include "base/buf.h"

/*
 * An array of *n names, to be freed with journalfiles_free. A directory that is
 * no journal is a message and exit 2; one that has no records yet stands for no
 * file.
 */
char **operands(char **files, int *n);

int operands_is_journal(const char *operand);

/* Whether it is the file of a state, of whatever tool, and so no records. */
int operands_is_state(const char *operand);

/* What a stream is called that is an operand: without its ending. */
void operands_name(struct buf *b, const char *operand);

/* The operands for a shell, a journal as its files; then a NUL. */
void operands_put(struct buf *b, char **files, int n);

#endif
