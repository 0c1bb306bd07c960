/*
 * Messages to the user. This is the one module that writes to stderr.
 *
 * A message is one line: "tool: where: what: cause", lower case, the subject
 * in single quotes. Formats may use %m for strerror(errno). What is no UTF-8,
 * and every control character, comes out as \xNN for each of its bytes: what a
 * message quotes needs no other care. In the system's journal messages of
 * err_die are errors, those of err_warn warnings, and those of err_info
 * information.
 *
 * Exit status, alike in every tool: 0 done, 1 an event was raised (only with
 * -e), 2 trouble.
 */
#ifndef ERR_H
#define ERR_H

enum { EXIT_EVENT = 1, EXIT_TROUBLE = 2 };

/* The name that stands before each message; kept, not copied. */
void err_init(const char *tool);

/* How much is said: -1 with -q (no warnings), 0, 1 with -v. */
void err_level(int level);
int err_verbose(void);

/* Says it, unless -q. */
void err_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says it only with -v. */
void err_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says it, whatever the level, and exits with EXIT_TROUBLE. */
_Noreturn void err_die(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * A progress line that overwrites itself: shown only when stderr is a
 * terminal and not with -q. total 0 means unknown. note may be NULL.
 */
void err_progress(const char *what, unsigned long long done,
    unsigned long long total, const char *note);

/* Ends the progress line, if one was shown. */
void err_progress_end(void);

/* err_die, as memory has ended. */
_Noreturn void err_memory(void);

/* malloc, calloc, realloc, strdup that end the program when memory does. */
void *err_malloc(unsigned long size);
void *err_calloc(unsigned long n, unsigned long size);
void *err_realloc(void *p, unsigned long size);
char *err_strdup(const char *s);

/* path_join's "dir/name", to be freed. */
char *err_join(const char *dir, const char *name);

#endif
