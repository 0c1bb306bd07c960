#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bus/jetstream.h"
#include "tool/err.h"

enum {
	CONNECT = 5000,  /* ms, for a connection, and for an answer */
	SLOWEST = 5,     /* bytes in a ms, that a message goes with */
	PING = 20000,    /* ms; twice without an answer is a broken link */
	BATCH = 128,     /* messages that are asked for at once */
	BYTES = 2 << 20, /* and of these, but one message in any case; a server
			    cuts off a client that asks for more than it takes */
	EXPIRY = 10      /* seconds that the server has for them */
};
/* Nothing is delivered twice but after a new start. */
static const int64_t ACK_WAIT = (int64_t)86400 * 1000000000;
/* A consumer that nobody has asked for so long is forgotten. */
static const int64_t IDLE = (int64_t)30 * 86400 * 1000000000;

struct jetstream {
	natsConnection *connection;
	jsCtx *js;
	natsSubscription *consumer;
	const char *inbox; /* of answers */
	char *pull;        /* the subject that messages are asked for on */
	natsMsg *msg;      /* the last */
	int asked, given;  /* of a request: 0 when it is over; and came */
	double until;      /* when something has to have come */
	uint64_t expected; /* the consumer's own number of the next message */
};

static char why[512];

const char *
jetstream_why(void)
{
	return why;
}

/* What has to be mended by somebody, and what by time. */
static enum jetstream_result
judge(natsStatus s, jsErrCode code)
{
	switch (s) {
	case NATS_OK:
		return JETSTREAM_DONE;
	case NATS_CONNECTION_AUTH_FAILED:
	case NATS_NOT_PERMITTED:
	case NATS_SSL_ERROR:
	case NATS_INVALID_ARG:
	case NATS_INVALID_SUBJECT:
	case NATS_MAX_PAYLOAD:
	case NATS_SECURE_CONNECTION_WANTED:
	case NATS_SECURE_CONNECTION_REQUIRED:
		return JETSTREAM_WRONG;
	default:
		if (code == JSStreamMessageExceedsMaximumErr)
			return JETSTREAM_LARGE;
		return code == JSStreamNotFoundErr ||
			       code == JSNotEnabledForAccountErr
			   ? JETSTREAM_WRONG
			   : JETSTREAM_BROKEN;
	}
}

/* A link that broke in the handshake is no matter of certificates. */
static int
is_handshake_cut(natsStatus s)
{
	return s == NATS_SSL_ERROR && strcasestr(why, "certificate") == NULL &&
	       strcasestr(why, "mismatch") == NULL &&
	       strcasestr(why, "alert") == NULL;
}

/* What may not be done is not answered, but said to the connection. */
static int
is_forbidden(struct jetstream *js, natsStatus s)
{
	const char *text = NULL;

	if (js->connection == NULL ||
	    (s != NATS_TIMEOUT && s != NATS_NO_RESPONDERS))
		return 0;
	natsConnection_GetLastError(js->connection, &text);
	if (text == NULL || strcasestr(text, "permissions violation") == NULL)
		return 0;
	snprintf(why, sizeof(why), "%s", text);
	return 1;
}

static enum jetstream_result
result(struct jetstream *js, natsStatus s, jsErrCode code)
{
	natsStatus last;
	const char *text = nats_GetLastError(&last);

	if (s == NATS_OK)
		return JETSTREAM_DONE;
	if (text == NULL || *text == '\0' || last != s)
		text = natsStatus_GetText(s);
	if (is_forbidden(js, s))
		return JETSTREAM_WRONG;
	/* It begins with the place in libnats: "(conn.c:1234): ". */
	if (text[0] == '(' && strstr(text, "): ") != NULL)
		text = strstr(text, "): ") + 3;
	snprintf(why, sizeof(why), "%s",
	    s == NATS_NO_RESPONDERS ? "there is no JetStream, or not yet"
	    : s == NATS_NO_SERVER   ? "no server answers"
	    : s == NATS_TIMEOUT     ? "no answer in time"
	    /* Of a handshake that was cut, libnats knows no more. */
	    : strstr(text, "(null)") != NULL ? natsStatus_GetText(s)
					     : text);
	return is_handshake_cut(s) ? JETSTREAM_BROKEN : judge(s, code);
}

/* The file's one line, as a user and password or as a token. */
static natsStatus
set_login(natsOptions *o, const char *login)
{
	const char *colon = strchr(login, ':');
	char *user;
	natsStatus s;

	if (colon == NULL)
		return natsOptions_SetToken(o, login);
	user = err_strdup(login);
	user[colon - login] = '\0';
	s = natsOptions_SetUserInfo(o, user, colon + 1);
	free(user);
	return s;
}

static natsStatus
set_tls(natsOptions *o, const struct jetstream_server *server)
{
	natsStatus s = NATS_OK;
	int wanted = server->ca != NULL || server->cert != NULL;

	for (size_t i = 0; i < server->urls; i++)
		wanted |= strncmp(server->url[i], "tls:", 4) == 0;
	if (!wanted)
		return NATS_OK;
	s = natsOptions_SetSecure(o, true);
	if (s == NATS_OK)
		s = natsOptions_LoadCATrustedCertificates(o,
		    server->ca != NULL ? server->ca
				       : "/etc/ssl/certs/ca-certificates.crt");
	if (s == NATS_OK && server->cert != NULL)
		s = natsOptions_LoadCertificatesChain(
		    o, server->cert, server->key);
	return s;
}

static natsStatus
set_options(natsOptions *o, const struct jetstream_server *server)
{
	natsStatus s = natsOptions_SetServers(
	    o, server->url, (int)server->urls);

	s = s ? s : natsOptions_SetName(o, server->name);
	s = s ? s : natsOptions_SetCustomInboxPrefix(o, server->inbox);
	s = s ? s : natsOptions_SetTimeout(o, CONNECT);
	s = s ? s : natsOptions_SetPingInterval(o, PING);
	/* Whoever waits is to learn of a broken link at once. */
	s = s ? s : natsOptions_SetAllowReconnect(o, false);
	if (s == NATS_OK && server->creds != NULL)
		s = natsOptions_SetUserCredentialsFromFiles(
		    o, server->creds, NULL);
	if (s == NATS_OK && server->login != NULL)
		s = set_login(o, server->login);
	return s == NATS_OK ? set_tls(o, server) : s;
}

enum jetstream_result
jetstream_open(struct jetstream **js, const struct jetstream_server *server)
{
	struct jetstream *j = err_calloc(1, sizeof(*j));
	natsOptions *o = NULL;
	natsStatus s = natsOptions_Create(&o);
	enum jetstream_result r;
	int is_set;

	*js = NULL;
	j->inbox = server->inbox;
	if (s == NATS_OK)
		s = set_options(o, server);
	is_set = s == NATS_OK;
	if (s == NATS_OK)
		s = natsConnection_Connect(&j->connection, o);
	if (s == NATS_OK)
		s = natsConnection_JetStream(&j->js, j->connection, NULL);
	r = result(j, s, 0);
	/* Its own files, with which no time helps. */
	if (!is_set)
		r = JETSTREAM_WRONG;
	natsOptions_Destroy(o);
	if (s == NATS_OK)
		*js = j;
	else
		jetstream_close(j);
	return r;
}

void
jetstream_where(const struct jetstream *js, char *url, size_t size)
{
	char connected[256];

	if (natsConnection_GetConnectedUrl(
		js->connection, connected, sizeof(connected)) == NATS_OK &&
	    connected[0] != '\0')
		snprintf(url, size, "%s", connected);
}

enum jetstream_result
jetstream_look(
    struct jetstream *js, const char *stream, struct jetstream_stream *to)
{
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus s = js_GetStreamInfo(&info, js->js, stream, NULL, &code);

	if (code == JSStreamNotFoundErr || s == NATS_NOT_FOUND) {
		snprintf(why, sizeof(why), "there is no stream '%s'", stream);
		return JETSTREAM_WRONG;
	}
	if (s == NATS_OK) {
		*to = (struct jetstream_stream){info->State.FirstSeq,
		    info->State.LastSeq, info->Created,
		    info->Config->Retention == js_LimitsPolicy};
		/* One that has never had a message. */
		if (to->first == 0)
			to->first = to->last + 1;
	}
	jsStreamInfo_Destroy(info);
	return result(js, s, code);
}

enum jetstream_result
jetstream_request(struct jetstream *js, const char *subject, const char *text,
    struct buf *answer)
{
	natsMsg *msg = NULL;
	natsStatus s = natsConnection_RequestString(
	    &msg, js->connection, subject, text, CONNECT);

	if (s == NATS_OK)
		buf_put(answer, natsMsg_GetData(msg),
		    (size_t)natsMsg_GetDataLength(msg));
	natsMsg_Destroy(msg);
	return result(js, s, 0);
}

static void
end_consumer(struct jetstream *js)
{
	natsMsg_Destroy(js->msg);
	js->msg = NULL;
	natsSubscription_Destroy(js->consumer);
	js->consumer = NULL;
	free(js->pull);
	js->pull = NULL;
	js->asked = js->given = 0;
}

void
jetstream_forget(struct jetstream *js, const char *stream, const char *consumer)
{
	end_consumer(js);
	js_DeleteConsumer(js->js, stream, consumer, NULL, NULL);
}

/* Where the consumer's messages come to. */
static natsStatus
listen_to(struct jetstream *js, const char *stream, const char *consumer)
{
	natsInbox *drawn = NULL;
	natsStatus s = natsInbox_Create(&drawn);
	char *inbox = NULL;

	if (s == NATS_OK &&
	    asprintf(&inbox, "%s%s", js->inbox, strrchr(drawn, '.')) < 0)
		err_memory();
	if (asprintf(&js->pull, "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream,
		consumer) < 0)
		err_memory();
	s = s ? s
	      : natsConnection_SubscribeSync(
		    &js->consumer, js->connection, inbox);
	/* What is asked for is limit enough. */
	s = s ? s : natsSubscription_SetPendingLimits(js->consumer, -1, -1);
	natsInbox_Destroy(drawn);
	free(inbox);
	return s;
}

enum jetstream_result
jetstream_consume(struct jetstream *js, const char *stream,
    const char *consumer, uint64_t from, uint64_t *left)
{
	jsConsumerInfo *info = NULL;
	jsConsumerConfig config;
	jsErrCode code = 0;
	natsStatus s;

	jetstream_forget(js, stream, consumer);
	jsConsumerConfig_Init(&config);
	config.Durable = consumer;
	if (from > 0) {
		config.DeliverPolicy = js_DeliverByStartSequence;
		config.OptStartSeq = from;
	}
	config.AckPolicy = js_AckAll;
	config.AckWait = ACK_WAIT;
	config.InactiveThreshold = IDLE;
	config.MaxAckPending = INT32_MAX;
	s = js_AddConsumer(&info, js->js, stream, &config, NULL, &code);
	if (s == NATS_OK)
		*left = info->NumPending;
	jsConsumerInfo_Destroy(info);
	if (s == NATS_OK)
		s = listen_to(js, stream, consumer);
	js->expected = 1;
	return result(js, s, code);
}

int
jetstream_has(const struct jetstream *js)
{
	int n = 0;

	natsSubscription_GetPending(js->consumer, &n, NULL);
	return n > 0;
}

static enum jetstream_result
read_message(struct jetstream *js, natsMsg *msg, struct jetstream_message *m)
{
	jsMsgMetaData *meta = NULL;
	natsStatus s = natsMsg_GetMetaData(&meta, msg);

	if (s != NATS_OK)
		return result(js, s, 0);
	*m = (struct jetstream_message){
	    .data = natsMsg_GetData(msg),
	    .len = (size_t)natsMsg_GetDataLength(msg),
	    .sequence = meta->Sequence.Stream,
	    .time = meta->Timestamp,
	    .left = meta->NumPending,
	    .reply = natsMsg_GetReply(msg),
	};
	natsMsgHeader_Get(msg, "Nats-Msg-Id", &m->id);
	if (meta->Sequence.Consumer != js->expected++) {
		snprintf(why, sizeof(why), "messages were lost on their way");
		s = NATS_ERR;
	}
	jsMsgMetaData_Destroy(meta);
	return s == NATS_OK ? JETSTREAM_DONE : JETSTREAM_BROKEN;
}

static void
expect_more(struct jetstream *js)
{
	js->until = clock_monotonic() + 3 * EXPIRY;
}

/* For the next messages, when all that were asked for last have come. */
static natsStatus
ask(struct jetstream *js)
{
	/* Room for the largest, with its subject and headers. */
	size_t most = jetstream_most(js) + (64 << 10);
	char request[128];

	if (js->asked > 0)
		return NATS_OK;
	snprintf(request, sizeof(request),
	    "{\"batch\":%d,\"max_bytes\":%zu,\"expires\":%d000000000}", BATCH,
	    most > BYTES ? most : BYTES, EXPIRY);
	js->asked = BATCH;
	js->given = 0;
	expect_more(js);
	return natsConnection_PublishRequestString(js->connection, js->pull,
	    natsSubscription_GetSubject(js->consumer), request);
}

/* The server's own message, that there is no more for this request. */
static enum jetstream_result
end_request(struct jetstream *js)
{
	const char *status = "", *text = "";

	natsMsgHeader_Get(js->msg, "Status", &status);
	natsMsgHeader_Get(js->msg, "Description", &text);
	js->asked = 0;
	/* Its time is over, or the next message is more than was asked for. */
	if (strcmp(status, "404") == 0 || strcmp(status, "408") == 0 ||
	    (js->given > 0 && strstr(text, "MaxBytes") != NULL))
		return JETSTREAM_NOTHING;
	snprintf(why, sizeof(why), "the server ends what was asked for: %s %s",
	    status, text);
	return JETSTREAM_BROKEN;
}

int
jetstream_is_dry(const struct jetstream *js)
{
	return js->asked == 0 && js->given == 0;
}

enum jetstream_result
jetstream_next(
    struct jetstream *js, struct jetstream_message *m, int milliseconds)
{
	natsStatus s = ask(js);

	natsMsg_Destroy(js->msg);
	js->msg = NULL;
	s = s ? s
	      : natsSubscription_NextMsg(&js->msg, js->consumer, milliseconds);
	if (s == NATS_TIMEOUT && natsConnection_IsClosed(js->connection))
		s = NATS_CONNECTION_CLOSED;
	if (s == NATS_TIMEOUT && clock_monotonic() < js->until)
		return JETSTREAM_NOTHING;
	if (s != NATS_OK)
		return result(js, s, 0);
	if (natsMsg_GetReply(js->msg) == NULL)
		return end_request(js);
	js->given++;
	js->asked--;
	expect_more(js);
	return read_message(js, js->msg, m);
}

void
jetstream_ack(struct jetstream *js, const char *reply)
{
	/* One that is lost is made good by the next. */
	natsConnection_PublishString(js->connection, reply, "+ACK");
}

size_t
jetstream_most(const struct jetstream *js)
{
	int64_t most = natsConnection_GetMaxPayload(js->connection);

	return most > 0 ? (size_t)most : 0;
}

enum jetstream_result
jetstream_publish(struct jetstream *js, const char *subject, const char *id,
    const void *data, size_t n)
{
	jsPubOptions o;
	jsErrCode code = 0;
	natsStatus s;

	jsPubOptions_Init(&o);
	o.MsgId = id;
	o.MaxWait = CONNECT + (int64_t)n / SLOWEST;
	s = js_Publish(NULL, js->js, subject, data, (int)n, &o, &code);
	if (s == NATS_NO_RESPONDERS && !is_forbidden(js, s)) {
		snprintf(why, sizeof(why), "no stream takes the subject '%s'",
		    subject);
		return JETSTREAM_BROKEN;
	}
	return result(js, s, code);
}

void
jetstream_close(struct jetstream *js)
{
	if (js == NULL)
		return;
	end_consumer(js);
	jsCtx_Destroy(js->js);
	natsConnection_Destroy(js->connection);
	free(js);
}
