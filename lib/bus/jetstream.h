/*
 * A connection to NATS, and its JetStream: messages in from a stream, in
 * order, and out to one. This is the one module that knows libnats.
 *
 * Nothing is mended in here: where the connection breaks, or messages were
 * lost on their way, the caller closes it and opens another, and goes on from
 * the place that it knows.
 */
#ifndef JETSTREAM_H
#define JETSTREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct jetstream;

enum jetstream_result {
	JETSTREAM_DONE,
	JETSTREAM_NOTHING, /* for now */
	JETSTREAM_LARGE,   /* the stream takes less in one message */
	JETSTREAM_BROKEN,  /* it may go another time */
	JETSTREAM_WRONG    /* nothing here will mend it */
};

/* How to get there; kept, not copied. */
struct jetstream_server {
	const char **url;
	size_t urls;
	const char *name;       /* of the client, for its operators */
	const char *inbox;      /* the subjects that answers come to */
	const char *creds;      /* a file of NATS's own, or NULL */
	const char *login;      /* USER:PASSWORD, or a token, or NULL */
	const char *ca;         /* files for TLS, or NULL */
	const char *cert, *key; /* both, or neither */
};

struct jetstream_stream {
	uint64_t first, last; /* sequence numbers; last < first: it is empty */
	int64_t created;      /* ns since 1970 */
	int is_kept;          /* whoever has read it: retention by limits */
};

/* Stands until the next call. */
struct jetstream_message {
	const char *data;
	size_t len;
	uint64_t sequence;
	int64_t time;      /* when it was stored, in ns since 1970 */
	uint64_t left;     /* messages of the stream after it */
	const char *id;    /* that its publisher gave it, or NULL */
	const char *reply; /* to acknowledge it by */
};

/* NULL in *js unless it is done. */
enum jetstream_result jetstream_open(
    struct jetstream **js, const struct jetstream_server *server);

/* Why the last call was not done: a text that stands until the next. */
const char *jetstream_why(void);

/* The URL of the server, in place of what is in url, where it is known. */
void jetstream_where(const struct jetstream *js, char *url, size_t size);

enum jetstream_result jetstream_look(
    struct jetstream *js, const char *stream, struct jetstream_stream *s);

/* Appends what comes back from a request, such as those to $JS.API. */
enum jetstream_result jetstream_request(struct jetstream *js,
    const char *subject, const char *text, struct buf *answer);

/*
 * Makes a consumer of that name, in the place of one that there may be, which
 * delivers from that sequence number on; 0: all. left is what there is to come.
 */
enum jetstream_result jetstream_consume(struct jetstream *js,
    const char *stream, const char *consumer, uint64_t from, uint64_t *left);

/* The next message, waiting no longer than that. */
enum jetstream_result jetstream_next(
    struct jetstream *js, struct jetstream_message *m, int milliseconds);

/* Whether jetstream_next would answer from what it has. */
int jetstream_has(const struct jetstream *js);

/* Whether the server had none for the last request, while that stood. */
int jetstream_is_dry(const struct jetstream *js);

/* All of the consumer's messages up to that one. */
void jetstream_ack(struct jetstream *js, const char *reply);

/* Removes the consumer. */
void jetstream_forget(
    struct jetstream *js, const char *stream, const char *consumer);

/* The bytes that the server takes as one message, its headers included. */
size_t jetstream_most(const struct jetstream *js);

/* Done when the server has stored it, or had it already by that id. */
enum jetstream_result jetstream_publish(struct jetstream *js,
    const char *subject, const char *id, const void *data, size_t n);

void jetstream_close(struct jetstream *js);

#endif
