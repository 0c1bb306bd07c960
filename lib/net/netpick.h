/*
 * A layer of a network by what its user calls it.
 */
#ifndef NETPICK_H
#define NETPICK_H

struct net;

/*
 * "last" (the answer; darknet's [cost] after it does not count),
 * "penultimate" (the one whose output enters the softmax), a number as net.h
  * counts, the name of an array of an ONNX network, or a type of the cfg in
 * full or in short ("avgpool", "conv") or of ONNX ("Conv"): the last layer of
 * it. Returns its number from 0, or -1 when there is no such layer.
 */
int netpick_layer(const struct net *n, const char *word);

#endif
