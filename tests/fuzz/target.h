/* What a fuzz target is for libFuzzer, and how it says that it found a fault. */
#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
demand(int truth)
{
	if (!truth)
		abort();
}

#endif
