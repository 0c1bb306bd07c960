/*
 * A connection (jetstream.h) that is opened again when it breaks, after a
 * second, then two, up to half a minute, and a while that is drawn, so that the
 * clients of a server that comes back do not all come at once.
 */
#ifndef LINK_H
#define LINK_H

#include "bus/jetstream.h"

struct link {
	struct jetstream_server server;
	int patient;          /* a connection that breaks is no trouble */
	struct jetstream *js; /* NULL: there is none */
	/* The rest is link.c's own. */
	int is_broken;
	double next, wait;
};

/*
 * Opens it, if it is not and it is time: 1 when it has, or is. What nothing here
 * will mend is a message and exit 2, here and below; without patience, so is
 * everything.
 */
int link_try(struct link *l);

/* After a call that was not done: closes it. Says why, the first time. */
void link_break(struct link *l, enum jetstream_result r);

/* All that was to be done on a new connection has been: it counts as mended. */
void link_good(struct link *l);

/* Sleeps until it is to be tried again, but no longer than so many ms. */
void link_sleep(const struct link *l, int most);

void link_close(struct link *l);

#endif
