/*
 * driftpipe-pub - records to a NATS stream, each once. The work is in
 * lib/bus/publish.c.
 */
#include "bus/publish.h"
#include "bus/serveropt.h"
#include "run/state.h"
#include "tool/args.h"
#include "tool/err.h"

static struct tool tool;
static struct {
	const char *subject, *make, *spool;
	struct opt_list drop;
	long long every, limit;
	int pass, skip_bad;
} opt = {.every = 1, .limit = 256};

static const struct opt options[] = {
    {0, "subject", OPT_STRING, &opt.subject, "SUBJECT",
	"of the messages, which a stream takes", 0, 0},
    {0, "make-stream", OPT_PATH, &opt.make, "FILE",
	"make the stream of this configuration, unless it is there", 0, 0},
    {0, "spool", OPT_PATH, &opt.spool, "DIR",
	"keep records in DIR until they have been sent", 0, 0},
    {0, "spool-limit", OPT_INT, &opt.limit, "MIB",
	"spool: so much of them; then the oldest go", 1, 1e6},
    {0, "drop", OPT_LIST, &opt.drop, "NAME",
	"a member that is not sent, repeatable", 0, 0},
    {0, "every", OPT_INT, &opt.every, "N", "send one record of N", 1, 1e9},
    {0, "pass", OPT_FLAG, &opt.pass, NULL,
	"pass all records on to standard output, too", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static int
parse_options(int argc, char **argv)
{
	int first;

	tool = (struct tool){
	    .name = "driftpipe-pub",
	    .usage = "[-qv] [-c file] [-s dir] --subject subject "
		     "[option ...] [file ...]",
	    .about = "records to a NATS stream, each once",
	    .tables = {options, serveropt_table, state_options},
	};
	first = args_parse(&tool, argc, argv);
	if (opt.subject == NULL)
		err_die("'--subject': is needed");
	serveropt_name("subject", opt.subject, "*>");
	opt_refuse(opt.spool == NULL, "spool-limit", "only with --spool");
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	publish_run(
	    &(struct publish_plan){
		.tool = &tool,
		.server = serveropt_server(tool.name),
		.subject = opt.subject,
		.make = opt.make,
		.spool = opt.spool,
		.limit = (unsigned long long)opt.limit << 20,
		.drop = opt.drop,
		.every = opt.every,
		.pass = opt.pass,
		.skip_bad = opt.skip_bad,
	    },
	    argv + first, argc - first);
	return 0;
}
