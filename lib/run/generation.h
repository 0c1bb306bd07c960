/*
 * Generations of a state directory: DIR/gen.N holds the files of one state of
 * a whole pipeline, and the link DIR/current says which one counts. It moves
 * from one to the next by a rename, so that after a crash, of the machine too,
 * it leads to a whole one.
 *
 * Whoever moves it holds a lock of its own; see state.h.
 */
#ifndef GENERATION_H
#define GENERATION_H

/*
 * The number of the current generation; -1: there is none. Trouble, such as a
 * link to something else, is a message and exit 2, here and below.
 */
long long generation_current(const char *dir);

/* Makes an empty gen.0 the current one where there is none yet. */
void generation_begin(const char *dir);

/* The path of a file of a generation; to be freed. */
char *generation_path(const char *dir, long long n, const char *file);

/* Makes the directory of a generation. */
void generation_make(const char *dir, long long n);

/* Its files are on the disk: it is the current one from here on. */
void generation_commit(const char *dir, long long n);

/*
 * Makes the file hold the metrics of the current generation, its one file that
 * ends in .prom; if it has none, or the file holds them already, it is left
 * alone.
 */
void generation_publish(const char *dir, const char *path);

/*
 * Removes all before the one that was current before; with later also those
 * after the current one, which nothing may be writing to then. What was not
 * made here stays, and that is said.
 */
void generation_prune(const char *dir, int later);

/* Removes all of them, for good. */
void generation_remove(const char *dir);

#endif
