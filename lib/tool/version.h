/* What this build calls itself, and its tools. */
#ifndef VERSION_H
#define VERSION_H

extern const char version[];          /* of the release, as in VERSION */
extern const char version_revision[]; /* commit it was built from, or "none" */
extern const char version_tools[];    /* names, with a blank between two */

#endif
