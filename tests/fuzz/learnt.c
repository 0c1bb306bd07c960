/*
 * A file that 'accest --learn' writes: refused, or such that it is written as
 * it was read, and estimates are numbers from 0 to 1.
 */
#include <stdlib.h>
#include <string.h>

#include "accuracy/estimate.h"
#include "target.h"

static void
use(struct learnt *l)
{
	double p[2 * 8] = {0.5, 0.5, 0.1, 0.9};
	struct transport t;

	if (l->classes != 2 || transport_init(&t, 2) < 0)
		return;
	for (int m = 0; m < LEARNT_METHODS; m++) {
		double gain,
		    x = estimate_by(l, &t, (enum learnt_method)m, p, 2, &gain);

		if (!(x >= 0 && x <= 1))
			abort();
	}
	transport_free(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct learnt l = {0};
	struct buf again = {0};
	struct store s;

	memcpy(text, data, size);
	text[size] = '\0';
	store_read(&s, text, size);
	learnt_store(&l, &s);
	if (store_end(&s) == NULL) {
		store_write(&s, &again);
		learnt_store(&l, &s);
		if (again.len != size || memcmp(again.p, data, size) != 0)
			abort();
		use(&l);
	}
	learnt_free(&l);
	buf_free(&again);
	free(text);
	return 0;
}
