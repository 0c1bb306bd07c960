#include <math.h>
#include <string.h>

#include "net/netact.h"

static float
mish(float x)
{
	float s = x > 20 ? x : x < -20 ? expf(x) : logf(expf(x) + 1);

	return x * tanhf(s);
}

static float
swish(float x)
{
	return x / (1 + expf(-x));
}

static float
hard_mish(float x)
{
	return x > 0 ? x : x > -2 ? x * x / 2 + x : 0;
}

static float
gelu(float x)
{
	return .5f * x * (1 + tanhf(.797885f * x + .035677f * x * x * x));
}

static float
relu6(float x)
{
	return x < 0 ? 0 : x > 6 ? 6 : x;
}

static const struct {
	const char *name;
	int number;
	float (*f)(float x);
} acts[] = {
    {"mish", NETACT_MISH, mish},
    {"swish", NETACT_SWISH, swish},
    {"hard_mish", NETACT_HARD_MISH, hard_mish},
    {"gelu", NETACT_GELU, gelu},
    {"relu6", NETACT_RELU6, relu6},
};

int
netact_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i].name, name) == 0)
			return acts[i].number;
	return 0;
}

int
netact_is(int activation)
{
	return activation >= NETACT_MISH;
}

void
netact_apply(int activation, float *x, size_t n)
{
	float (*f)(float) = acts[activation - NETACT_MISH].f;
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = f(x[i]);
}
