/*
 * A darknet network compiled for oneDNN: each layer becomes an operation of
 * its own, with batch normalisation in the weights and the activation in the
 * same pass; a layer without a match is run by darknet in between.
 * Foreign: darknet.
 */
#ifndef NETPLAN_H
#define NETPLAN_H

struct netcfg;
struct network;
struct netplan;

/*
 * Of layers 0 .. last, whose shapes are in the cfg; keep says for each whether
 * netplan_output will be asked for it. Each image is shared by threads; images
 * at a time run at the same time. The network stays the caller's, and must
 * stay as long as the plan; weights that the plan has in a form of its own are
 * freed in it.
 */
struct netplan *netplan_make(struct network *dark, const struct netcfg *cfg,
    int last, const int *keep, int threads, int images);

/* One image. Threads have different numbers for run, from 0 to images - 1. */
void netplan_run(struct netplan *p, int run, const float *input);

/* The output of a kept layer, as the last run of that number left it. */
const float *netplan_output(const struct netplan *p, int run, int layer);

void netplan_free(struct netplan *p);

#endif
