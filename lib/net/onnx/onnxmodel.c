#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/onnx/onnxmodel.h"
#include "tool/err.h"

/* Fields of ONNX's messages: onnx.proto. */
enum { MODEL_GRAPH = 7, MODEL_OPSET = 8 };
enum { OPSET_DOMAIN = 1, OPSET_VERSION = 2 };
enum { GRAPH_NODE = 1, GRAPH_TENSOR = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { GRAPH_SPARSE = 15 };
enum {
	NODE_INPUT = 1,
	NODE_OUTPUT = 2,
	NODE_NAME = 3,
	NODE_TYPE = 4,
	NODE_ATTRIBUTE = 5,
	NODE_DOMAIN = 7
};
enum { TENSOR_NAME = 8 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2 };
enum { TYPE_TENSOR = 1, TENSOR_ELEMENT = 1, TENSOR_SHAPE = 2 };
enum { SHAPE_DIM = 1, DIM_VALUE = 1 };

_Noreturn static void
die_damaged(const struct onnxmodel *m, const char *what)
{
	err_die("%s: damaged or no ONNX file: %s", m->path, what);
}

static char *
text(const struct onnxwire *w)
{
	size_t n = onnxwire_length(w);
	char *s = err_malloc(n + 1);

	memcpy(s, w->p, n);
	s[n] = '\0';
	return s;
}

/* The text of a field, or "". */
static char *
text_of(struct onnxwire message, uint64_t number)
{
	struct onnxwire_field f, last = {0};

	while (onnxwire_find(&message, number, ONNXWIRE_BYTES, &f))
		last = f;
	return last.bytes.p == NULL ? err_strdup("") : text(&last.bytes);
}

/* Room for one more of n things of that size. */
static void *
grow(void *p, size_t n, size_t size)
{
	return n & (n - 1) ? p : err_realloc(p, (n ? 2 * n : 1) * size);
}

static void
check(const struct onnxmodel *m, const struct onnxwire *w, const char *what)
{
	if (!onnxwire_whole(*w))
		die_damaged(m, what);
}

/* The texts of all fields of that number. */
static char **
texts(struct onnxwire message, uint64_t number, int *n)
{
	struct onnxwire_field f;
	char **list = NULL;

	*n = 0;
	while (onnxwire_find(&message, number, ONNXWIRE_BYTES, &f)) {
		list = grow(list, (size_t)*n, sizeof *list);
		list[(*n)++] = text(&f.bytes);
	}
	return list;
}

static void
add_node(struct onnxmodel *m, struct onnxwire message)
{
	struct onnxwire rest = message;
	struct onnxwire_field f;
	struct onnxnode *n;

	check(m, &message, "a node");
	m->node = grow(m->node, m->nodes, sizeof *m->node);
	n = &m->node[m->nodes];
	*n = (struct onnxnode){.number = m->nodes++,
	    .name = text_of(message, NODE_NAME),
	    .type = text_of(message, NODE_TYPE),
	    .domain = text_of(message, NODE_DOMAIN)};
	n->in = texts(message, NODE_INPUT, &n->ins);
	n->out = texts(message, NODE_OUTPUT, &n->outs);
	while (onnxwire_find(&rest, NODE_ATTRIBUTE, ONNXWIRE_BYTES, &f)) {
		check(m, &f.bytes, "an attribute");
		n->attribute = grow(
		    n->attribute, (size_t)n->attributes, sizeof *n->attribute);
		n->attribute[n->attributes++] = f.bytes;
	}
}

static void
add_tensor(struct onnxmodel *m, struct onnxwire message)
{
	check(m, &message, "an array");
	m->tensor = grow(m->tensor, m->tensors, sizeof *m->tensor);
	m->tensor[m->tensors++] = (struct onnxmodel_tensor){
	    text_of(message, TENSOR_NAME), message};
}

/* The message in a field of a message; empty when it is not there. */
static struct onnxwire
inner(struct onnxwire message, uint64_t number)
{
	struct onnxwire_field f;

	if (onnxwire_find(&message, number, ONNXWIRE_BYTES, &f))
		return f.bytes;
	return (struct onnxwire){message.end, message.end};
}

/* A dimension without a number, or a negative one, is free. */
static void
read_shape(struct onnxmodel_input *in, struct onnxwire shape)
{
	struct onnxwire_field f, v;

	while (onnxwire_find(&shape, SHAPE_DIM, ONNXWIRE_BYTES, &f)) {
		long long n = 0;

		while (onnxwire_find(&f.bytes, DIM_VALUE, ONNXWIRE_VARINT, &v))
			n = (long long)v.value;
		if (in->dims.rank == NETDIMS_RANK) {
			in->ranked = 0;
			return;
		}
		in->dims.dim[in->dims.rank++] = n > 0 ? n : 0;
	}
}

static void
add_input(struct onnxmodel *m, struct onnxwire message)
{
	struct onnxwire array = inner(inner(message, VALUE_TYPE), TYPE_TENSOR);
	struct onnxmodel_input *in;
	struct onnxwire_field f;
	struct onnxwire rest = array;

	check(m, &message, "an input");
	m->input = grow(m->input, m->inputs, sizeof *m->input);
	in = &m->input[m->inputs++];
	*in = (struct onnxmodel_input){
	    .name = text_of(message, VALUE_NAME), .ranked = 1};
	if (onnxwire_find(&rest, TENSOR_ELEMENT, ONNXWIRE_VARINT, &f))
		in->type = f.value > 100 ? 0 : (int)f.value;
	rest = array;
	if (!onnxwire_find(&rest, TENSOR_SHAPE, ONNXWIRE_BYTES, &f))
		in->ranked = 0;
	else
		read_shape(in, f.bytes);
}

static void
add_output(struct onnxmodel *m, struct onnxwire message)
{
	check(m, &message, "an output");
	m->output = grow(m->output, m->outputs, sizeof *m->output);
	m->output[m->outputs++] = text_of(message, VALUE_NAME);
}

static void
read_graph(struct onnxmodel *m, struct onnxwire w)
{
	struct onnxwire_field f;

	check(m, &w, "its graph");
	while (onnxwire_next(&w, &f) > 0) {
		if (f.type != ONNXWIRE_BYTES)
			continue;
		if (f.number == GRAPH_NODE)
			add_node(m, f.bytes);
		else if (f.number == GRAPH_TENSOR)
			add_tensor(m, f.bytes);
		else if (f.number == GRAPH_INPUT)
			add_input(m, f.bytes);
		else if (f.number == GRAPH_OUTPUT)
			add_output(m, f.bytes);
		else if (f.number == GRAPH_SPARSE)
			err_die("%s: sparse arrays are not read", m->path);
	}
}

static void
read_opset(struct onnxmodel *m, struct onnxwire w)
{
	char *domain = text_of(w, OPSET_DOMAIN);
	struct onnxwire_field f;

	if (*domain == '\0' || strcmp(domain, "ai.onnx") == 0)
		while (onnxwire_find(&w, OPSET_VERSION, ONNXWIRE_VARINT, &f))
			m->opset = (long long)f.value;
	free(domain);
}

static void
read_model(struct onnxmodel *m)
{
	struct onnxwire w = {m->bytes, m->bytes + m->size};
	struct onnxwire_field f;

	check(m, &w, "its outermost message");
	while (onnxwire_next(&w, &f) > 0)
		if (f.type == ONNXWIRE_BYTES && f.number == MODEL_GRAPH)
			read_graph(m, f.bytes);
		else if (f.type == ONNXWIRE_BYTES && f.number == MODEL_OPSET)
			read_opset(m, f.bytes);
	if (m->nodes == 0)
		die_damaged(m, "it has no nodes");
}

/* Maps the file: its arrays need no memory of ours until they are used. */
static void
map_file(struct onnxmodel *m, long long most)
{
	int fd = open(m->path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) < 0)
		err_die("%s: %m", m->path);
	if (!S_ISREG(st.st_mode))
		err_die("%s: not a file", m->path);
	if (st.st_size == 0)
		die_damaged(m, "it is empty");
	if (most > 0 && st.st_size > most)
		err_die("%s: has %lld bytes, more than the %lld of "
			"--max-memory",
		    m->path, (long long)st.st_size, most);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		err_die("%s: %m", m->path);
	close(fd);
	m->bytes = p;
	m->size = (size_t)st.st_size;
}

void
onnxmodel_open(struct onnxmodel *m, const char *path, long long most)
{
	*m = (struct onnxmodel){.path = path};
	map_file(m, most);
	read_model(m);
}

void
onnxmodel_drop(const struct onnxmodel *m)
{
	madvise((void *)m->bytes, m->size, MADV_DONTNEED);
}

static void
free_node(struct onnxnode *n)
{
	for (int i = 0; i < n->ins; i++)
		free(n->in[i]);
	for (int i = 0; i < n->outs; i++)
		free(n->out[i]);
	free(n->in);
	free(n->out);
	free(n->name);
	free(n->type);
	free(n->domain);
	free(n->attribute);
}

void
onnxmodel_close(struct onnxmodel *m)
{
	for (size_t i = 0; i < m->nodes; i++)
		free_node(&m->node[i]);
	for (size_t i = 0; i < m->tensors; i++)
		free(m->tensor[i].name);
	for (size_t i = 0; i < m->inputs; i++)
		free(m->input[i].name);
	for (size_t i = 0; i < m->outputs; i++)
		free(m->output[i]);
	free(m->node);
	free(m->tensor);
	free(m->input);
	free(m->output);
	munmap((void *)m->bytes, m->size);
}
