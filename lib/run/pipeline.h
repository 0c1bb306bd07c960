/*
 * The processes of a pipeline, each one's output being the next one's input,
 * and the last one's ours. None outlives this process, however it ends: each
 * is killed with it, and a guard (guard.h) kills what they have started, as
 * soon as a stage has ended.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

/*
 * Before the first. From here to pipeline_run SIGTERM and SIGINT wait; then
 * they are passed on: to all processes, or, gently, to the first one alone,
 * whose end ends the others; those do not see them then, even if they are sent
 * to all at once.
 */
void pipeline_open(int gently);

/* The next one: a command for the shell, or, if it is not NULL, a function. */
void pipeline_add(const char *name, void (*function)(void));

/* After the last: what comes out of it is our standard input. */
void pipeline_run(void);

/* As such a signal does. */
void pipeline_stop(void);

/* Whether one has come; also in the function, gently. */
int pipeline_stopped(void);

/*
 * Waits for all of them: 0, EXIT_EVENT when one ended so and that may be, or
 * EXIT_TROUBLE, with a message about each that is the cause.
 */
int pipeline_wait(int event_may_be);

#endif
