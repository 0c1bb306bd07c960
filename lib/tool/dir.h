/*
 * The names in a directory. One that can't be opened, or read to its end, ends
 * the program with a message: what is not seen must not count as not there.
 */
#ifndef DIR_H
#define DIR_H

struct dir {
	const char *path; /* kept */
	void *stream;
	int fd; /* for unlinkat and its like */
};

void dir_open(struct dir *d, const char *path);

/* The next name, "." and ".." among them, valid until the next call; or NULL. */
const char *dir_next(struct dir *d);

void dir_close(struct dir *d);

#endif
