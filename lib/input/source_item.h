/*
 * One image that is to be classified: its name, where its bytes are, and what
 * else is known of it. source.h makes them.
 */
#ifndef SOURCE_ITEM_H
#define SOURCE_ITEM_H

#include "base/buf.h"
#include "image/image.h"
#include "json/jsonscan.h"

enum source_kind {
	SOURCE_NONE,   /* no image: what the last source_next left */
	SOURCE_FILE,   /* fd is a regular file, open */
	SOURCE_BYTES,  /* data is what a file holds */
	SOURCE_PIXELS, /* data is height x width grey pixels */
	SOURCE_ERROR,  /* error says why there are no bytes */
	SOURCE_PASS    /* a record for others: an error, a barrier ... */
};

/* The members of an input record that are looked at. */
enum {
	SOURCE_SEQ,
	SOURCE_TIME,
	SOURCE_IMAGE,
	SOURCE_IMAGE_BYTES,
	SOURCE_TRUTH,
	SOURCE_FAULT,   /* "error" */
	SOURCE_SKIPPED, /* "skipped" */
	SOURCE_FIELDS
};

/*
 * One image. All is the item's own until it is given to source_next again or
 * freed; many items may be alive at a time. Begin with one of zeros.
 */
struct source_item {
	enum source_kind kind;
	struct buf name; /* any bytes; a NUL after them that len leaves out */
	size_t in;       /* bytes of it that are a container's name and '#' */
	int fd;
	size_t size; /* bytes of the file */
	struct buf data;
	int width, height;
	double mtime; /* Unix seconds; 0: not known */
	int truth;    /* class by the file of labels, or -1 */
	struct image_error error;
	/* The input record, if one named the image; else line.len is 0. */
	struct buf line;
	struct json_line shape;
	struct json_span field[SOURCE_FIELDS]; /* in line.p */
	long long barrier; /* the line is one, of that generation, or 0 */
};

/* Sets one of an item's buffers, with a NUL after the bytes. */
void source_item_set(struct buf *b, const void *p, size_t len);

/* Sets the name, of any bytes; after "IN#" when in is not NULL. */
void source_item_name(
    struct source_item *item, const char *in, const char *p, size_t len);

/* Opens the file of that name: a SOURCE_FILE, or a SOURCE_ERROR. */
void source_item_open(struct source_item *item);

/* Makes it a SOURCE_ERROR; both texts are static. */
void source_item_fail(
    struct source_item *item, const char *stage, const char *reason);

/* Back to an item of nothing, which keeps its memory for the next. */
void source_item_empty(struct source_item *item);

/*
 * Makes a SOURCE_FILE of SOURCE_BYTES, which nobody can change, or a
 * SOURCE_ERROR; leaves others as they are.
 */
void source_item_file(struct source_item *item);

/* The image of SOURCE_PIXELS; to be freed with image_free. */
void source_item_pixels(const struct source_item *item, struct image *im);

/*
 * When an image was made, as far as we know: its mtime, or else now. Unix
 * seconds, cut to milliseconds.
 */
double source_item_time(const struct source_item *item);

void source_item_free(struct source_item *item);

#endif
