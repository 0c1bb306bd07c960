/*
 * Prints how often each detector raises a false alarm where 0.05 was promised:
 * the share of streams without drift that have an alarm within the horizon.
 * tests/stat/calibration.sh runs it.
 *
 *	achieved STREAMS       the table; progress on stderr
 *	achieved STREAMS DIR   some streams as files for the tools, and a line
 *	                       each: file, limit, alarm, command
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cells.h"

static const size_t references[] = {100, 500, 5000};
enum { REFERENCES = 3, COLUMNS = REFERENCES * FIELDS };

#define NMDDM .mode = NMDDM_GLR, .bins = 8

static const struct subject subjects[] = {
    {"pht", &pht_verbs, {.pht = {.k = 0.25}}, {1}},
    {"pht --scores rank", &pht_verbs, {.pht = {.scores = PHT_RANKS, .k = 0.25}},
	{1}},
    {"iks", &iks_verbs, {.iks = {.step = 1}}, {50, 200}},
    {"iks --policy sliding", &iks_verbs,
	{.iks = {.policy = IKS_SLIDING, .step = 1}}, {50, 200}},
    {"iks --kuiper", &iks_verbs, {.iks = {.step = 1, .kuiper = 1}}, {50, 200}},
    {"nmddm", &nmddm_verbs, {.nmddm = {NMDDM}}, {50, 200}},
    {"nmddm --scan", &nmddm_verbs, {.nmddm = {NMDDM, .scan = 1}},
	{50, 200, 1000}},
    {"chi2", &chi2_verbs,
	{.chi2 = {.statistic = CHI2_G, .min_expected = 5, .classes = 1001}},
	{50, 200}},
};
enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

static struct {
	size_t done, cells, above, below;
} total;

/* Wilson's 95 % interval of the cell's share. */
static void
interval(const struct cell *c, double *low, double *high)
{
	double n = (double)c->streams, p = (double)c->alarms / n;
	double z = 1.959964, middle = p + z * z / (2 * n);
	double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	*low = (middle - half) / (1 + z * z / n);
	*high = (middle + half) / (1 + z * z / n);
}

/* Fills the cell's share in, with a mark where 0.05 is out of its interval. */
static void
print_cell(const struct cell *c, const char *window, char *out, size_t size)
{
	double low, high, share = (double)c->alarms / (double)c->streams;
	char mark;

	interval(c, &low, &high);
	mark = low > cells_fap ? '+' : high < cells_fap ? '-' : ' ';
	total.above += mark == '+';
	total.below += mark == '-';
	snprintf(out, size, "%6.3f%c", share, mark);
	fprintf(stderr,
	    "%3zu of %zu: %s, %s, window %s, reference %zu, fields %zu: "
	    "%zu of %zu, %.4f, %.4f .. %.4f%c\n",
	    ++total.done, total.cells, c->subject->command, c->data->name,
	    window, c->n, c->fields, (size_t)c->alarms, c->streams, share, low,
	    high, mark);
}

/* The rows of a detector with one window. */
static void
print_rows(const struct subject *d, size_t window, size_t streams)
{
	const struct data *data = d->kind->names != NULL ? data_classes
							 : data_numeric;
	size_t rows = d->kind->names != NULL ? DATA_CLASSES : DATA_NUMERIC;
	char text[DATA_CLASSES][COLUMNS][24], shown[24] = "-";

	if (d->kind->window != NULL)
		snprintf(shown, sizeof(shown), "%zu", window);
	for (size_t i = 0; i < REFERENCES; i++) {
		struct cell c = cells_make(d, window, references[i]);
		double limit[FIELDS] = {NAN, NAN};

		if (d->kind->names == NULL)
			cells_limits(&c, limit);
		for (size_t k = 0; k < rows * FIELDS; k++) {
			c.data = &data[k / FIELDS];
			c.fields = cells_fields[k % FIELDS];
			c.limit = limit[k % FIELDS];
			c.streams = streams;
			c.number = total.done;
			c.alarms = 0;
			cells_count(&c);
			print_cell(&c, shown,
			    text[k / FIELDS][i * FIELDS + k % FIELDS], 24);
		}
	}
	for (size_t k = 0; k < rows; k++) {
		printf("%-20s %-10s %6s", d->command, data[k].name, shown);
		for (size_t i = 0; i < COLUMNS; i++)
			printf("%s", text[k][i]);
		printf("\n");
	}
	fflush(stdout);
}

static void
print_head(size_t streams)
{
	double half = 1.959964 *
		      sqrt(cells_fap * (1 - cells_fap) / (double)streams);

	printf("Share of %zu streams with an alarm, --fap %g --horizon %d.\n"
	       "+ above, - below: outside %.3f .. %.3f, the range of 95 %% of "
	       "the shares\nif the probability is %g.\n\n",
	    streams, cells_fap, HORIZON, cells_fap - half, cells_fap + half,
	    cells_fap);
	printf("%38s", "reference");
	for (size_t i = 0; i < REFERENCES; i++)
		printf("%*zu", i ? 14 : 8, references[i]);
	printf("\n%38s", "fields");
	for (size_t i = 0; i < COLUMNS; i++)
		printf("%*zu", i ? 7 : 4, cells_fields[i % FIELDS]);
	printf("\n%-20s %-10s %6s\n", "detector", "data", "window");
}

/* What is outside without being wrong. */
static void
print_foot(void)
{
	double b = (double)calib_runs(cells_fap, HORIZON);
	double most = (double)cells_fields[FIELDS - 1];
	double q = cells_fap / most;

	printf(
	    "\n%zu of %zu shares are above and %zu below; about %.0f of each "
	    "would be expected by\nchance. ",
	    total.above, total.cells, total.below, 0.025 * (double)total.cells);
	printf("The limits are from %.0f simulated runs, so the true "
	       "probability of\neach is uncertain by %.4f (standard error), or "
	       "%.4f for %.0f fields, besides\nthe sampling error of the "
	       "shares.\n",
	    b, sqrt(cells_fap * (1 - cells_fap) / b),
	    most * sqrt(q * (1 - q) / b), most);
	printf("8-bit: a standard deviation of 32 steps; binary: one value in "
	       "five is 1;\na rare class: 0.002.\n");
}

static void
print_table(size_t streams)
{
	for (size_t i = 0; i < SUBJECTS; i++)
		for (size_t w = 0; subjects[i].windows[w] > 0; w++)
			total.cells += COLUMNS *
				       (subjects[i].kind->names != NULL
					       ? DATA_CLASSES
					       : DATA_NUMERIC);
	print_head(streams);
	for (size_t i = 0; i < SUBJECTS; i++)
		for (size_t w = 0; subjects[i].windows[w] > 0; w++)
			print_rows(
			    &subjects[i], subjects[i].windows[w], streams);
	print_foot();
}

/* Writes a stream for the tool, and says what is to be expected. */
static void
export_stream(const struct cell *c, size_t stream, const char *dir)
{
	size_t length = c->n + HORIZON;
	char name[4096];
	double *x = cells_draw(c, stream), limit = NAN;
	int alarm = 0;
	FILE *f;

	snprintf(
	    name, sizeof(name), "%s/%zu-%zu", dir, (size_t)c->number, stream);
	f = fopen(name, "w");
	for (size_t i = 0; f != NULL && i < length; i++)
		for (size_t k = 0; k < c->fields; k++)
			fprintf(f, "%s\"f%zu\":%.17g%s", k ? "," : "{", k,
			    x[k * length + i], k + 1 < c->fields ? "" : "}\n");
	if (f == NULL || fclose(f) != 0) {
		perror(name);
		exit(2);
	}
	for (size_t k = 0; k < c->fields; k++)
		alarm |= cells_field_alarms(c, x + k * length, &limit);
	free(x);
	printf("%s %.6g %d %s", name, limit, alarm, c->subject->command);
	printf(" --fap %g --horizon %d --reference-size %zu", cells_fap,
	    HORIZON, c->n);
	if (c->subject->kind->window != NULL)
		printf(" --window %zu", c->subject->windows[0]);
	for (size_t k = 0; k < c->fields; k++)
		printf(" -f f%zu", k);
	printf("\n");
}

/* A cell of each detector, with its first window and reference. */
static void
export_streams(size_t streams, const char *dir)
{
	for (size_t i = 0; i < SUBJECTS; i++) {
		const struct subject *d = &subjects[i];
		struct cell c = cells_make(d, d->windows[0], references[0]);
		double limit[FIELDS] = {NAN, NAN};
		size_t wide = d->kind->names == NULL && i % 2 == 0;

		if (d->kind->names == NULL)
			cells_limits(&c, limit);
		c.number = i;
		c.data = d->kind->names != NULL ? &data_classes[2]
						: &data_numeric[(i + 1) % 4];
		c.fields = cells_fields[wide];
		c.limit = limit[wide];
		for (size_t k = 0; k < streams; k++)
			export_stream(&c, k, dir);
	}
}

int
main(int argc, char **argv)
{
	long streams = argc > 1 ? atol(argv[1]) : 0;

	if (streams < 1 || argc > 3) {
		fprintf(stderr, "usage: achieved streams [directory]\n");
		return 2;
	}
	if (argc == 3)
		export_streams((size_t)streams, argv[2]);
	else
		print_table((size_t)streams);
	return 0;
}
