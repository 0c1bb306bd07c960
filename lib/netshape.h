/*
 * The shape of each layer type's output, from its keys and the layer before.
 * The formulas are darknet's own (src/<type>_layer.c); the checks are those
 * without which darknet ends the process or reads outside its arrays. Part of
 * the module netcfg: what is wrong ends the program.
 */
#ifndef NETSHAPE_H
#define NETSHAPE_H

#include "netcfg.h"

void netshape_net(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_conv(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_local(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_connected(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_maxpool(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_avgpool(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_dropout(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_softmax(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_shortcut(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_route(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_crop(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_same(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_batchnorm(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_lrn(const struct netcfg *cfg, struct netcfg_section *s);
void netshape_cost(const struct netcfg *cfg, struct netcfg_section *s);

#endif
