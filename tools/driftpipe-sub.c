/*
 * driftpipe-sub - the records of a NATS stream, each once. The work is in
 * lib/bus/subscribe.c.
 */
#include "bus/serveropt.h"
#include "bus/subscribe.h"
#include "run/state.h"
#include "tool/args.h"
#include "tool/err.h"

static struct tool tool;
static struct {
	const char *stream, *consumer;
	double barrier;
	int follow, skip_bad;
} opt = {.barrier = 60};

static const struct opt options[] = {
    {0, "stream", OPT_STRING, &opt.stream, "NAME", "the JetStream stream", 0,
	0},
    {0, "follow", OPT_FLAG, &opt.follow, NULL,
	"wait for more messages, and for a server that is away", 0, 0},
    {0, "barrier", OPT_REAL, &opt.barrier, "SECONDS",
	"follow, under driftpipe-run: from one commit to the next", 0.01, 1e6},
    {0, "consumer", OPT_STRING, &opt.consumer, "NAME",
	"the name of our place in the server's lists", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static void
parse_options(int argc, char **argv)
{
	tool = (struct tool){
	    .name = "driftpipe-sub",
	    .usage = "[-qv] [-c file] [-s dir] --stream name [option ...]",
	    .about = "the records of a NATS stream, each once",
	    .tables = {options, serveropt_table, state_options},
	};
	if (args_parse(&tool, argc, argv) < argc)
		err_die("takes no operands; the stream is named by "
			"'--stream'");
	if (opt.stream == NULL)
		err_die("'--stream': is needed");
	serveropt_name("stream", opt.stream, SERVEROPT_NOT_IN_NAMES);
	if (opt.consumer != NULL)
		serveropt_name(
		    "consumer", opt.consumer, SERVEROPT_NOT_IN_NAMES);
	opt_refuse(!opt.follow, "barrier", "only with --follow");
}

int
main(int argc, char **argv)
{
	parse_options(argc, argv);
	subscribe_run(&(struct subscribe_plan){
	    .tool = &tool,
	    .server = serveropt_server(tool.name),
	    .stream = opt.stream,
	    .consumer = opt.consumer,
	    .follow = opt.follow,
	    .barrier = opt.barrier,
	    .skip_bad = opt.skip_bad,
	});
	return 0;
}
