/*
 * Which numbers of a record are looked at: those named, or all that there are
 * at the top of a record or in objects of it. Left out are what says when, who
 * or what for (seq, time, class, truth ...), arrays, and detectors' members.
 */
#ifndef WATCHED_H
#define WATCHED_H

#include "json/jsonscan.h"

enum { WATCHED_MOST = 44 };

/* All zero at first. */
struct watched {
	size_t n;
	char *name[WATCHED_MOST];
	int path[WATCHED_MOST];
	int counts[WATCHED_MOST]; /* it only ever rises: no measurement */
	int named;                /* no others are taken */
	int full;                 /* there were more */
	const char *except;       /* a path that is no field, or NULL */
	unsigned shape[64];       /* of lines that have been looked at */
};

/* Adds a path. Returns 0, or -1: it is none, or there are too many. */
int watched_add(struct watched *w, struct json_paths *ps, const char *name);

/* Adds those of a line that passed jsonscan. 1 when there were new ones. */
int watched_look(struct watched *w, struct json_paths *ps, const char *line,
    const struct json_line *scan);

/* The values: NAN for those that are missing or no number. */
void watched_read(
    const struct watched *w, const struct json_span *found, double *value);

void watched_free(struct watched *w);

#endif
