/* Clocks, in seconds. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

/* Since 1970. */
double clock_wall(void);

/* Since an arbitrary moment; never set back. */
double clock_monotonic(void);

/* Of any clock, such as clock_getcpuclockid names. */
double clock_seconds(clockid_t id);

#endif
