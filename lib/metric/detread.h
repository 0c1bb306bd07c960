/*
 * What a record says: reads back the members that imgcls and the detectors
 * write. A detector's member is known by its structure, not by its name: an
 * object at the top of the record with "alarm" and with "tests" or "state",
 * as driftpipe-records(5) has them.
 *
 * The line has passed jsonscan_line. It is read once, whatever is in it, and
 * the spans point into it.
 */
#ifndef DETREAD_H
#define DETREAD_H

#include "json/jsonrecipe.h"

enum {
	DETREAD_MEMBERS = JSONRECIPE_KEYS,
	DETREAD_TESTS = 256,
	DETREAD_TEXT = 512,
	DETREAD_TOP = 3, /* fields that a test names as those that moved */
	DETREAD_ACCURACY = 3
};

enum detread_field {
	DETREAD_TIME,
	DETREAD_CLASS,
	DETREAD_LABEL,
	DETREAD_PROB,
	DETREAD_ERROR,
	DETREAD_TRAILER,
	DETREAD_SKIPPED,
	DETREAD_DAMAGED,
	DETREAD_MODEL,
	DETREAD_FIELDS
};

/* Members of two of these. */
enum detread_part {
	DETREAD_STAGE,     /* of error */
	DETREAD_TOOL,      /* of skipped */
	DETREAD_REASON,    /* of skipped */
	DETREAD_DISTANCE,  /* of a filter for duplicates, which is known by */
	DETREAD_DUPLICATE, /* a boolean of that name, as detectors are */
	DETREAD_PARTS
};

/* How a line of one shape was read: what is the same in all of them. */
struct detread_form {
	struct jsonrecipe recipe;
	size_t members, tests, bad;
	struct {
		size_t first, tests;
	} member[DETREAD_MEMBERS];
};

/*
 * One test: field is a string, alarm true or false. A test of many fields has
 * the first one's name.
 */
struct detread_test {
	struct json_span field, alarm;
	struct json_span stat, limit, p; /* a number, null or absent */
	struct json_span event;          /* a string, null or absent */
	struct json_span df; /* absent, or the field is of classes */
	/* What moved most: a string and a number each, or both absent. */
	struct json_span top[DETREAD_TOP], share[DETREAD_TOP];
	/*
	 * Of a member's first test: estimate, low and high, and what they are
	 * by and of; of any type.
	 */
	struct json_span accuracy[DETREAD_ACCURACY], method, window;
};

enum { DETREAD_SPANS = sizeof(struct detread_test) / sizeof(struct json_span) };

/* One detector: its key, with the quotes, and its tests. */
struct detread_member {
	struct json_span name;
	const struct detread_test *test;
	size_t n;                /* 0: it has only a state */
	struct json_span state;  /* a string, null or absent */
	struct json_span reason; /* of the state; of any type */
};

struct detread {
	struct json_span field[DETREAD_FIELDS]; /* at the top, of any type */
	struct json_span part[DETREAD_PARTS];   /* of any type */
	struct detread_member member[DETREAD_MEMBERS];
	size_t members;
	/*
	 * Members that look like a detector's but have wrong types, or are
	 * over a limit: left out. Of two of one name the last counts.
	 */
	size_t bad;
	/* The rest is detread.c's own. */
	struct detread_test test[DETREAD_TESTS];
	size_t tests;
	struct detread_form form[JSONSHAPE_ENDS];
};

/* Reads a line, as scanned by jsonshape_scan with one struct jsonshape. */
void detread(
    struct detread *r, const char *line, const struct json_line *scanned);

/*
 * A string as text that ends in its NUL, in DETREAD_TEXT bytes; cut when it is
 * longer. A NUL in it becomes another control character.
 */
void detread_text(const struct json_span *s, char *text);

/*
 * A number of min to max. NAN when there is none; when it is not one of these,
 * *range is set too.
 */
double detread_number(
    const struct json_span *s, double min, double max, int *range);

#endif
