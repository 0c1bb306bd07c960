/*
 * How often a classifier is right: its answers against the truth, where that
 * is known. An answer is the most probable classes, best first.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "json/json.h"
#include "tool/labels.h"

/* Begin with zeros and the first two. */
struct judge {
	const struct labels *labels; /* of the classes; there may be none */
	int classes;
	/* Answers whose truth was known, those that were right, and those that
	 * had the truth among the classes of the answer. */
	unsigned long long judged, right, among;
	unsigned long long strangers; /* truths that are no class */
};

/*
 * Counts an answer of 1 or more classes. truth is the class as a number from
 * 0, or a label as a string; two classes of one label are then both right.
 * Returns 1 when the first class is wrong, 0 when it is right, and -1 when the
 * truth is absent, null, or no class.
 */
int judge_answer(
    struct judge *j, const struct json_span *truth, const int *order, int n);

/*
 * Says with -v how many were right, and among the first n; nothing when no
 * truth was met.
 */
void judge_report(const struct judge *j, int n);

#endif
