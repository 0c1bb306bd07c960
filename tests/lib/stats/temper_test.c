/*
 * temper: temperatures that are known in closed form, and scores counted by
 * hand.
 */
#include <math.h>

#include "tap.h"
#include "stats/temper.h"

enum { N = 100 };

/* N images with logits (d, 0), of which the first right are of class 0. */
static struct temper
coins(float d, int right, float z[2 * N], int truth[N])
{
	for (int i = 0; i < N; i++) {
		z[2 * i] = d;
		z[2 * i + 1] = 0;
		truth[i] = i >= right;
	}
	return (struct temper){N, 2, z, truth};
}

static void
test_softmax(void)
{
	float z[3] = {1, 2, 4}, far[2] = {3e38F, 0}, p[3];

	temper_softmax(z, 3, 1, p);
	near(p[2] / p[0], exp(3), 1e-5, "softmax at 1");
	temper_softmax(z, 3, 2, p);
	near(p[2] / p[0], exp(1.5), 1e-5, "at 2");
	near(p[0] + p[1] + p[2], 1, 1e-6, "adds up to 1");
	temper_softmax(far, 2, 1, far);
	ok(far[0] == 1 && far[1] == 0, "large logits, in place");
}

/* The best probability is the share that is right: T = d / logit(share). */
static void
test_fit(void)
{
	static const float differences[] = {.05F, 1, 4, 50};
	float z[2 * N];
	int truth[N];

	for (int i = 0; i < 4; i++) {
		struct temper d = coins(differences[i], 80, z, truth);

		near(temper_fit(&d), differences[i] / log(4), 1e-7,
		    "80 of 100 right");
	}
	for (int right = 0; right <= N; right += 50) {
		struct temper d = coins(4, right, z, truth);

		ok(temper_fit(&d) == 0, "nothing fits %d right", right);
	}
}

static void
test_score(void)
{
	float z[2 * N];
	int truth[N];
	struct temper d = coins(logf(9), 80, z, truth); /* 0.9 sure */
	struct temper_score s = temper_score(&d, 1);

	near(s.accuracy, .8, 1e-12, "accuracy");
	near(s.loss, -.8 * log(.9) - .2 * log(.1), 1e-6, "loss");
	near(s.ece, .1, 1e-6, "calibration error");
	s = temper_score(&d, log(9) / log(4));
	ok(s.ece < 1e-6, "is gone at the right temperature");
	near(s.loss, -.8 * log(.8) - .2 * log(.2), 1e-6, "and the loss less");
	/* In two bins, off by 0.1 up and by 0.1 down: no help to each other. */
	for (int i = 0; i < N / 2; i++) {
		z[2 * i] = logf(9);
		truth[i] = i >= 40;
		z[2 * (i + N / 2)] = logf(1.5F); /* 0.6 sure */
		truth[i + N / 2] = i >= 35;
	}
	near(temper_score(&d, 1).ece, .1, 1e-6, "bins do not make up");
}

int
main(void)
{
	test_softmax();
	test_fit();
	test_score();
	return done_testing();
}
