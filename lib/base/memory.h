/*
 * What is said, or returned as the reason, when memory ends, and how much may be
 * asked of it.
 */
#ifndef MEMORY_H
#define MEMORY_H

#define NO_MEMORY "out of memory"

/*
 * The most values that a window or a reference may have: times what is kept of
 * each they fit into a size_t, that of a 32-bit machine too.
 */
#define COUNT_MOST ((size_t)1 << (sizeof(size_t) < 8 ? 20 : 40))

#endif
