/*
 * One of P processes that read the same records: --partition K/P. Each takes
 * those of its groups, by a number that all have of a group (keyhash.h), so
 * that together they do what one process does.
 *
 * A record without a group is the first one's, and so are lines that are no
 * records. What ends the stream, a record with a trailer, is everyone's; and so
 * is a barrier (barrier.h).
 *
 * In a pipeline of driftpipe-run the stages have it from the environment, and
 * have to tell the same groups apart.
 */
#ifndef PARTITION_H
#define PARTITION_H

#include <stddef.h>

#include "json/json.h"
#include "tool/opt.h"

/* To stand in the tool's tables. */
extern const struct opt partition_options[];

/* For state files (run/statefile.h): what older versions did. */
#define PARTITION_NEWER                                                        \
	{                                                                      \
		"partition", ""                                                \
	}

/*
 * After the options are parsed: takes the partition of the option or the
 * environment; group is the field of -g, or NULL. One that can't be is a
 * message and exit 2. Not to be called where there are no groups to tell apart
 * ever.
 */
void partition_open(const char *group);

/* For the stages that are started from here on: this partition is theirs. */
void partition_give(void);

/* Whether the record is to be taken: group is its value in the field of -g. */
int partition_takes(const struct json_span *group, const char *line, size_t n);

/* The same of a line, of which the value is not known yet. */
int partition_takes_line(const char *line, size_t n);

/* Whether it takes what has no group; so without a partition, too. */
int partition_is_first(void);

/* How many parts there are; 0 without a partition. */
unsigned partition_parts(void);

/*
 * Names that P processes do not share: DIR/2of4 for a directory, which is made
 * if need be, and NAME-2of4 in the place of NAME, with its suffix where a dot is
 * to begin one. What is given is an option's value, which is freed; without a
 * partition it is the answer.
 */
const char *partition_directory(const char *dir);
const char *partition_name(const char *name, int has_suffix);

#endif
