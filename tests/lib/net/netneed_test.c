/* netneed: by hand, and against the memory that networks take. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/net.h"
#include "net/netneed.h"
#include "netfiles.h"
#include "tap.h"

#define MIB (1LL << 20)

/* Its own memory is no part of the bound. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static long long
need(const char *text, int images, size_t *params)
{
	struct netcfg *c;
	long long bytes;

	*params = use(text);
	c = netcfg_open(cfg);
	netshape_follow(c);
	bytes = netneed_bytes(c, &(struct netneed_plan){images, 0});
	netcfg_free(c);
	return bytes;
}

static void
check_sums(void)
{
	const char small[] =
	    "[net]\nwidth=4\nheight=4\nchannels=1\n"
	    "[convolutional]\nfilters=2\nsize=3\npad=1\nactivation=relu\n"
	    "[connected]\noutput=3\nactivation=linear\n";
	size_t params;

	/* 20 + 99 weights, 16 + 32 + 3 outputs, 16 x 9 of scratch space. */
	ok(need(small, 0, &params) == 4 * (119 + 51 + 144), "all outputs");
	/*
	 * The larger weights twice. 2 channels are 16 here: 256 floats, with
	 * the 16 of the input, or of the 3 of the last layer, and 256 more.
	 */
	ok(need(small, 1, &params) == 4 * (119 + 144 + 99 + 272 + 256),
	    "those of a time");
	ok(need(small, 3, &params) == 4 * (119 + 144 + 99 + 3 * 528),
	    "of three images");
	ok(need("[net]\nwidth=4\nheight=4\nchannels=1\n"
		"[convolutional]\nfilters=16\n[convolutional]\nfilters=16\n"
		"[convolutional]\nfilters=16\n[shortcut]\nfrom=0\n"
		"[route]\nlayers=1,-1\n",
	       1,
	       &params) == 4 * (32 + 2 * 272 + 16 * 16 + 272 + 4 * 256 + 512),
	    "a shortcut and a route keep what they read");
}

/* The most that a child has in memory as it runs the network; in bytes. */
static long long
taken(int engine)
{
	struct rusage used;
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		struct net *n = net_open(
		    &(struct net_setup){cfg, weights, engine, 1, 1, 0});
		struct net_shape s = net_shape(n);

		net_predict(n,
		    calloc((size_t)s.width * (size_t)s.height,
			(size_t)s.channels * sizeof(float)),
		    1);
		_exit(0);
	}
	wait4(pid, &status, 0, &used);
	return status == 0 ? used.ru_maxrss * 1024LL : -1;
}

/* What is not the network's: the program, libraries, compiled kernels. */
static void
check_bound(const char *name, const char *text)
{
	size_t params;
	int engine;

	for (engine = 0; engine <= NET_DARKNET; engine++) {
		long long bytes = need(
		    text, engine == NET_DARKNET ? 0 : 1, &params);
		long long got;

		put_weights(0, 2, 20, params);
		got = taken(engine);
		ok(got > 0 && got < bytes + 48 * MIB,
		    "%s, engine %d: %lld MiB of %lld and the program's", name,
		    engine, got / MIB, bytes / MIB);
	}
}

int
main(void)
{
	begin_files();
	check_sums();
	if (SANITIZED) {
		end_files();
		return done_testing();
	}
	check_bound("outputs",
	    "[net]\nwidth=1024\nheight=1024\nchannels=3\n"
	    "[convolutional]\nfilters=32\nsize=3\npad=1\nactivation=mish\n"
	    "[convolutional]\nfilters=16\nsize=1\nactivation=hard_mish\n"
	    "[shortcut]\nfrom=-1\n[avgpool]\n");
	check_bound("weights", "[net]\nwidth=64\nheight=64\nchannels=1\n"
			       "[connected]\noutput=4096\nbatch_normalize=1\n"
			       "[connected]\noutput=4096\n");
	check_bound("scratch space",
	    "[net]\nwidth=400\nheight=400\nchannels=1\n"
	    "[local]\nsize=11\nfilters=1\n[avgpool]\n");
	end_files();
	return done_testing();
}
