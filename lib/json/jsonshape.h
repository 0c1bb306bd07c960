/*
 * Scans lines that look like earlier ones faster. In a stream most records
 * have the same keys, punctuation and white space, and differ in their
 * scalars. That text between the scalars is remembered as a tree, one branch
 * for each way in which records have gone on; a line that follows a branch to
 * its end needs only its scalars checked. Nothing is taken on trust: what
 * follows none is scanned in full, and the answers are always jsonscan_line's.
 */
#ifndef JSONSHAPE_H
#define JSONSHAPE_H

#include "json/jsonscan.h"

enum {
	JSONSHAPE_SLACK = 64, /* bytes to be readable from line[len] on */
	JSONSHAPE_SLOTS = 512,
	JSONSHAPE_NODES = 2048,
	JSONSHAPE_ENDS = 64,
	JSONSHAPE_TEXT = 32768,
	JSONSHAPE_DEPTH = 64 /* deeper lines are not remembered */
};

/* A scalar as its place sees it: by type, true and false alike. */
enum jsonshape_kind { JSONSHAPE_EMPTY = 0x80 /* added for "" and [] */ };

/* A text between two scalars, and what may stand in its place or after it. */
struct jsonshape_node {
	uint16_t text, len;
	uint16_t other; /* the next in its place, or 0 */
	uint16_t next;  /* the first after the scalar, or 0 */
	uint16_t end;   /* the line ends with it: index in ends + 1, else 0 */
	uint32_t width; /* of the last scalar after it */
};

struct jsonshape_end {
	int16_t slot[JSON_PATHS]; /* by path: the scalar, or -1 */
	size_t paths;             /* that were looked for */
	size_t slots;
	size_t close; /* length from the closing brace on */
	int empty;
};

/* All zero at first. */
struct jsonshape {
	uint16_t root;
	size_t nodes, ends, used; /* node 0 is none */
	unsigned misses;          /* lines in a row that followed no branch */
	unsigned forgotten;       /* how often it began anew */
	struct json_span slot[JSONSHAPE_SLOTS];
	unsigned char kind[JSONSHAPE_SLOTS];
	struct jsonshape_node node[JSONSHAPE_NODES];
	struct jsonshape_end end[JSONSHAPE_ENDS];
	char text[JSONSHAPE_TEXT + 16]; /* the rest of a load after it */
};

/*
 * As jsonscan_line, for a line with a NUL after it, line[len], and
 * JSONSHAPE_SLACK bytes readable from there on. The paths are always the same,
 * but more may be added.
 */
int jsonshape_scan(struct jsonshape *s, const char *line, size_t len,
    const struct json_paths *ps, struct json_span *found,
    struct json_line *out);

#endif
