/*
 * Replaces a file as a whole: whoever reads it sees the old contents or the
 * new, never a part, whatever happens meanwhile. The new ones go to a file
 * beside it, are synced to disk, and take the name over.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Says at the start of a program whether that will work at its end: what has
 * the name already must be a regular file (no link, no FIFO), and its
 * directory must be there and writable. If not, a message and exit 2.
 */
void atomic_check(const char *path);

/*
 * Appends all that the file holds. Returns NULL, or why it can't be read (a
 * link is not followed, and a FIFO is not waited for): a static text.
 */
__attribute__((warn_unused_result)) const char *atomic_read(
    const char *path, struct buf *b);

/*
 * Makes the file hold these bytes, with that mode, whatever the umask. Where
 * it can't, the old file stays, nothing else is left, and there is a
 * message and exit 2. Signals that would end the program wait meanwhile.
 */
void atomic_write(const char *path, const void *data, size_t n, unsigned mode);

/*
 * The same of what give, which is called once, puts there piece by piece. Its
 * answer is 0, or -1: memory has ended, and so does the program.
 */
struct atomic;
typedef int atomic_giver(void *ctx, struct atomic *to);
void atomic_write_by(
    const char *path, unsigned mode, atomic_giver *give, void *ctx);
void atomic_put(struct atomic *to, const void *data, size_t n);

/* What the directory holds survives a power cut from here on. */
void atomic_sync(const char *directory);

#endif
