/*
 * Where images come from: one iterator over everything that can be read. The
 * operands are image files, directories (walk.h), IDX files (idx.h) and tar
 * archives (tar.h); "-" is standard input, a list of names or of records that
 * name an image, an archive, or motion JPEG (mjpeg.h). An operand is known by
 * its content; what a list, a directory or an archive names is an image file
 * only. Or it is one directory that is watched (watch.h).
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "input/source_idx.h"
#include "input/source_item.h"
#include "input/source_list.h"
#include "input/source_pack.h"
#include "input/walk.h"
#include "input/watch.h"

struct source_setup {
	char **names;       /* operands; kept, not copied */
	int count;          /* of these; with none the list is read */
	int null;           /* lines of the list end in NUL */
	int tar;            /* standard input is a tar archive, no list */
	int mjpeg;          /* it is motion JPEG */
	long long every;    /* of so many images the first; 0: all */
	const char *watch;  /* a directory, without operands; or NULL */
	int once;           /* watch: it ends when nothing is waiting */
	int idle;           /* nothing is read: there are no images */
	const char *labels; /* IDX file with an IDX file's classes; or NULL */
	size_t max_pixels;
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
	unsigned long long count; /* of images so far, all of 'every' */
	struct watch watch;       /* what has been seen is for who saves it */
	/* The rest is source.c's own. */
	struct source_setup setup;
	int at;           /* operand */
	const char *name; /* of the operand that is being read */
	enum {
		SOURCE_OPERANDS,
		SOURCE_LIST,
		SOURCE_WALK,
		SOURCE_IDX,
		SOURCE_PACK,
		SOURCE_WATCH
	} reading;
	struct source_list list;
	struct walk walk;
	struct source_idx idx;
	struct unpack unpack;
	struct source_item ahead; /* has been read, but not asked for */
	int have_ahead;
};

/*
 * SIGINT and SIGTERM end the input from here on (rec.h). Labels that can't be
 * read are a message and exit 2, and so is a directory that can't be watched.
 */
void source_open(struct source *s, const struct source_setup *setup);

/*
 * The next image: 1, or 0 at the end and when there is trouble. Flushes what
 * has been written before it waits for input. What is wrong with one image is
 * in the item. Also after a signal it is to be called until it returns 0: an
 * image that source_waiting has found is still to come.
 */
int source_next(struct source *s, struct source_item *item);

/* Whether source_next would answer without waiting for input. */
int source_waiting(struct source *s);

void source_close(struct source *s);

#endif
