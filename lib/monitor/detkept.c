#include <stdlib.h>
#include <string.h>

#include "monitor/detkept.h"
#include "tool/err.h"

struct detkept *
detkept_new(size_t tests, size_t width, size_t window, int contexts)
{
	struct detkept *k = err_calloc(
	    1, sizeof(*k) + tests * sizeof(*k->test));

	k->tests = tests;
	k->width = width;
	k->window = window;
	k->contexts = contexts;
	if (window == 0)
		return k;
	if (contexts)
		k->recent_code = err_calloc(window, sizeof(*k->recent_code));
	for (size_t i = 0; i < tests; i++)
		k->test[i].recent = err_calloc(
		    window * width, sizeof(*k->test[i].recent));
	return k;
}

void
detkept_room(struct detkept *k, size_t room)
{
	k->room = room;
	if (k->contexts)
		k->code = err_realloc(k->code, room * sizeof(*k->code));
	for (size_t i = 0; i < k->tests; i++)
		k->test[i].reference = err_realloc(
		    k->test[i].reference, room * k->width * sizeof(double));
}

void
detkept_reference(struct detkept *k, size_t i, const double *x, uint32_t code)
{
	size_t width = k->width;

	if (k->contexts)
		k->code[i] = code;
	for (size_t t = 0; t < k->tests; t++)
		memcpy(k->test[t].reference + i * width, x + t * width,
		    width * sizeof(*x));
}

void
detkept_recent(
    struct detkept *k, unsigned long long i, const double *x, uint32_t code)
{
	size_t at = (size_t)(i % k->window), width = k->width;

	if (k->contexts)
		k->recent_code[at] = code;
	for (size_t t = 0; t < k->tests; t++)
		memcpy(k->test[t].recent + at * width, x + t * width,
		    width * sizeof(*x));
}

void
detkept_take(
    const struct detkept *k, unsigned long long i, double *x, uint32_t *code)
{
	size_t at = (size_t)(i % k->window), width = k->width;

	if (k->contexts)
		*code = k->recent_code[at];
	for (size_t t = 0; t < k->tests; t++)
		memcpy(x + t * width, k->test[t].recent + at * width,
		    width * sizeof(*x));
}

struct detkept *
detkept_drop(struct detkept *k)
{
	if (k == NULL)
		return NULL;
	for (size_t i = 0; i < k->tests; i++) {
		free(k->test[i].reference);
		k->test[i].reference = NULL;
	}
	free(k->code);
	k->code = NULL;
	k->room = 0;
	if (k->window > 0)
		return k;
	detkept_free(k);
	return NULL;
}

void
detkept_free(struct detkept *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->tests; i++) {
		free(k->test[i].reference);
		free(k->test[i].recent);
	}
	free(k->code);
	free(k->recent_code);
	free(k);
}
