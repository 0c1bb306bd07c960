/*
 * The temperature of a trained network (temper.h), from images that it was not
 * trained on.
 */
#ifndef NETCAL_H
#define NETCAL_H

#include "base/buf.h"
#include "net/train/netdata.h"

/*
 * Fits it to the images from number first on, and appends a record: images,
 * temperature, accuracy, loss and calibration error before and after, and the
 * line for the section model of a configuration. A network that does not end
 * in one softmax, an answer that is not finite, and images that no temperature
 * fits are a message and exit 2.
 */
void netcal_run(
    struct net *n, const struct netdata *d, size_t first, struct buf *b);

#endif
