#include "base/clock.h"

double
clock_seconds(clockid_t id)
{
	struct timespec ts = {0};

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

double
clock_wall(void)
{
	return clock_seconds(CLOCK_REALTIME);
}

double
clock_monotonic(void)
{
	return clock_seconds(CLOCK_MONOTONIC);
}
