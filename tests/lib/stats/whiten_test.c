/* whiten: against numpy, and what has no scale. */
#include <stdlib.h>

#include "oracle.h"
#include "stats/whiten.h"
#include "tap.h"

enum { N = 60, FIELDS = 6, D = 4 };

static double reference[N * FIELDS];

static void
numpy(void)
{
	double rho, want[2 * N], y[2 * D], worst = 0, factor = 0;
	struct whiten w;

	if (!ok(oracle_read("reference", reference, N * FIELDS) == N * FIELDS &&
		    oracle_read("left_out", want, 2 * N) == 2 * N &&
		    oracle_read("rho", &rho, 1) == 1,
		"the vectors are there"))
		return;
	ok(whiten_init(&w, reference, N, FIELDS) == NULL && w.d == D,
	    "two of six fields are constant");
	ok(w.live[0] == 0 && w.live[1] == 1 && w.live[2] == 3 && w.live[3] == 5,
	    "they are left out");
	near(w.rho, rho, 1e-9, "shrinkage");
	for (size_t i = 0; i < N; i++) {
		double square = 0;

		whiten_apply(&w, reference + i * FIELDS, y);
		for (size_t j = 0; j < D; j++)
			square += y[j] * y[j];
		worst = fmax(worst, fabs(square / want[2 * i] - 1));
		factor = fmax(factor,
		    fabs(whiten_left_out(&w, square) / want[2 * i + 1] - 1));
	}
	ok(worst < 1e-9, "squared Mahalanobis distances: within %g", worst);
	ok(factor < 1e-9, "left out: within %g", factor);
	whiten_free(&w);
}

static void
refused(void)
{
	static const double same[] = {1, 2, 1, 2, 1, 2};
	struct whiten w;

	ok(whiten_init(&w, same, 3, 2) != NULL && w.factor == NULL,
	    "all fields constant");
}

/* The same field three times: shrinkage makes it invertible. */
static void
collinear(void)
{
	double rows[30 * 3], y[6], square = 0;
	struct whiten w;

	for (size_t i = 0; i < 90; i++)
		rows[i] = (double)((i / 3) * 7 % 31);
	ok(whiten_init(&w, rows, 30, 3) == NULL && w.rho > 0 && w.rho < 1,
	    "collinear fields");
	rows[0] = NAN;
	whiten_apply(&w, rows + 3, y);
	for (size_t j = 0; j < 3; j++)
		square += y[j] * y[j];
	ok(isfinite(square), "have finite distances");
	whiten_free(&w);
}

int
main(void)
{
	numpy();
	refused();
	collinear();
	return done_testing();
}
