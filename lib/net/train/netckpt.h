/*
 * Checkpoints of a training: weights, velocity and the steps done, with what
 * the training was asked for, and a CRC. One of another training is refused.
 * Foreign: zlib, for the CRC.
 */
#ifndef NETCKPT_H
#define NETCKPT_H

struct nettrain;

/* What must be alike for a training to go on, each a number. */
struct netckpt_key {
	const char *name;
	unsigned long long value;
};

enum { NETCKPT_KEYS = 10 };

/* keys ends with a name NULL. loss is kept for the caller. */
void netckpt_save(struct nettrain *t, const struct netckpt_key *keys,
    double loss, const char *path);

/* Returns 0 when there is no such file. What else is wrong is exit 2. */
int netckpt_load(struct nettrain *t, const struct netckpt_key *keys,
    double *loss, const char *path);

#endif
