#include <string.h>

#include "net/onnx/onnxwire.h"

size_t
onnxwire_length(const struct onnxwire *w)
{
	return (size_t)(w->end - w->p);
}

int
onnxwire_varint(struct onnxwire *w, uint64_t *value)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 70 && w->p < w->end; shift += 7) {
		unsigned char byte = *w->p++;

		if (shift < 64)
			v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*value = v;
			return 0;
		}
	}
	return -1;
}

static int
take_fixed(struct onnxwire *w, size_t n, uint64_t *value)
{
	*value = 0;
	if (onnxwire_length(w) < n)
		return -1;
	for (size_t i = 0; i < n; i++)
		*value |= (uint64_t)*w->p++ << (8 * i);
	return 0;
}

static int
take_bytes(struct onnxwire *w, struct onnxwire *bytes)
{
	uint64_t n;

	if (onnxwire_varint(w, &n) < 0 || n > onnxwire_length(w))
		return -1;
	bytes->p = w->p;
	bytes->end = w->p += n;
	return 0;
}

int
onnxwire_next(struct onnxwire *w, struct onnxwire_field *f)
{
	uint64_t tag;
	int bad = -1;

	if (w->p == w->end)
		return 0;
	if (onnxwire_varint(w, &tag) < 0 || tag >> 3 == 0)
		return -1;
	*f = (struct onnxwire_field){
	    .number = tag >> 3, .type = (enum onnxwire_type)(tag & 7)};
	if (f->type == ONNXWIRE_VARINT)
		bad = onnxwire_varint(w, &f->value);
	else if (f->type == ONNXWIRE_FIXED64)
		bad = take_fixed(w, 8, &f->value);
	else if (f->type == ONNXWIRE_FIXED32)
		bad = take_fixed(w, 4, &f->value);
	else if (f->type == ONNXWIRE_BYTES)
		bad = take_bytes(w, &f->bytes);
	return bad < 0 ? -1 : 1;
}

int
onnxwire_find(struct onnxwire *w, uint64_t number, enum onnxwire_type type,
    struct onnxwire_field *f)
{
	while (onnxwire_next(w, f) > 0)
		if (f->number == number && f->type == type)
			return 1;
	return 0;
}

int
onnxwire_whole(struct onnxwire w)
{
	struct onnxwire_field f;
	int got;

	while ((got = onnxwire_next(&w, &f)) > 0)
		;
	return got == 0;
}

float
onnxwire_float(const unsigned char *p)
{
	float x;

	memcpy(&x, p, sizeof x);
	return x;
}

double
onnxwire_double(const unsigned char *p)
{
	double x;

	memcpy(&x, p, sizeof x);
	return x;
}
