#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/jetstream.h"
#include "tool/err.h"

enum {
	CONNECT = 5000, /* ms, for a connection, and for an answer */
	PING = 10000,   /* ms; twice without an answer is a broken link */
	BATCH = 128     /* messages that are asked for at once */
};
/* Nothing is delivered twice but after a new start. */
static const int64_t ACK_WAIT = (int64_t)86400 * 1000000000;
/* A consumer that nobody has asked for so long is forgotten. */
static const int64_t IDLE = (int64_t)30 * 86400 * 1000000000;

struct jetstream {
	natsConnection *connection;
	jsCtx *js;
	natsSubscription *consumer;
	natsMsgList got;
	int given;         /* of these */
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
		return code == JSStreamNotFoundErr ||
			       code == JSNotEnabledForAccountErr ||
			       code == JSStreamMessageExceedsMaximumErr
			   ? JETSTREAM_WRONG
			   : JETSTREAM_BROKEN;
	}
}

/* What may not be done is not answered, but said to the connection. */
static int
is_forbidden(struct jetstream *js, natsStatus s)
{
	const char *text = NULL;

	if (s != NATS_TIMEOUT && s != NATS_NO_RESPONDERS)
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
				    : text);
	return judge(s, code);
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

	*js = NULL;
	if (s == NATS_OK)
		s = set_options(o, server);
	if (s == NATS_OK)
		s = natsConnection_Connect(&j->connection, o);
	if (s == NATS_OK)
		s = natsConnection_JetStream(&j->js, j->connection, NULL);
	r = result(j, s, 0);
	natsOptions_Destroy(o);
	if (s == NATS_OK)
		*js = j;
	else
		jetstream_close(j);
	return r;
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
		    info->Config->Retention == js_WorkQueuePolicy,
		    info->Config->Retention == js_InterestPolicy};
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
drop_messages(struct jetstream *js)
{
	natsMsgList_Destroy(&js->got);
	js->got = (natsMsgList){0};
	js->given = 0;
}

void
jetstream_forget(struct jetstream *js, const char *stream, const char *consumer)
{
	drop_messages(js);
	natsSubscription_Destroy(js->consumer);
	js->consumer = NULL;
	js_DeleteConsumer(js->js, stream, consumer, NULL, NULL);
}

enum jetstream_result
jetstream_consume(struct jetstream *js, const char *stream,
    const char *consumer, uint64_t from, uint64_t *left)
{
	jsConsumerInfo *info = NULL;
	jsConsumerConfig config;
	jsSubOptions bind;
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
	if (s == NATS_OK) {
		jsSubOptions_Init(&bind);
		bind.Stream = stream;
		bind.Consumer = consumer;
		s = js_PullSubscribe(
		    &js->consumer, js->js, NULL, NULL, NULL, &bind, &code);
	}
	js->expected = 1;
	return result(js, s, code);
}

int
jetstream_has(const struct jetstream *js)
{
	return js->given < js->got.Count;
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

enum jetstream_result
jetstream_next(
    struct jetstream *js, struct jetstream_message *m, int milliseconds)
{
	natsStatus s = NATS_OK;

	if (!jetstream_has(js)) {
		drop_messages(js);
		s = natsSubscription_Fetch(
		    &js->got, js->consumer, BATCH, milliseconds, NULL);
	}
	if (s == NATS_TIMEOUT && natsConnection_IsClosed(js->connection))
		s = NATS_CONNECTION_CLOSED;
	if (s == NATS_TIMEOUT)
		return JETSTREAM_NOTHING;
	if (s != NATS_OK)
		return result(js, s, 0);
	return read_message(js, js->got.Msgs[js->given++], m);
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
	o.MaxWait = CONNECT;
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
	drop_messages(js);
	natsSubscription_Destroy(js->consumer);
	jsCtx_Destroy(js->js);
	natsConnection_Destroy(js->connection);
	free(js);
}
