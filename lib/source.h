/*
 * Where images come from: one iterator over everything that can be read. The
 * operands are image files, directories (walk.h) and IDX files (idx.h); "-"
 * is a list on standard input, of names or of records that name an image. An
 * operand is known by its content; names in a list and in a directory are
 * those of image files only.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "buf.h"
#include "idx.h"
#include "image.h"
#include "json.h"
#include "rec.h"
#include "walk.h"

struct source_setup {
	char **names; /* operands; kept, not copied */
	int count;    /* of these; with none the list is read */
	int null;     /* lines of the list end in NUL */
	const char
	    *labels; /* IDX file with the classes of the IDX file, or NULL */
	size_t max_pixels;
};

enum source_kind {
	SOURCE_NONE,   /* no image: what the last source_next left */
	SOURCE_FILE,   /* fd is a regular file, open */
	SOURCE_BYTES,  /* data is what a file holds */
	SOURCE_PIXELS, /* data is height x width grey pixels */
	SOURCE_ERROR,  /* error says why there are no bytes */
	SOURCE_PASS    /* a record that has an error already: leave it alone */
};

/* The members of an input record that are looked at. */
enum {
	SOURCE_SEQ,
	SOURCE_TIME,
	SOURCE_IMAGE,
	SOURCE_TRUTH,
	SOURCE_FAULT, /* "error" */
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

struct source {
	/*
	 * Items in all, as far as it can be told: 0 is unknown. For the user to
	 * look at, not to rely on.
	 */
	unsigned long long total;
	/*
	 * Why the input ended before its end, or NULL. For a message and exit 2
	 * when all the items have been dealt with.
	 */
	char *trouble;
	/* The rest is source.c's own. */
	struct source_setup setup;
	int at;           /* operand */
	const char *name; /* of the operand that is being read */
	enum { SOURCE_OPERANDS, SOURCE_LIST, SOURCE_WALK, SOURCE_IDX } reading;
	struct rec list;
	struct json_paths paths;
	struct walk walk;
	struct idx images, labels;
	size_t next;  /* of the images */
	int labelled; /* the labels were used */
};

/*
 * SIGINT and SIGTERM end the input from here on (rec.h). Labels that can't be
 * read are a message and exit 2.
 */
void source_open(struct source *s, const struct source_setup *setup);

/*
 * The next image: 1, or 0 at the end and when there is trouble. Flushes what
 * has been written before it waits for input. What is wrong with one image is
 * in the item.
 */
int source_next(struct source *s, struct source_item *item);

/* Whether source_next would answer without waiting for input. */
int source_waiting(struct source *s);

void source_close(struct source *s);

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
