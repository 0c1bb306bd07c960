/*
 * Operations on several values, as netdnnl.h has those on one.
 * Foreign: oneDNN.
 */
#ifndef NETMERGE_H
#define NETMERGE_H

struct netdnnl_act;
struct netsteps;

/* b has a's shape, or 1 where it is repeated. */
enum netmerge_function {
	NETMERGE_ADD,
	NETMERGE_SUB,
	NETMERGE_MUL,
	NETMERGE_DIV,
	NETMERGE_MIN,
	NETMERGE_MAX
};
int netmerge_pair(struct netsteps *s, enum netmerge_function f, int a, int b,
    const struct netdnnl_act *act);

/* The channels of several images of one size. */
int netmerge_concat(struct netsteps *s, const int *src, int n);

#endif
