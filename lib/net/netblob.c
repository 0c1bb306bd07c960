#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <darknet.h>

#include "tool/atomic.h"
#include "tool/err.h"
#include "net/netblob.h"

enum { HEADER_MIN = 16, HEADER_MAX = 20 };

int
netblob_list(const layer *l, struct netblob out[NETBLOB_MAX])
{
	size_t n = l->type == CONVOLUTIONAL ? l->n : l->outputs,
	       w = l->nweights;
	int k = 0;

	if (l->type == CONNECTED)
		w = (size_t)l->inputs * l->outputs;
	else if (l->type == LOCAL)
		w = (size_t)l->size * l->size * l->c * l->n * l->out_w *
		    l->out_h;
	else if (l->type == BATCHNORM)
		n = l->c;
	else if (l->type != CONVOLUTIONAL)
		return 0;
	if (l->type != BATCHNORM)
		out[k++] = (struct netblob){
		    l->biases, l->bias_updates, n, NETBLOB_BIAS};
	/* A connected layer has its weights before its statistics. */
	if (l->type == CONNECTED)
		out[k++] = (struct netblob){
		    l->weights, l->weight_updates, w, NETBLOB_WEIGHT};
	if (l->batch_normalize || l->type == BATCHNORM) {
		out[k++] = (struct netblob){
		    l->scales, l->scale_updates, n, NETBLOB_SCALE};
		out[k++] = (struct netblob){
		    l->rolling_mean, NULL, n, NETBLOB_STAT};
		out[k++] = (struct netblob){
		    l->rolling_variance, NULL, n, NETBLOB_STAT};
	}
	if (l->type == CONVOLUTIONAL || l->type == LOCAL)
		out[k++] = (struct netblob){
		    l->weights, l->weight_updates, w, NETBLOB_WEIGHT};
	return k;
}

/* Reads n bytes, or ends the program. */
static void
read_all(int fd, void *to, size_t n, const char *path)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			err_die("%s: %m", path);
		if (got == 0)
			err_die("%s: is truncated", path);
		p += got;
		n -= (size_t)got;
	}
}

/* The size that version words and images seen take, by the version. */
static size_t
header_size(const int version[3], const char *path)
{
	int major = version[0], minor = version[1];

	if (major < 0 || major > 100000 || minor < 0 || minor > 100000)
		err_die("%s: is not a darknet weights file", path);
	return major * 10 + minor >= 2 && major < 1000 && minor < 1000
		   ? HEADER_MAX
		   : HEADER_MIN;
}

/* Opens the file and says whether it is as long as the cfg asks for. */
static int
open_weights(const char *path, const struct netcfg *cfg, int version[3])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char seen[HEADER_MAX];
	long long want;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		err_die("%s: %m", path);
	if (!S_ISREG(st.st_mode))
		err_die("%s: is not a regular file", path);
	if (st.st_size == 0)
		err_die("%s: is empty", path);
	read_all(fd, version, 3 * sizeof *version, path);
	want = header_size(version, path);
	read_all(fd, seen, want - 3 * sizeof *version, path);
	want += cfg->params * 4;
	if (st.st_size != want)
		err_die("%s: %s: has %lld bytes, not the %lld of '%s'", path,
		    st.st_size < want ? "is truncated or of another network"
				      : "is of another network",
		    (long long)st.st_size, want, cfg->path);
	return fd;
}

static void
transpose(float *a, int rows, int cols)
{
	size_t n = (size_t)rows * cols;
	float *t = err_malloc(n * sizeof *t);
	int r, c;

	for (r = 0; r < rows; r++)
		for (c = 0; c < cols; c++)
			t[(size_t)c * rows + r] = a[(size_t)r * cols + c];
	memcpy(a, t, n * sizeof *t);
	free(t);
}

/* Infinities, and variances below zero, would end as NaN probabilities. */
static void
check_values(const struct netblob *b, int variance, int layer, const char *path)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (!isfinite(b->value[i]) || (variance && b->value[i] < 0))
			err_die("%s: layer %d: '%g' is not a %s", path, layer,
			    b->value[i], variance ? "variance" : "weight");
}

void
netblob_check(const struct netcfg *cfg, const char *path)
{
	int version[3];

	close(open_weights(path, cfg, version));
}

void
netblob_load(struct network *net, const struct netcfg *cfg, const char *path)
{
	struct netblob b[NETBLOB_MAX];
	int version[3], i, j, n;
	int fd = open_weights(path, cfg, version);
	int old = version[0] > 1000 || version[1] > 1000;

	for (i = 0; i < net->n; i++) {
		layer *l = &net->layers[i];

		n = netblob_list(l, b);
		for (j = 0; j < n; j++) {
			read_all(fd, b[j].value, b[j].n * sizeof(float), path);
			check_values(
			    &b[j], b[j].value == l->rolling_variance, i, path);
		}
		if (l->type == CONNECTED && old)
			transpose(l->weights, l->inputs, l->outputs);
		if (l->type == CONVOLUTIONAL && l->flipped)
			transpose(l->weights, l->c * l->size * l->size, l->n);
	}
	close(fd);
}

static char *
put(char *to, const void *p, size_t n)
{
	memcpy(to, p, n);
	return to + n;
}

void
netblob_save(struct network *net, unsigned long long seen, const char *path)
{
	const int version[3] = {0, 2, 0};
	struct netblob b[NETBLOB_MAX];
	size_t size = HEADER_MAX;
	char *file, *p;
	int i, j, n;

	for (i = 0; i < net->n; i++)
		for (j = netblob_list(&net->layers[i], b) - 1; j >= 0; j--)
			size += b[j].n * sizeof(float);
	p = file = err_malloc(size);
	p = put(p, version, sizeof version);
	p = put(p, &seen, sizeof seen);
	for (i = 0; i < net->n; i++) {
		n = netblob_list(&net->layers[i], b);
		for (j = 0; j < n; j++)
			p = put(p, b[j].value, b[j].n * sizeof(float));
	}
	atomic_write(path, file, size, 0644);
	free(file);
}
