/* A stream of JetStream that is to be there, by NATS's own configuration. */
#ifndef NEWSTREAM_H
#define NEWSTREAM_H

#include "bus/jetstream.h"

/*
 * Makes the stream that the file describes, unless there is one alike. What the
 * file lacks, and one that differs, is a message and exit 2.
 */
enum jetstream_result newstream_make(struct jetstream *js, const char *file);

#endif
