#include <errno.h>

#include "tool/scarce.h"

int
scarce_is(int e)
{
	switch (e) {
	case EAGAIN:  /* processes */
	case ENOMEM:  /* memory */
	case ENOBUFS: /* the kernel's */
	case EMFILE:  /* descriptors of a process */
	case ENFILE:  /* and of all */
	case ETXTBSY: /* a program that is just being installed */
	case EINTR:
		return 1;
	default:
		return 0;
	}
}
