/* What this build calls itself. */
#ifndef VERSION_H
#define VERSION_H

extern const char version[];  /* of the release, as in VERSION */
extern const char revision[]; /* commit it was built from, or "none" */

#endif
