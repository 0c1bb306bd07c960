/*
 * A network's cfg ends in a message, or in shapes that are within their ranges
 * and a text for darknet that says the same.
 */
#include "exits.h"
#include "net/netcfg.h"
#include "net/netneed.h"
#include "net/netshape.h"

static void
check(const struct netcfg *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct netcfg_section *s = &c->section[i];

		demand(s->w >= 0 && s->h >= 0 && s->c >= 0);
		demand(s->outputs >= 0 && s->params >= 0 && s->work >= 0);
	}
	demand(netneed_bytes(c, &(struct netneed_plan){0, 0}) >= 0);
	demand(netneed_bytes(c, &(struct netneed_plan){3, 0}) >= 0);
}

static void
load(void *path)
{
	struct netcfg *c = netcfg_open(path);
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	demand(f != NULL);
	netshape_follow(c);
	check(c);
	netcfg_write(c, f, 1);
	demand(fclose(f) == 0 && n > 0);
	free(text);
	netcfg_free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	exits_with_file("cfg", data, size, load);
	return 0;
}
