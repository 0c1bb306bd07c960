/* Which NATS server, and what it wants to see: the options of its clients. */
#ifndef SERVEROPT_H
#define SERVEROPT_H

#include "bus/jetstream.h"
#include "tool/opt.h"

/* To stand in the tool's tables. */
extern const struct opt serveropt_table[];

/* Their names, for state files, which do not depend on them. */
#define SERVEROPT_NAMES                                                        \
	"server", "creds", "login", "tls-ca", "tls-cert", "tls-key"

/*
 * After the options are parsed; client is the name that the server's operator
 * sees. What can't be is a message and exit 2.
 */
struct jetstream_server serveropt_server(const char *client);

#define SERVEROPT_NOT_IN_NAMES ".*>/\\"

/*
 * A subject, or the name of a stream or a consumer, as NATS has them: without
 * blanks, control characters and those that are refused. Another is a message
 * and exit 2.
 */
void serveropt_name(const char *option, const char *name, const char *refused);

#endif
