/*
 * A limit that is kept in the user's cache: a line with the number and the
 * CRC-32 of the file's name and that number. It is believed only where nobody
 * else can have written it, and where it is the answer to that question.
 */
#ifndef LIMITFILE_H
#define LIMITFILE_H

#include <stddef.h>

/*
 * The path of a question's answer, under $XDG_CACHE_HOME/driftpipe or
 * ~/.cache/driftpipe, which are made for the user alone. 0 when there is no
 * place for one.
 */
int limitfile_path(const char *name, char *path, size_t size);

/*
 * The limit, or NAN: there is no file, or it is not regular, not the user's,
 * open to others' writing, or not whole, which -v says. Never waits.
 */
double limitfile_read(const char *path);

/* Keeps it if it can; the next run will simulate again if not. */
void limitfile_write(const char *path, double limit);

#endif
