/*
 * The wire format of protocol buffers, in which ONNX files are written: a
 * message is a sequence of fields, each with a number. Nothing is copied, and
 * no memory is taken.
 */
#ifndef ONNXWIRE_H
#define ONNXWIRE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that are still to be read: a message, a text or packed numbers. */
struct onnxwire {
	const unsigned char *p, *end;
};

enum onnxwire_type {
	ONNXWIRE_VARINT = 0,
	ONNXWIRE_FIXED64 = 1,
	ONNXWIRE_BYTES = 2,
	ONNXWIRE_FIXED32 = 5
};

struct onnxwire_field {
	uint64_t number;
	enum onnxwire_type type;
	uint64_t value;        /* of the types but BYTES */
	struct onnxwire bytes; /* of BYTES */
};

/* Takes the next field. 1; 0 at the end; -1 when there is none of its form. */
int onnxwire_next(struct onnxwire *w, struct onnxwire_field *f);

/* Takes the next varint; -1 when there is none. */
int onnxwire_varint(struct onnxwire *w, uint64_t *value);

/*
 * The next of the fields of that number and type; the others are passed over.
 * 1; 0 at the end, or where the form is wrong.
 */
int onnxwire_find(struct onnxwire *w, uint64_t number, enum onnxwire_type type,
    struct onnxwire_field *f);

/* Whether all fields have their form; of messages in it nothing is said. */
int onnxwire_whole(struct onnxwire w);

size_t onnxwire_length(const struct onnxwire *w);

/* A little-endian number of 4 or 8 bytes. */
float onnxwire_float(const unsigned char *p);
double onnxwire_double(const unsigned char *p);

#endif
