#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netblob.h"
#include "net/train/netblas.h"
#include "net/train/netdata.h"
#include "net/train/netgrad.h"
#include "net/train/netsgd.h"
#include "net/train/nettrain.h"

/* Of the seed's random numbers, from here on; each job and step has its own. */
enum { STREAM_DROPOUT = 1 << 16 };

/* What one thread does of a batch. */
struct job {
	struct nettrain *t;
	struct network *net;
	int id;
	const struct netdata_images *im;
	size_t first, n; /* of the images */
	int train;
	double loss; /* sums of what it saw */
	size_t right;
	pthread_t thread;
};

/* Puts the job's images into the network; a short batch ends in zeros. */
static void
load(struct job *j, int *class)
{
	size_t i, size = (size_t)j->net->inputs;

	memset(j->net->input, 0, (size_t)j->net->batch * size * sizeof(float));
	for (i = 0; i < j->n; i++) {
		j->im->image(
		    j->im->ctx, j->first + i, j->net->input + i * size);
		class[i] = j->im->class(j->im->ctx, j->first + i);
	}
}

static int
largest(const float *p, int n)
{
	int i, best = 0;

	for (i = 1; i < n; i++)
		if (p[i] > p[best])
			best = i;
	return best;
}

/* Adds up loss and hits, and leaves truth - probability as delta. */
static void
judge(struct job *j, layer *soft, const int *class)
{
	int classes = soft->outputs, c;
	size_t i;

	for (i = 0; i < j->n; i++) {
		const float *p = soft->output + i * classes;
		float *delta = soft->delta + i * classes;

		j->loss -= log(p[class[i]] > 1e-30f ? p[class[i]] : 1e-30);
		if (isnan(p[class[i]]))
			j->loss = NAN;
		j->right += largest(p, classes) == class[i];
		for (c = 0; c < classes; c++)
			delta[c] = (c == class[i]) - p[c];
	}
}

static void
backward(struct job *j, struct network net)
{
	struct netblob b[NETBLOB_MAX];
	float *input = net.input;
	int i;

	for (i = j->t->soft; i >= 0; i--) {
		layer *l = &net.layers[i];

		if (l->stopbackward || (i == 0 && netblob_list(l, b) == 0))
			break;
		net.index = i;
		net.input = i > 0 ? net.layers[i - 1].output : input;
		net.delta = i > 0 ? net.layers[i - 1].delta : NULL;
		netgrad_backward(l, &net);
	}
}

static void *
run_job(void *arg)
{
	struct job *j = arg;
	struct network net = *j->net;
	int *class = err_calloc((size_t)net.batch, sizeof *class), i;
	struct rng rng;

	netblas_thread();
	rng_seed(&rng, j->t->seed,
	    STREAM_DROPOUT + j->t->steps * (unsigned)j->t->jobs +
		(unsigned)j->id);
	load(j, class);
	net.truth = NULL;
	net.delta = NULL;
	for (i = 0; i <= j->t->soft; i++) {
		layer *l = &net.layers[i];

		net.index = i;
		net.train = j->train;
		if (j->train)
			netgrad_forward(l, &net, &rng);
		else
			l->forward(*l, net);
		net.input = l->output;
	}
	judge(j, &net.layers[j->t->soft], class);
	if (j->train) {
		net.input = j->net->input;
		backward(j, net);
	}
	free(class);
	return NULL;
}

/* Shares images first .. first + n - 1 out to the jobs. */
static struct netsgd_score
run_jobs(struct nettrain *t, const struct netdata_images *im, size_t first,
    size_t n, int train)
{
	struct job *job = err_calloc((size_t)t->jobs, sizeof *job);
	size_t part = (size_t)(t->batch / t->jobs);
	struct netsgd_score s = {0, 0};
	int i;

	for (i = 0; i < t->jobs; i++) {
		size_t skip = part * (size_t)i;

		job[i] = (struct job){.t = t,
		    .net = t->dark[i],
		    .id = i,
		    .im = im,
		    .first = first + skip,
		    .n = skip >= n         ? 0
			 : n - skip < part ? n - skip
					   : part,
		    .train = train};
		if (i > 0 && (errno = pthread_create(
				  &job[i].thread, NULL, run_job, &job[i])) != 0)
			err_die("thread: %m");
	}
	run_job(&job[0]);
	for (i = 0; i < t->jobs; i++) {
		if (i > 0)
			pthread_join(job[i].thread, NULL);
		s.loss += job[i].loss;
		s.right += job[i].right;
	}
	free(job);
	return s;
}

/* The running statistics follow the mean of the jobs' batches. */
static void
update_stats(struct nettrain *t, int layer_no)
{
	layer *l = &t->dark[0]->layers[layer_no];
	int n = l->type == CONNECTED   ? l->outputs
		: l->type == BATCHNORM ? l->c
				       : l->n;
	/* The first steps weigh alike; then darknet's moving average. */
	double weight = t->steps < 100 ? 1.0 / (double)(t->steps + 1) : .01;
	int i, j;

	for (i = 0; i < n; i++) {
		double mean = 0, variance = 0;

		for (j = 0; j < t->jobs; j++) {
			mean += t->dark[j]->layers[layer_no].mean[i];
			variance += t->dark[j]->layers[layer_no].variance[i];
		}
		l->rolling_mean[i] += (float)(weight * (mean / t->jobs -
							   l->rolling_mean[i]));
		l->rolling_variance[i] += (float)(weight *
						  (variance / t->jobs -
						      l->rolling_variance[i]));
	}
}

/* One array of one layer: adds up the jobs' gradients and descends. */
static void
update_blob(struct nettrain *t, int layer_no, int blob, float *v, double rate)
{
	struct netblob b[NETBLOB_MAX], other[NETBLOB_MAX];
	size_t i;
	int j;

	netblob_list(&t->dark[0]->layers[layer_no], b);
	for (j = 1; j < t->jobs; j++) {
		netblob_list(&t->dark[j]->layers[layer_no], other);
		for (i = 0; i < b[blob].n; i++)
			b[blob].update[i] += other[blob].update[i];
		memset(other[blob].update, 0, b[blob].n * sizeof(float));
	}
	for (i = 0; i < b[blob].n; i++) {
		float w = b[blob].value[i];
		float g = b[blob].update[i] / (float)t->batch;

		if (b[blob].kind == NETBLOB_WEIGHT)
			g -= (float)t->decay * w;
		v[i] = (float)t->momentum * v[i] + g;
		b[blob].value[i] = w + (float)rate * v[i];
	}
	memset(b[blob].update, 0, b[blob].n * sizeof(float));
}

static void
update(struct nettrain *t, double rate)
{
	struct netblob b[NETBLOB_MAX];
	float *v = t->velocity;
	int i, k, n;

	for (i = 0; i <= t->soft; i++) {
		layer *l = &t->dark[0]->layers[i];

		n = netblob_list(l, b);
		if (n > 0 && (l->batch_normalize || l->type == BATCHNORM))
			update_stats(t, i);
		for (k = 0; k < n; v += b[k++].n)
			if (b[k].kind != NETBLOB_STAT)
				update_blob(
				    t, i, k, v, rate * l->learning_rate_scale);
	}
}

double
netsgd_step(struct nettrain *t, const struct netdata_images *im, double rate)
{
	struct netsgd_score s = run_jobs(t, im, 0, (size_t)t->batch, 1);

	update(t, rate);
	t->steps++;
	return s.loss / t->batch;
}

struct netsgd_score
netsgd_test(struct nettrain *t, const struct netdata_images *im, size_t n)
{
	size_t at, step = (size_t)t->batch;
	struct netsgd_score all = {0, 0}, s;

	for (at = 0; at < n; at += step) {
		s = run_jobs(t, im, at, n - at < step ? n - at : step, 0);
		all.right += s.right;
		all.loss += s.loss;
	}
	if (n > 0)
		all.loss /= (double)n;
	return all;
}
