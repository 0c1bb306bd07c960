/* A page in the making, as its sections see it. */
#ifndef SHEET_H
#define SHEET_H

#include "report/doc.h"
#include "report/findings.h"
#include "report/metrics.h"
#include "report/promise.h"
#include "report/thumb.h"

/* Bytes of a page that is not to grow much larger: the limit is 2 MB. */
enum { SHEET_FULL = 1500000 };

/* Kept, not copied. */
struct sheet_setup {
	double fap, horizon;           /* what the detectors ran with ... */
	int told;                      /* ... as the user says ... */
	const struct promise *promise; /* ... unless this says it */
	const char *files;             /* the input, as a shell would have it */
	const char *version;
	const char *options;
	const struct metrics *metrics; /* NULL: no file was given */
	struct thumb *thumb; /* makes pictures; NULL: none are shown */
};

struct sheet {
	struct doc doc;
	const struct sheet_setup *setup;
	const struct reading *reading;
	struct subject *subject;
	struct findings findings;
	struct buf text, chart; /* scratch */
};

/* Cells of a table, in words.h's form. */
void sheet_count(struct sheet *p, unsigned long long n);
void sheet_number(struct sheet *p, double x, int digits);
void sheet_percent(struct sheet *p, double share);
void sheet_time(struct sheet *p, double t, int fine);

#endif
