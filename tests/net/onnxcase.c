/*
 * onnxcase DIR... - runs the cases of ONNX's own test data: DIR/model.onnx on
 * DIR/test_data_set_0/input_0.pb, against output_0.pb there. Further inputs
 * become constants of the network. A line each: "ok NAME by DIFFERENCE", of
 * the largest value, the same with "off" from 1e-5 on, or "refused NAME:
 * MESSAGE". Exits with 1 when one was off.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/path.h"
#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxops.h"
#include "net/onnx/onnxplan.h"
#include "tool/err.h"

static const double tolerance = 1e-5;

/* A file as a whole; its bytes live on. */
static struct onnxwire
load(const char *dir, const char *name)
{
	char path[512];
	struct onnxwire w;
	long n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return (struct onnxwire){NULL, NULL};
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	w.p = err_malloc((size_t)n + 1);
	w.end = w.p + fread((void *)w.p, 1, (size_t)n, f);
	fclose(f);
	return w;
}

static void
put(FILE *f, struct onnxwire w)
{
	fwrite(w.p, 1, onnxwire_length(&w), f);
}

static void
put_varint(FILE *f, size_t n)
{
	for (; n >= 0x80; n >>= 7)
		putc((int)(n & 0x7f) | 0x80, f);
	putc((int)n, f);
}

static size_t
varint_length(size_t n)
{
	size_t k = 1;

	while (n >>= 7)
		k++;
	return k;
}

/* An array as another part of the graph: messages of one field are merged. */
static void
put_constant(FILE *f, struct onnxwire array)
{
	size_t n = onnxwire_length(&array);

	put_varint(f, 7 << 3 | 2);
	put_varint(f, 1 + varint_length(n) + n);
	put_varint(f, 5 << 3 | 2);
	put_varint(f, n);
	put(f, array);
}

/* The model with all inputs but the first in it. */
static const char *
write_model(const char *dir)
{
	static char path[64];
	int fd = memfd_create("model", 0);
	FILE *f = fdopen(fd, "wb");

	put(f, load(dir, "model.onnx"));
	for (int i = 1;; i++) {
		char name[64];
		struct onnxwire array;

		snprintf(name, sizeof name, "test_data_set_0/input_%d.pb", i);
		array = load(dir, name);
		if (array.p == NULL)
			break;
		put_constant(f, array);
	}
	fflush(f);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return path;
}

static struct onnxtensor
read_array(const char *dir, const char *name)
{
	struct onnxwire w = load(dir, name);
	const char *why = "is not there";
	struct onnxtensor t;

	if (w.p != NULL)
		why = onnxtensor_read(&t, w);
	if (why != NULL)
		err_die("%s: %s", name, why);
	return t;
}

/* By the largest value, or by what is not finite. */
static double
apart(const float *x, const float *y, long long n)
{
	double most = 1e-30, off = 0;

	for (long long i = 0; i < n; i++) {
		if (isnan(y[i]) ? isnan(x[i]) : x[i] == y[i])
			continue;
		if (!isfinite(x[i]) || !isfinite(y[i]))
			return INFINITY;
		off = fmax(off, fabs((double)x[i] - y[i]));
	}
	for (long long i = 0; i < n; i++)
		if (isfinite(y[i]))
			most = fmax(most, fabs((double)y[i]));
	return off / most;
}

static float *
answer(struct onnxgraph *g, const float *input)
{
	int *keep = err_calloc((size_t)g->arrays, sizeof *keep);
	struct onnxplan *p;

	keep[g->output] = 1;
	p = onnxplan_make(g, keep, 1, 1);
	onnxplan_run(p, 0, input);
	return (float *)onnxplan_output(p, 0, g->output);
}

static void
run_case(const char *dir)
{
	struct onnxmodel m;
	struct onnxgraph g;
	struct onnxtensor in, want;
	double off;

	onnxmodel_open(&m, write_model(dir), 0);
	in = read_array(dir, "test_data_set_0/input_0.pb");
	want = read_array(dir, "test_data_set_0/output_0.pb");
	onnxgraph_open(&g, &m, &in.dims);
	onnxops_make(&g);
	if (!netdims_equal(&g.array[g.output].dims, &want.dims)) {
		printf("off %s in its dimensions\n", path_base(dir));
		exit(1);
	}
	off = apart(answer(&g, onnxtensor_floats(&in)),
	    onnxtensor_floats(&want), netdims_count(&want.dims));
	printf("%s %s by %.1e\n", off <= tolerance ? "ok" : "off",
	    path_base(dir), off);
	exit(!(off <= tolerance));
}

/* Its first message, or what a process died of. */
static int
watch_case(const char *dir)
{
	char line[1024] = "no message";
	int ends[2], status;
	FILE *f;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) < 0 || (pid = fork()) < 0)
		err_die("%m");
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		run_case(dir);
	}
	close(ends[1]);
	f = fdopen(ends[0], "r");
	if (fgets(line, sizeof line, f) != NULL)
		line[strcspn(line, "\n")] = '\0';
	waitpid(pid, &status, 0);
	fclose(f);
	if (WIFSIGNALED(status)) {
		printf("off %s: signal %d\n", path_base(dir), WTERMSIG(status));
		return 1;
	}
	if (WEXITSTATUS(status) == EXIT_TROUBLE)
		printf("refused %s: %s\n", path_base(dir), line);
	return WEXITSTATUS(status) == 1;
}

int
main(int argc, char **argv)
{
	int bad = 0;

	err_init("onnxcase");
	for (int i = 1; i < argc; i++)
		bad |= watch_case(argv[i]);
	return bad;
}
