/*
 * What the detectors of a pipeline guarantee together. Each keeps in its state,
 * as "false_alarms", how many of them there are for a record at most, on
 * average: no more than the sum are in all.
 */
#ifndef GUARANTEE_H
#define GUARANTEE_H

/*
 * The sum of all in a directory of states; 0 when it has no detector, or one
 * whose limit is fixed, so that nothing is known of all. Trouble is a message
 * and exit 2.
 */
double guarantee_rate(const char *directory);

/* Says it, with -v and once, of the detectors of a generation (generation.h). */
void guarantee_say(const char *dir, long long generation);

#endif
