/*
 * The lines that say how a detector did (score.h): of a table for people, of
 * tab-separated values, or a record.
 */
#ifndef SCORETEXT_H
#define SCORETEXT_H

struct buf;
struct score_result;

/* As the words of driftscore's --format. */
enum scoretext { SCORETEXT_TABLE, SCORETEXT_TSV, SCORETEXT_RECORDS };

/* The line with the columns' names; nothing for records. No newline. */
void scoretext_head(struct buf *b, enum scoretext form);

/* level: confidence of the intervals. No newline. */
void scoretext_put(struct buf *b, enum scoretext form, const char *name,
    const struct score_result *r, double level);

#endif
