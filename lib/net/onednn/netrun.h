/*
 * Runs the steps of netsteps.h: the memory for one image at a time, and what
 * oneDNN wants to hear about it. Several threads may run the same steps, each
 * with a run of its own; the caller's steps may then run at the same time.
 * Foreign: oneDNN.
 */
#ifndef NETRUN_H
#define NETRUN_H

struct netrun;
struct netsteps;

/* The steps are done, stay the caller's, and must stay as long as the run. */
struct netrun *netrun_make(const struct netsteps *s);
void netrun_free(struct netrun *r);

/* One image. */
void netrun_image(struct netrun *r, const float *input);

/* A kept value, as the last image left it. */
const float *netrun_value(const struct netrun *r, int value);

#endif
