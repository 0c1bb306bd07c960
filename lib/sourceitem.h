/*
 * One image that is to be classified: its name, where its bytes are, and what
 * else is known of it. source.h makes them.
 */
#ifndef SOURCEITEM_H
#define SOURCEITEM_H

#include "buf.h"
#include "image.h"
#include "json.h"

enum source_kind {
	SOURCE_NONE,   /* no image: what the last source_next left */
	SOURCE_FILE,   /* fd is a regular file, open */
	SOURCE_BYTES,  /* data is what a file holds */
	SOURCE_PIXELS, /* data is height x width grey pixels */
	SOURCE_ERROR,  /* error says why there are no bytes */
	SOURCE_PASS    /* a record for others, with an error or a barrier */
};

/* The members of an input record that are looked at. */
enum {
	SOURCE_SEQ,
	SOURCE_TIME,
	SOURCE_IMAGE,
	SOURCE_IMAGE_BYTES,
	SOURCE_TRUTH,
	SOURCE_FAULT,   /* "error" */
	SOURCE_BARRIER, /* "barrier.generation" */
	SOURCE_FIELDS
};

/*
 * One image. All is the item's own until it is given to source_next again or
 * freed; many items may be alive at a time. Begin with one of zeros.
 */
struct source_item {
	enum source_kind kind;
	struct buf name; /* any bytes; a NUL behind them that len leaves out */
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
};

/* Sets one of an item's buffers, with a NUL behind the bytes. */
void source_item_set(struct buf *b, const void *p, size_t len);

/* Sets the name, of any bytes; behind "IN#" when in is not NULL. */
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
 * Reads and decodes the image of an item, in this process; to be freed with
 * image_free. mtime is the item's. Returns 0, or -1 with *e set.
 */
int source_image(const struct source_item *item, size_t max_pixels,
    struct image *im, struct image_error *e);

/*
 * When an image was made, as far as we know: its mtime, or else now. Unix
 * seconds, cut to milliseconds.
 */
double source_time(const struct source_item *item);

void source_item_free(struct source_item *item);

#endif
