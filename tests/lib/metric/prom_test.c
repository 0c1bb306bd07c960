#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/promput.h"
#include "tap.h"
#include "base/utf8.h"

static struct buf text;

/* Renders, to be looked at as a string. */
static const char *
render(struct prom *p)
{
	text.len = 0;
	promput(p, &text, NULL, NULL);
	buf_put(&text, "", 1);
	return text.p;
}

static int
has(struct prom *p, const char *what)
{
	const char *s = render(p);
	int found = strstr(s, what) != NULL;

	if (!found)
		printf("# no '%s' in\n# %s\n", what, s);
	return found;
}

/* What a label value looks like when it has been through. */
static void
value(const char *in, const char *want, const char *name)
{
	struct prom p;
	char line[2048];

	prom_init(&p, "s", 100);
	prom_set(&p, PROMTEXT_INPUT_RECORDS_TOTAL, &in, 1);
	snprintf(
	    line, sizeof(line), "total{type=\"%s\",stream=\"s\"} 1\n", want);
	ok(has(&p, line), "label: %s", name);
	prom_free(&p);
}

static void
label_values(void)
{
	char longest[10001], want[300];

	value("T-shirt/top", "T-shirt/top", "plain");
	value("a\"b", "a\\\"b", "a quote");
	value("a\\b", "a\\\\b", "a backslash");
	value("a\nb", "a\\nb", "a newline");
	value("\\n", "\\\\n", "a backslash and an n");
	value("</script>{}", "</script>{}", "markup");
	value("a\rb\tc\x01\x7f",
	    "a\xef\xbf\xbd"
	    "b\xef\xbf\xbd"
	    "c\xef\xbf\xbd\xef\xbf\xbd",
	    "control characters");
	value("\xc2\x85x", "\xef\xbf\xbdx", "a control character of two bytes");
	value("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "UTF-8");
	value("\xff\xc0\x80\xed\xa0\x80z\xe2\x82",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	    "\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd",
	    "not UTF-8");
	memset(longest, 'x', 10000);
	longest[10000] = '\0';
	memset(want, 'x', 253);
	memcpy(want + 253, "\xe2\x80\xa6", 4);
	value(longest, want, "10,000 bytes");
	longest[256] = '\0';
	value(longest, longest, "256 bytes");
	/* A character of three bytes that does not fit is not cut in two. */
	memcpy(longest + 252, "\xe2\x82\xacxx", 6);
	memcpy(want + 252, "\xe2\x80\xa6", 4);
	value(longest, want, "cut between characters");
}

static void
numbers(void)
{
	static const struct {
		double x;
		const char *want;
	} n[] = {{0, "0"}, {-0.0, "0"}, {1, "1"}, {1e6, "1000000"},
	    {123456789012, "123456789012"}, {0.1, "0.1"},
	    {0.1 + 0.2, "0.30000000000000004"}, {1e300, "1e300"},
	    {5e-324, "5e-324"}, {1763880000.123, "1763880000.123"},
	    {-1.5, "-1.5"}, {INFINITY, "+Inf"}, {-INFINITY, "-Inf"},
	    {NAN, "NaN"}, {-NAN, "NaN"}};

	for (size_t i = 0; i < sizeof(n) / sizeof(*n); i++) {
		struct prom p;
		char line[100];

		prom_init(&p, "s", 100);
		prom_set(&p, PROMTEXT_OUTPUT_SERIES, NULL, n[i].x);
		snprintf(line, sizeof(line), "_series{stream=\"s\"} %s\n",
		    n[i].want);
		ok(has(&p, line), "number: %s", n[i].want);
		prom_free(&p);
	}
}

static void
families(void)
{
	struct prom p;

	prom_init(&p, "a\"b", 100);
	prom_constant(&p, "site", "x\\y");
	prom_constant(&p, "line", "z");
	prom_set(&p, DRIFT_DETECTED, (const char *[]){"z", "pht"}, 1);
	prom_set(&p, DRIFT_DETECTED, (const char *[]){"a b", "pht"}, 0);
	prom_set(&p, DRIFT_DETECTED, (const char *[]){"a", "z"}, 0);
	prom_set(&p, DRIFT_DETECTED, (const char *[]){"a", "iks"}, 0);
	prom_set(&p, DRIFT_DETECTED, (const char *[]){"z", "pht"}, 1);
	prom_set(&p, DRIFT_FEATURE_MEAN, (const char *[]){"z"}, 2.5);
	prom_set(
	    &p, IMGCLS_MODEL_INFO, (const char *[]){"m", NULL, "crc32:1"}, 1);
#define FIXED "stream=\"a\\\"b\",site=\"x\\\\y\",line=\"z\"} "
	ok(strcmp(render(&p),
	       "# HELP drift_feature_mean Mean of the feature over its latest "
	       "window.\n"
	       "# TYPE drift_feature_mean gauge\n"
	       "drift_feature_mean{feature=\"z\"," FIXED "2.5\n"
	       "# HELP drift_detected Whether the detector is in drift (1) or "
	       "not (0) at its last sample.\n"
	       "# TYPE drift_detected gauge\n"
	       "drift_detected{feature=\"a\",detector=\"iks\"," FIXED "0\n"
	       "drift_detected{feature=\"a\",detector=\"z\"," FIXED "0\n"
	       "drift_detected{feature=\"a b\",detector=\"pht\"," FIXED "0\n"
	       "drift_detected{feature=\"z\",detector=\"pht\"," FIXED "1\n"
	       "# HELP imgcls_model_info The model in use; always 1.\n"
	       "# TYPE imgcls_model_info gauge\n"
	       "imgcls_model_info{model=\"m\",digest=\"crc32:1\"," FIXED
	       "1\n") == 0,
	    "families in the table's order, series sorted, each once");
	ok(p.series.n == 6 && p.lines == 6, "six series");
	prom_free(&p);
	prom_init(&p, "s", 100);
	ok(*render(&p) == '\0', "an empty store is empty text");
	prom_free(&p);
}

static void
histogram(void)
{
	struct prom p, q;
	const char *m = "m";

	prom_init(&p, "s", 100);
	prom_init(&q, "s", 100);
	prom_observe(prom_find(&p, IMGCLS_CONFIDENCE_RATIO, &m), 0.1);
	prom_observe(prom_find(&p, IMGCLS_CONFIDENCE_RATIO, &m), 0.125);
	prom_observe(prom_find(&p, IMGCLS_CONFIDENCE_RATIO, &m), 0);
	prom_observe(prom_find(&p, IMGCLS_CONFIDENCE_RATIO, &m), 1);
	prom_observe(prom_find(&q, IMGCLS_CONFIDENCE_RATIO, &m), 0.96875);
	prom_observe(prom_find(&q, IMGCLS_CONFIDENCE_RATIO, &m), 7);
	prom_set(&q, PROMTEXT_OUTPUT_SERIES, NULL, 9);
	prom_set(&p, PROMTEXT_OUTPUT_SERIES, NULL, 2);
	prom_add(&p, PROMTEXT_INPUT_RECORDS_TOTAL, &m, 3);
	prom_add(&q, PROMTEXT_INPUT_RECORDS_TOTAL, &m, 4);
	prom_merge(&p, &q);
#define B "imgcls_confidence_ratio_bucket{model=\"m\",stream=\"s\",le="
	ok(has(&p,
	       B "\"0.1\"} 2\n" B "\"0.2\"} 3\n" B "\"0.3\"} 3\n" B
		 "\"0.4\"} 3\n" B "\"0.5\"} 3\n" B "\"0.6\"} 3\n" B
		 "\"0.7\"} 3\n" B "\"0.8\"} 3\n" B "\"0.9\"} 3\n" B
		 "\"0.95\"} 3\n" B "\"0.99\"} 4\n" B "\"1\"} 5\n" B
		 "\"+Inf\"} 6\n"
		 "imgcls_confidence_ratio_sum{model=\"m\",stream=\"s\"} "
		 "9.19375\n"
		 "imgcls_confidence_ratio_count{model=\"m\",stream=\"s\"} 6\n"),
	    "a histogram, merged");
	ok(has(&p, "promtext_output_series{stream=\"s\"} 9\n"),
	    "a merged gauge is replaced");
	ok(has(&p, "records_total{type=\"m\",stream=\"s\"} 7\n"),
	    "a merged counter is added to");
	ok(p.lines == 17, "a histogram counts as its lines: %zu", p.lines);
	prom_free(&p);
	prom_free(&q);
}

static void
streams(void)
{
	struct prom p, q;
	char longest[400];

	prom_init(&p, "b", 100);
	prom_init(&q, "", 100);
	ok(prom_constant(&p, "site", "x") == NULL &&
		prom_constant(&p, "site", "y") != NULL,
	    "a label is given once");
	prom_set(&p, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 1);
	prom_stream(&p, "a");
	prom_set(&p, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 2);
	prom_set(&p, DRIFT_FEATURE_MEAN, (const char *[]){"x"}, 3);
	prom_stream(&q, "b");
	prom_set(&q, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 4);
	prom_stream(&q, "c\001");
	prom_set(&q, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 5);
	prom_stream(&q, "c\002");
	prom_set(&q, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 6);
	prom_merge(&p, &q);
#define MEAN "drift_feature_mean{feature="
	ok(has(&p, "gauge\n" MEAN "\"x\",stream=\"a\",site=\"x\"} 3\n" MEAN
		   "\"y\",stream=\"a\",site=\"x\"} 2\n" MEAN
		   "\"y\",stream=\"b\",site=\"x\"} 4\n" MEAN
		   "\"y\",stream=\"c\xef\xbf\xbd\",site=\"x\"} 6\n"),
	    "one family of all streams, and one series of each");
	memset(longest, 'x', sizeof(longest));
	longest[399] = '\0';
	prom_stream(&p, longest);
	prom_set(&p, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 7);
	longest[398] = 'y';
	prom_stream(&p, longest);
	prom_set(&p, DRIFT_FEATURE_MEAN, (const char *[]){"y"}, 8);
	ok(p.series.n == 5 && strlen(p.stream) == 256, "of long names too");
	prom_free(&p);
	prom_free(&q);
}

static void
limits(void)
{
	struct prom p;
	char name[20];
	const char *v = name;
	int missing = 0;

	prom_init(&p, "s", 1000);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 1234; i++) {
			snprintf(name, sizeof(name), "type %d", i);
			prom_add(&p, PROMTEXT_INPUT_RECORDS_TOTAL, &v, 1);
		}
	ok(p.lines == 1000 && p.series.n == 1000, "1000 series and no more");
	ok(p.dropped == 234, "each left out is counted once: %zu", p.dropped);
	for (int i = 0; i < 1000; i++) {
		double *x;

		snprintf(name, sizeof(name), "type %d", i);
		x = prom_at(&p, PROMTEXT_INPUT_RECORDS_TOTAL, &v);
		missing += x == NULL || *x != 2;
	}
	ok(missing == 0, "all are found again");
	v = "m";
	prom_observe(prom_find(&p, IMGCLS_CONFIDENCE_RATIO, &v), 1);
	ok(p.dropped == 249 && !p.failed,
	    "a histogram does not fit, with all its lines");
	prom_free(&p);
}

static void
table(void)
{
	static const char *const bad[] = {"", "a-b", "1a", "a b", "__a", "__",
	    "le", "quantile", "job", "instance", "stream", "feature",
	    "detector", "model", "class", "reason", "version", "digest",
	    "revision", "type", "\xc3\xa9", "a\n"};
	static const char *const good[] = {
	    "a", "_a", "A9_", "site", "Stream", "instance_"};
	int twice = 0, odd = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(promlabel_refuse(bad[i]) != NULL, "no label name: %s",
		    strcmp(bad[i], "a\n") ? bad[i] : "with a newline");
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(promlabel_refuse(good[i]) == NULL, "label name: %s",
		    good[i]);
	for (int i = 0; i < PROMTAB_METRICS; i++) {
		const struct promtab *d = &promtab[i];

		for (int k = 0; k < i; k++)
			twice += strcmp(d->name, promtab[k].name) == 0;
		odd += strpbrk(d->help, "\\\n\"\r") != NULL;
		for (const char *s = d->help; *s != '\0'; s++)
			odd += (signed char)*s < 0x20;
		odd += (d->type == PROMTAB_COUNTER) !=
		       (strlen(d->name) > 6 &&
			   !strcmp(d->name + strlen(d->name) - 6, "_total"));
	}
	ok(twice == 0, "no metric stands twice in the table");
	ok(odd == 0, "help needs no escapes, and counters end in _total");
	text.len = 0;
	promtab_put(&text);
	ok(strncmp(text.p,
	       "drift_feature_mean\tgauge\tstream,feature\tMean of the",
	       51) == 0,
	    "the table as text");
}

int
main(void)
{
	label_values();
	numbers();
	families();
	histogram();
	streams();
	limits();
	table();
	buf_free(&text);
	return done_testing();
}
