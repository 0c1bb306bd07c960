#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/onnx/onnxtensor.h"
#include "tool/err.h"

/* Fields of a TensorProto. */
enum {
	DIMS = 1,
	TYPE = 2,
	SEGMENT = 3,
	FLOATS = 4,
	INT32S = 5,
	INT64S = 7,
	RAW = 9,
	DOUBLES = 10,
	UINT64S = 11,
	LOCATION = 14
};

enum { MOST = 1 << 30 }; /* numbers of an array */

/* How each type lies in raw data, and in which field it does otherwise. */
static const struct {
	int type, size, field, is_float, is_signed;
} types[] = {
    {ONNXTENSOR_FLOAT, 4, FLOATS, 1, 0},
    {ONNXTENSOR_UINT8, 1, INT32S, 0, 0},
    {ONNXTENSOR_INT8, 1, INT32S, 0, 1},
    {ONNXTENSOR_UINT16, 2, INT32S, 0, 0},
    {ONNXTENSOR_INT16, 2, INT32S, 0, 1},
    {ONNXTENSOR_INT32, 4, INT32S, 0, 1},
    {ONNXTENSOR_INT64, 8, INT64S, 0, 1},
    {ONNXTENSOR_BOOL, 1, INT32S, 0, 0},
    {ONNXTENSOR_HALF, 2, INT32S, 1, 0},
    {ONNXTENSOR_DOUBLE, 8, DOUBLES, 1, 0},
    {ONNXTENSOR_UINT32, 4, UINT64S, 0, 0},
    {ONNXTENSOR_UINT64, 8, UINT64S, 0, 0},
    {ONNXTENSOR_BRAIN, 2, INT32S, 1, 0},
};

enum { TYPES = sizeof types / sizeof *types };

static int
find_type(int type)
{
	int i = 0;

	while (i < TYPES && types[i].type != type)
		i++;
	return i;
}

int
onnxtensor_is_float(int type)
{
	int i = find_type(type);

	return i < TYPES ? types[i].is_float : -1;
}

/* What a message says of its array before the numbers. */
struct head {
	struct netdims dims;
	long long count;
	int type;             /* index of the table */
	struct onnxwire raw;  /* the raw data, when there is any */
	struct onnxwire body; /* the whole message */
	const char *wrong;
};

static void
add_dim(struct head *h, uint64_t n)
{
	if (h->dims.rank == NETDIMS_RANK) {
		h->wrong = "more than 8 dimensions";
		return;
	}
	if (n > MOST || (n > 0 && h->count > MOST / (long long)n)) {
		h->wrong = "too many numbers";
		return;
	}
	h->dims.dim[h->dims.rank++] = (long long)n;
	h->count *= (long long)n;
}

static void
take_head(struct head *h, struct onnxwire_field *f)
{
	uint64_t n;

	if (f->number == DIMS && f->type == ONNXWIRE_VARINT)
		add_dim(h, f->value);
	else if (f->number == DIMS && f->type == ONNXWIRE_BYTES)
		while (f->bytes.p < f->bytes.end && h->wrong == NULL) {
			if (onnxwire_varint(&f->bytes, &n) < 0)
				h->wrong = "damaged dimensions";
			else
				add_dim(h, n);
		}
	else if (f->number == TYPE && f->type == ONNXWIRE_VARINT)
		h->type = f->value > 100 ? TYPES : find_type((int)f->value);
	else if (f->number == RAW && f->type == ONNXWIRE_BYTES)
		h->raw = f->bytes;
	else if (f->number == SEGMENT)
		h->wrong = "in segments";
	else if (f->number == LOCATION && f->value != 0)
		h->wrong = "in a file of its own; save the network as one file";
}

static void
read_head(struct head *h, struct onnxwire message)
{
	struct onnxwire_field f;
	int got;

	*h = (struct head){.count = 1, .type = TYPES, .body = message};
	while (h->wrong == NULL && (got = onnxwire_next(&message, &f)) != 0) {
		if (got < 0)
			h->wrong = "damaged";
		else
			take_head(h, &f);
	}
	if (h->wrong == NULL && h->type == TYPES)
		h->wrong = "numbers of an unknown type";
}

/* Half floats have 5 bits of exponent and 10 of fraction. */
static float
half(unsigned bits)
{
	int exponent = bits >> 10 & 31;
	float sign = bits & 0x8000 ? -1 : 1, fraction = (float)(bits & 1023);

	if (exponent == 31)
		return fraction > 0 ? NAN : sign * INFINITY;
	if (exponent == 0)
		return sign * ldexpf(fraction, -24);
	return sign * ldexpf(fraction + 1024, exponent - 25);
}

/* A number of that type from its bits. */
static void
put(struct onnxtensor *t, long long i, int k, uint64_t bits)
{
	unsigned char bytes[8];
	int shift = 64 - 8 * types[k].size;
	float *x = t->own;

	for (int j = 0; j < 8; j++)
		bytes[j] = (unsigned char)(bits >> (8 * j));
	if (t->whole)
		((int64_t *)t->own)[i] = types[k].is_signed
					     ? (int64_t)(bits << shift) >> shift
					     : (int64_t)(bits << shift >>
							 shift);
	else if (types[k].type == ONNXTENSOR_FLOAT)
		x[i] = onnxwire_float(bytes);
	else if (types[k].type == ONNXTENSOR_DOUBLE)
		x[i] = (float)onnxwire_double(bytes);
	else if (types[k].type == ONNXTENSOR_HALF)
		x[i] = half((unsigned)bits & 0xffff);
	else {
		bytes[0] = bytes[1] = 0;
		bytes[2] = (unsigned char)bits;
		bytes[3] = (unsigned char)(bits >> 8);
		x[i] = onnxwire_float(bytes);
	}
}

static const char *
read_raw(struct onnxtensor *t, const struct head *h)
{
	int size = types[h->type].size;

	if (onnxwire_length(&h->raw) != (size_t)(h->count * size))
		return "its data do not fit its dimensions";
	if (types[h->type].type == ONNXTENSOR_FLOAT) {
		t->raw = h->raw.p;
		return NULL;
	}
	onnxtensor_make(t, &h->dims, t->whole);
	for (long long i = 0; i < h->count; i++) {
		uint64_t bits = 0;

		for (int j = 0; j < size; j++)
			bits |= (uint64_t)h->raw.p[i * size + j] << (8 * j);
		put(t, i, h->type, bits);
	}
	return NULL;
}

/* The next number of a packed field. */
static int
unpack(struct onnxwire *w, int field, uint64_t *bits)
{
	int size = field == FLOATS ? 4 : field == DOUBLES ? 8 : 0;

	*bits = 0;
	if (size == 0)
		return onnxwire_varint(w, bits);
	if (onnxwire_length(w) < (size_t)size)
		return -1;
	for (int j = 0; j < size; j++)
		*bits |= (uint64_t)*w->p++ << (8 * j);
	return 0;
}

/*
 * The numbers of the type's own field, packed or one by one. Without a tensor
 * they are only counted.
 */
static long long
walk_fields(const struct head *h, struct onnxtensor *t)
{
	struct onnxwire rest = h->body;
	struct onnxwire_field f;
	int field = types[h->type].field;
	long long n = 0;
	uint64_t bits;

	while (onnxwire_next(&rest, &f) > 0) {
		if (f.number != (uint64_t)field)
			continue;
		if (f.type != ONNXWIRE_BYTES) {
			if (t != NULL)
				put(t, n, h->type, f.value);
			n++;
			continue;
		}
		for (; f.bytes.p < f.bytes.end; n++) {
			if (unpack(&f.bytes, field, &bits) < 0)
				return -1;
			if (t != NULL)
				put(t, n, h->type, bits);
		}
	}
	return n;
}

const char *
onnxtensor_read(struct onnxtensor *t, struct onnxwire message)
{
	struct head h;

	*t = (struct onnxtensor){0};
	read_head(&h, message);
	if (h.wrong != NULL)
		return h.wrong;
	t->dims = h.dims;
	t->whole = !types[h.type].is_float;
	if (h.raw.p != NULL)
		return read_raw(t, &h);
	if (walk_fields(&h, NULL) != h.count)
		return "its data do not fit its dimensions";
	onnxtensor_make(t, &h.dims, t->whole);
	walk_fields(&h, t);
	return NULL;
}

void
onnxtensor_make(struct onnxtensor *t, const struct netdims *dims, int whole)
{
	size_t n = (size_t)netdims_count(dims);

	*t = (struct onnxtensor){.dims = *dims, .whole = whole};
	t->own = err_calloc(n + 1, whole ? sizeof(int64_t) : sizeof(float));
}

float *
onnxtensor_floats(const struct onnxtensor *t)
{
	long long n = netdims_count(&t->dims);
	float *x = err_calloc((size_t)n + 1, sizeof *x);

	if (t->raw != NULL)
		memcpy(x, t->raw, (size_t)n * sizeof *x);
	else if (!t->whole)
		memcpy(x, t->own, (size_t)n * sizeof *x);
	else
		for (long long i = 0; i < n; i++)
			x[i] = (float)((int64_t *)t->own)[i];
	return x;
}

double
onnxtensor_real(const struct onnxtensor *t, long long i)
{
	if (t->raw != NULL)
		return onnxwire_float(t->raw + 4 * i);
	return t->whole ? (double)((int64_t *)t->own)[i] : ((float *)t->own)[i];
}

int64_t
onnxtensor_whole(const struct onnxtensor *t, long long i)
{
	double x;

	if (t->whole)
		return ((int64_t *)t->own)[i];
	x = onnxtensor_real(t, i);
	return fabs(x) < 0x1p62 ? (int64_t)x : x > 0 ? INT64_MAX : INT64_MIN;
}

void
onnxtensor_free(struct onnxtensor *t)
{
	free(t->own);
	t->own = NULL;
}
