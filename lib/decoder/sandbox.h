/*
 * Locks a process up that is to work on data nobody vouches for: from then on
 * it can compute, take a bounded amount of memory, read and write the
 * descriptors that it holds or is sent, and end. Anything else kills it.
 * Foreign: libseccomp.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stddef.h>

/*
 * Limits the address space to what is mapped now and memory bytes more: what is
 * beyond is refused, as malloc says it. Lets no crash leave a core file and no
 * file grow. Makes the process the first that ends when the machine has no
 * memory left. Returns 0, or an errno.
 */
int sandbox_limit(size_t memory);

/*
 * Allows the calls above and no other, for good; with threads also threads of
 * this process. Returns 0, or an errno.
 */
int sandbox_enter(int threads);

#endif
