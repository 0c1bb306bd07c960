#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netact.h"
#include "net/netdark.h"

/*
 * darknet's ways to end the process, and its random start values, replaced:
 * these definitions come before those in the library. That none of the first
 * three is ever called is what netcfg.c is for.
 */
void file_error(char *s);
void malloc_error(void);
float rand_normal(void);
float rand_uniform(float min, float max);

void
error(const char *s)
{
	err_die("darknet: '%s'", s);
}

void
file_error(char *s)
{
	err_die("darknet: '%s': cannot be opened", s);
}

void
malloc_error(void)
{
	err_die("darknet: %s", strerror(ENOMEM));
}

float
rand_normal(void)
{
	return 0;
}

float
rand_uniform(float min, float max)
{
	(void)min;
	(void)max;
	return 0;
}

/* The checked cfg as a file without a name: darknet reads nothing else. */
static int
cfg_file(const struct netcfg *cfg, int batch)
{
	int fd = memfd_create("cfg", MFD_CLOEXEC), copy;
	FILE *f;

	if (fd < 0 || (copy = dup(fd)) < 0 || (f = fdopen(copy, "w")) == NULL)
		err_die("temporary file: %m");
	netcfg_write(cfg, f, batch);
	if (fclose(f) != 0)
		err_die("temporary file: %m");
	return fd;
}

#ifdef NET_NOISY
/* The packaged library prints its layers on stderr. */
static struct network *
parse(char *path)
{
	int saved = dup(2), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct network *n;

	if (saved < 0 || null < 0 || dup2(null, 2) < 0)
		err_die("/dev/null: %m");
	n = parse_network_cfg(path);
	dup2(saved, 2);
	close(saved);
	close(null);
	return n;
}
#else
static struct network *
parse(char *path)
{
	return parse_network_cfg(path);
}
#endif

/* What darknet's constructors forget on a processor without CUDA. */
static void
complete(layer *l, int batch)
{
	size_t size = (size_t)l->outputs * batch;

	if (l->type != BATCHNORM)
		return;
	l->x = err_calloc(size, sizeof(float));
	l->x_norm = err_calloc(size, sizeof(float));
	l->mean_delta = err_calloc(l->c, sizeof(float));
	l->variance_delta = err_calloc(l->c, sizeof(float));
}

/* darknet's own pass without activation, and then ours. */
static void
forward_and_activate(layer l, network net)
{
	int own = (int)l.activation;

	l.activation = LINEAR;
	l.forward_gpu(l, net);
	netact_apply(own, l.output, (size_t)l.outputs * l.batch);
}

/*
 * Gives the layer an activation that darknet does not know. Its own pass is
 * kept in the place that is only used with a GPU.
 */
static void
set_activation(layer *l, const struct netcfg_section *s)
{
	int own = netact_find(netcfg_text(s, "activation", ""));

	if (own == 0)
		return;
	l->activation = (ACTIVATION)own;
	l->forward_gpu = l->forward;
	l->forward = forward_and_activate;
}

struct network *
netdark_make(const struct netcfg *cfg, int batch)
{
	int fd = cfg_file(cfg, batch);
	long long work = 0;
	struct network *n;
	char path[32];
	size_t i;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	n = parse(path);
	close(fd);
	for (i = 1; i < cfg->n; i++) {
		const struct netcfg_section *s = &cfg->section[i];
		layer *l = &n->layers[i - 1];

		if (l->outputs != s->outputs)
			netcfg_die(cfg, s, "has %d outputs, not %lld",
			    l->outputs, s->outputs);
		complete(l, batch);
		set_activation(l, s);
		work = s->work > work ? s->work : work;
	}
	/* darknet counts a local layer's in floats, not bytes. */
	free(n->workspace);
	n->workspace = err_calloc(work > 0 ? work : 1, sizeof(float));
	return n;
}

void
netdark_free(struct network *n)
{
	free(n->workspace);
	free(n->seen);
	free(n->t);
	free(n->cost);
	free_network(n);
}
