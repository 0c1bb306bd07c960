/* netcfg, netblob: every way in which cfg and weights can be wrong. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/net.h"
#include "netfiles.h"
#include "tap.h"
#include "tool/err.h"

#define NET                                                                    \
	"[net]\nwidth=12\nheight=10\nchannels=3\nbatch=4\nmomentum=0\ndecay=0\n"
#define CONV "[convolutional]\n"
#define TEN  "0,0,0,0,0,0,0,0,0,0,"
#define MANY TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define FC   "[connected]\noutput=4\nactivation=linear\n"

/* Opens both files in a child; its message, if it ends with status 2. */
static const char *
message(void)
{
	static char buf[1024];
	int fd[2], status;
	ssize_t n, len = 0;
	pid_t pid;

	fflush(stdout);
	if (pipe(fd) != 0 || (pid = fork()) < 0)
		return "fork";
	if (pid == 0) {
		dup2(fd[1], 2);
		net_close(open_it());
		_exit(0);
	}
	close(fd[1]);
	while ((n = read(fd[0], buf + len, sizeof buf - 1 - (size_t)len)) > 0)
		len += n;
	buf[len] = '\0';
	close(fd[0]);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 2)
		snprintf(buf, sizeof buf, "status %x", (unsigned)status);
	return buf;
}

static void
refused(const char *name, const char *want)
{
	const char *got = message();

	if (!ok(strstr(got, want) != NULL, "%s", name))
		printf("# got    %s\n# wanted %s\n", got, want);
}

/* clang-format off */
/* cfg text, and what is said about it behind the file's name. */
static const char *const bad_cfgs[][2] = {
	{"", ": is empty"},
	{"# nothing\n\n", ": has no section: not a cfg"},
	{"\177ELF\2\1\1\n", ":1: '?ELF"},
	{"width=3\n", ":1: 'width=3': stands before"},
	{NET, ": has no layer"},
	{"[convolutional]\n", ":1: '[convolutional]': the first"},
	{NET "[net]\n", ":8: '[net]': the first"},
	{NET "[yolo]\n", ":8: '[yolo]': is not a section"},
	{NET "[conv\n", ":8: '[conv': is not a line"},
	{NET CONV "filters\n", ":9: 'filters': is not a line"},
	{NET CONV "filters=\n", ":9: 'filters=': is not a line"},
	{NET CONV "filters=12x\n", ":9: 'filters': value '12x' is not"},
	{NET CONV "filters=1,2\n", "'1,2' is not one number"},
	{NET CONV "filters=-1\n", "'-1' is out of range"},
	{NET CONV "filters=99999999999999999999\n", "is out of range"},
	{NET CONV "filter=3\n", "'filter': is not a key of"},
	{NET CONV "filters=2\nfilters=3 # 2\nb=1\n",
	    ":10: 'filters': is given twice: line 9 counts, as in darknet"},
	{NET CONV "filters=#12\n", ":9: 'filters': value '' is not"},
	{NET CONV "filters=12#,3\nsize=x#\n", ":10: 'size': value 'x' is"},
	{NET CONV "activation=relu#6\n", "value 'relu#6' is not known"},
	{NET CONV "activation=|relu\n", "value '|relu' is not known"},
	{NET CONV "[route]\nlayers=-1#0,0\n", "'-1#0,0' is not an integer"},
	{NET CONV "dilation=2\n", "'2' is out of range"},
	{NET CONV "\303\244\001\377\n", "cfg:9: '\303\244?\?': is not"},
	{NET CONV
	    "\303\244aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\303\244\n",
	    "aa...': is not"},
	{NET CONV "activation=squish\n", "value 'squish' is not known"},
	{NET CONV "groups=2\n", ":8: '[convolutional]': groups does"},
	{NET CONV "size=30\n", "is larger than its input"},
	{NET CONV "size=1\npadding=1\n", "pads as much as its size"},
	{NET CONV "dontload=1\n", "'1' is out of range"},
	{NET "[maxpool]\nsize=25\n", "is larger than its input"},
	{NET "[maxpool]\nsize=2\npadding=3\n", "pads more than twice"},
	{NET "[crop]\ncrop_width=13\ncrop_height=3\n",
	    "is larger than its input"},
	{NET "[local]\nsize=5\npad=1\n", "pad needs size 3"},
	{NET "[dropout]\n", "can't be the first layer"},
	{NET "[dropout]\nprobability=1\n", "'1' is out of range"},
	{NET "[route]\n", "needs layers"},
	{NET "[route]\nlayers=0\n", "not before it"},
	{NET CONV "[route]\nlayers=-1,-2\n", "not before it"},
	{NET CONV "[route]\nlayers=-1,\n", "'-1,' is not an integer"},
	{NET "[shortcut]\n", "not before it"},
	{NET CONV "size=3\n[maxpool]\nstride=2\n[shortcut]\nfrom=-1\n", ""},
	{NET FC "[shortcut]\nfrom=0\n[softmax]\n[avgpool]\n",
	    "puts out no image"},
	{NET FC "[softmax]\ngroups=3\n", "groups does not divide"},
	{NET "[lrn]\nsize=9\n", "is wider than its channels"},
	{NET "[connected]\noutput=1000000\n", "makes the network too large"},
	{"[net]\nwidth=9\nheight=9\n" FC, ":1: '[net]': needs width"},
	{"[net]\nwidth=9\nheight=9\nchannels=1\ninputs=5\n" FC,
	    "inputs is not width"},
	{"[net]\nwidth=16384\nheight=16384\nchannels=16384\n" FC,
	    "too large an image"},
	{"[net]\nwidth=16384\nheight=16384\nchannels=1\n" CONV
	    "size=3\npad=1\nfilters=65536\n", "too large an image"},
	/* Products beyond 64 bits. */
	{"[net]\nwidth=1\nheight=1\nchannels=1\n[connected]\n"
	    "output=1048576\n[route]\nlayers=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
	    CONV "filters=65536\nsize=1024\npad=1\n",
	    ":9: '[convolutional]': makes the network too large"},
	{"[net]\nwidth=1024\nheight=1024\nchannels=64\n[local]\n"
	    "filters=65536\nsize=1024\n",
	    ":5: '[local]': makes the network too large"},
	{"[net]\nwidth=1\nheight=1\nchannels=1\n[connected]\noutput=999999\n"
	    "[route]\nlayers=" MANY MANY MANY "0\n", "joins too many layers"},
	{"[net]\nwidth=1e9\n" FC, ":2: 'width': value '1e9' is not an"},
};
/* clang-format on */

static void
check_cfgs(void)
{
	char want[128];
	size_t i;

	put_weights(0, 2, 20, 1);
	for (i = 0; i < sizeof bad_cfgs / sizeof *bad_cfgs; i++) {
		put(cfg, bad_cfgs[i][0], strlen(bad_cfgs[i][0]));
		snprintf(want, sizeof want, "%s%s",
		    bad_cfgs[i][1][0] == ':' ? cfg : "", bad_cfgs[i][1]);
		refused(bad_cfgs[i][1][0] != '\0' ? bad_cfgs[i][1]
						  : "weights that don't fit",
		    want);
	}
	put(cfg, "[net]\n\0", 7);
	refused("a zero byte", ":2: is not the text of a cfg");
	unlink(cfg);
	refused("no cfg", "cfg: No such file or directory");
}

/* What darknet and its AlexeyAB branch take, with the weights that fit. */
static void
check_taken(void)
{
	size_t n = use("\xef\xbb\xbf" NET "max_batches = 6000 # 2000*classes\n"
		       "batch=1 ; as given before\nbatch=1\n"
		       "label_smooth_eps=0.1\ncutmix=1\nblur=1\nmosaic=1\n"
		       "policy=sgdr\nsteps=1,2#3\nletter_box=1\n" CONV
		       "filters = 2 # of them\nfilters=3\ndilation=1\n"
		       "size=3#\n"
		       "[dropout]\nprobability=.2\ndropblock=1\n" FC);

	put_weights(0, 2, 20, n);
	ok(n == 2 + 2 * 3 * 9 + 4 + 4 * 2 * 10 * 8,
	    "comments at the end, keys that come twice, keys of a branch");
	net_close(open_it());
}

static void
check_weights(void)
{
	size_t n = use(NET CONV "batch_normalize=1\nfilters=2\n" FC);
	float bad[2] = {NAN, -1};
	FILE *f;

	put_weights(0, 2, 20, n);
	net_close(open_it());
	put_weights(0, 1, 16, n);
	net_close(open_it());
	ok(1, "both forms of header are read");
	put_weights(0, 2, 20, n - 1);
	refused("a weight less", "weights: is truncated or of another network");
	put_weights(0, 2, 20, n + 1);
	refused("a weight more", "weights: is of another network: has ");
	put_weights(-1, 2, 20, n);
	refused("another kind of file", "is not a darknet weights file");
	put(weights, "", 0);
	refused("empty weights", "weights: is empty");
	put(weights, "abc", 3);
	refused("half a header", "weights: is truncated");
	put_weights(0, 2, 20, n);
	f = fopen(weights, "r+b");
	fseek(f, 20, SEEK_SET);
	fwrite(&bad[0], 4, 1, f);
	fclose(f);
	refused("a weight that is no number", "layer 0: 'nan' is not a weight");
	put_weights(0, 2, 20, n);
	f = fopen(weights, "r+b");
	fseek(f, 20 + 4 * 6, SEEK_SET);
	fwrite(&bad[1], 4, 1, f);
	fclose(f);
	refused("a variance below 0", "layer 0: '-1' is not a variance");
	unlink(weights);
	refused("no weights", "weights: No such file or directory");
}

int
main(void)
{
	begin_files();
	check_weights();
	check_cfgs();
	err_level(-1); /* some of these give keys twice */
	check_taken();
	end_files();
	return done_testing();
}
