#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/serveropt.h"
#include "tool/err.h"

static const char *nearest[] = {"nats://localhost:4222"};
static struct {
	struct opt_list server;
	const char *creds, *login, *ca, *cert, *key;
} opt = {.server = {nearest, 1}};

const struct opt serveropt_table[] = {
    {0, "server", OPT_LIST, &opt.server, "URL",
	"a NATS server, or another of its cluster, repeatable", 0, 0},
    {0, "creds", OPT_PATH, &opt.creds, "FILE",
	"NATS credentials: a JWT and its key", 0, 0},
    {0, "login", OPT_PATH, &opt.login, "FILE",
	"a file with USER:PASSWORD, or with a token", 0, 0},
    {0, "tls-ca", OPT_PATH, &opt.ca, "FILE",
	"TLS: certificates of who signs the server's", 0, 0},
    {0, "tls-cert", OPT_PATH, &opt.cert, "FILE", "TLS: our own certificate", 0,
	0},
    {0, "tls-key", OPT_PATH, &opt.key, "FILE", "TLS: its key", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* The one line of a file. */
static const char *
read_login(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;

	if (f == NULL)
		err_die("%s: %m", path);
	if (getline(&line, &cap, f) < 0)
		err_die("%s: is empty", path);
	fclose(f);
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static void
check_file(const char *path)
{
	FILE *f = path != NULL ? fopen(path, "re") : NULL;

	if (path != NULL && f == NULL)
		err_die("%s: %m", path);
	if (f != NULL)
		fclose(f);
}

void
serveropt_name(const char *option, const char *name, const char *refused)
{
	for (const char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == '\x7f' ||
		    strchr(refused, *p) != NULL)
			err_die("'--%s': none of NATS's names has such a "
				"character: '%s'",
			    option, p);
	if (*name == '.' || strstr(name, "..") != NULL ||
	    name[strlen(name) - 1] == '.')
		err_die("'--%s': has an empty part between dots: '%s'", option,
		    name);
}

struct jetstream_server
serveropt_server(const char *client)
{
	char *inbox;

	if ((opt.cert == NULL) != (opt.key == NULL))
		err_die("'--tls-cert': only with '--tls-key', and the other "
			"way round");
	/* All users of a machine can read its command lines. */
	for (size_t i = 0; i < opt.server.n; i++)
		if (strchr(opt.server.item[i], '@') != NULL)
			err_die("'--server': no password in a URL: use "
				"'--login' or '--creds'");
	check_file(opt.creds);
	check_file(opt.ca);
	check_file(opt.cert);
	check_file(opt.key);
	/* Who may hear these hears nothing of what others are told. */
	if (asprintf(&inbox, "_INBOX.%s", client) < 0)
		err_memory();
	return (struct jetstream_server){
	    .url = opt.server.item,
	    .urls = opt.server.n,
	    .name = client,
	    .inbox = inbox,
	    .creds = opt.creds,
	    .login = opt.login ? read_login(opt.login) : NULL,
	    .ca = opt.ca,
	    .cert = opt.cert,
	    .key = opt.key,
	};
}
