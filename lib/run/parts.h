/*
 * A directory with the states of the parts of a pipeline (tool/partition.h):
 * DIR/1of4 and so on. There are parts of one number only, that of the link
 * DIR/parts, or where there is none, of all that are there; so that another
 * number of them becomes valid by one rename. Parts of another are left from
 * a change that was not finished, or was just now.
 */
#ifndef PARTS_H
#define PARTS_H

/*
 * For a pipeline or tool that is one of so many, or with 0 of none, before it
 * makes its own directory there. Another number, or that they are being parted
 * anew, is a message and exit 2.
 */
void parts_claim(const char *dir, unsigned parts);

/*
 * For whoever parts them anew: keeps all others out until the process ends, and
 * returns how many there are; 0 is a state without parts. None at all, or one
 * that is in use, is a message and exit 2.
 */
unsigned parts_hold(const char *dir);

/* From here on there are so many. */
void parts_commit(const char *dir, unsigned parts);

/* DIR/2of4, or with 0 parts DIR itself; to be freed. */
char *parts_path(const char *dir, unsigned part, unsigned parts);

/*
 * Removes what is there of other numbers of parts; and files of that name,
 * which ends in ".prom", with their number in it, or none. What was not made
 * here stays, and that is said.
 */
void parts_tidy(const char *dir, unsigned parts);
void parts_tidy_files(const char *path, unsigned parts);

#endif
