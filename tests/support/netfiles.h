/* Files for the tests of the network. */
#ifndef NETFILES_H
#define NETFILES_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/net.h"
#include "net/netcfg.h"
#include "net/netshape.h"
#include "tap.h"

static char dir[] = "/tmp/net_test.XXXXXX";
static char cfg[64], weights[64];

static inline double
uniform(void)
{
	static unsigned long long s = 88172645463325252ULL;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return (double)(s >> 11) / 9007199254740992.0;
}

static inline void
put(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	fwrite(p, 1, n, f);
	fclose(f);
}

/* A weights file: the header's words, then n small positive floats. */
static inline void
put_weights(int major, int minor, size_t header, size_t n)
{
	int head[5] = {major, minor, 0, 0, 0};
	FILE *f = fopen(weights, "wb");
	float w;

	fwrite(head, 1, header, f);
	while (n-- > 0) {
		w = (float)(.05 + .1 * uniform());
		fwrite(&w, sizeof w, 1, f);
	}
	fclose(f);
}

static inline size_t
use(const char *text)
{
	struct netcfg *c;
	size_t n;

	put(cfg, text, strlen(text));
	c = netcfg_open(cfg);
	netshape_follow(c);
	n = (size_t)c->params;
	netcfg_free(c);
	return n;
}

/* Both files, with the first of the engines. */
static inline struct net *
open_it(void)
{
	return net_open(&(struct net_setup){cfg, weights, 0, 1, 1, 0});
}

/* Names the files in a directory of their own. */
static inline void
begin_files(void)
{
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(cfg, sizeof cfg, "%s/cfg", dir);
	snprintf(weights, sizeof weights, "%s/weights", dir);
}

static inline void
end_files(void)
{
	unlink(cfg);
	unlink(weights);
	rmdir(dir);
}

#endif
