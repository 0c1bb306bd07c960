/*
 * For what ends in a message and exit 2: that ends one input only. The program
 * is linked with --wrap=exit.
 */
#ifndef EXITS_H
#define EXITS_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool/err.h"
#include "target.h"

_Noreturn void __real_exit(int status);
_Noreturn void __wrap_exit(int status);

static jmp_buf exits_back;
static int exits_inside;

_Noreturn void
__wrap_exit(int status)
{
	if (!exits_inside)
		__real_exit(status);
	if (status != EXIT_TROUBLE)
		abort();
	longjmp(exits_back, 1);
}

/* Calls it; 0 when it has ended in a message. */
static inline int
exits_call(void (*call)(void *ctx), void *ctx)
{
	int whole = 0;

	exits_inside = 1;
	if (setjmp(exits_back) == 0) {
		call(ctx);
		whole = 1;
	}
	exits_inside = 0;
	return whole;
}

/* The same with the path of a file that holds the data. */
static inline int
exits_with_file(
    const char *name, const uint8_t *data, size_t n, void (*call)(void *path))
{
	char path[64];
	int fd = memfd_create(name, MFD_CLOEXEC), whole;

	if (fd < 0 || write(fd, data, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	whole = exits_call(call, path);
	/* A message leaves files open. */
	close_range((unsigned)fd, ~0u, 0);
	return whole;
}

#endif
