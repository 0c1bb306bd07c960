#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/gzip.h"
#include "net/train/netckpt.h"
#include "net/train/nettrain.h"

struct header {
	char magic[8];
	uint64_t key[NETCKPT_KEYS];
	uint64_t steps, floats;
	double loss;
};

static const char magic[8] = "DPCKPT1";

static struct header
make_header(struct nettrain *t, const struct netckpt_key *keys, double loss)
{
	struct header h;
	size_t n;
	int i;

	memset(&h, 0, sizeof h);
	memcpy(h.magic, magic, sizeof h.magic);
	for (i = 0; i < NETCKPT_KEYS && keys[i].name != NULL; i++)
		h.key[i] = keys[i].value;
	nettrain_state(t, &n);
	h.floats = n;
	h.steps = t->steps;
	h.loss = loss;
	return h;
}

static uint32_t
checksum(const struct header *h, const float *state)
{
	unsigned long crc = gzip_crc(0, h, sizeof *h);

	return (uint32_t)gzip_crc(crc, state, h->floats * sizeof *state);
}

void
netckpt_save(struct nettrain *t, const struct netckpt_key *keys, double loss,
    const char *path)
{
	struct header h = make_header(t, keys, loss);
	uint32_t crc;
	float *state;
	char *file;
	size_t n;

	nettrain_get(t);
	state = nettrain_state(t, &n);
	crc = checksum(&h, state);
	n *= sizeof *state;
	file = err_malloc(sizeof h + n + sizeof crc);
	memcpy(file, &h, sizeof h);
	memcpy(file + sizeof h, state, n);
	memcpy(file + sizeof h + n, &crc, sizeof crc);
	atomic_write(path, file, sizeof h + n + sizeof crc, 0644);
	free(file);
}

int
netckpt_load(struct nettrain *t, const struct netckpt_key *keys, double *loss,
    const char *path)
{
	struct header want = make_header(t, keys, 0), h;
	FILE *f = fopen(path, "re");
	uint32_t crc;
	float *state;
	size_t n;
	int i;

	if (f == NULL && errno == ENOENT)
		return 0;
	if (f == NULL)
		err_die("%s: %m", path);
	state = nettrain_state(t, &n);
	if (fread(&h, sizeof h, 1, f) != 1 ||
	    memcmp(h.magic, magic, sizeof h.magic) != 0)
		err_die("%s: is not a checkpoint", path);
	for (i = 0; i < NETCKPT_KEYS && keys[i].name != NULL; i++)
		if (h.key[i] != want.key[i])
			err_die("%s: is of a training with another %s", path,
			    keys[i].name);
	if (h.floats != n || fread(state, sizeof *state, n, f) != n ||
	    fread(&crc, sizeof crc, 1, f) != 1 || fgetc(f) != EOF ||
	    crc != checksum(&h, state))
		err_die("%s: is damaged", path);
	fclose(f);
	nettrain_set(t, h.steps);
	*loss = h.loss;
	return 1;
}
