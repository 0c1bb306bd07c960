/*
 * driftmix - compose streams that drift out of records. What comes when is in
 * lib/eval/mix.c, where the records stand in lib/eval/recindex.c.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/mix.h"
#include "eval/recindex.h"
#include "eval/sources.h"
#include "json/intern.h"
#include "tool/args.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/opt.h"
#include "tool/out.h"
#include "tool/rec.h"

enum { CLASSES = 100000 };

static struct {
	struct opt_list clean, drift, raise, drop;
	const char *class, *mix, *label, *order, *reference, *every;
	long long streams, length, at, ramp, repeat, scene, period, seed;
	long long reference_size;
	double share, ar, amplitude;
	int draw;
} opt = {
    .label = "truth",
    .order = "feat.mean",
    .streams = 1,
    .length = 2000,
    .at = -1,
    .share = 1,
    .repeat = 1,
    .scene = 1,
    .period = 288,
    .reference_size = 5000,
};

static const struct opt options[] = {
    {0, "clean", OPT_LIST, &opt.clean, "FILE", "undrifted records, repeatable",
	0, 0},
    {0, "drift", OPT_LIST, &opt.drift, "FILE",
	"drifted records, repeatable: these take turns", 0, 0},
    {0, "streams", OPT_INT, &opt.streams, "N", "streams to write", 0, 1e9},
    {0, "length", OPT_INT, &opt.length, "N", "records of each", 1, 1e12},
    {0, "at", OPT_INT, &opt.at, "N",
	"undrifted records before the change; -1: half of them", -1, 1e12},
    {0, "ramp", OPT_INT, &opt.ramp, "N",
	"records in which the share of drifted ones rises", 0, 1e12},
    {0, "share", OPT_REAL, &opt.share, "P",
	"share of drifted records after the change", 0, 1},
    {0, "every", OPT_STRING, &opt.every, "ON,OFF",
	"drift for ON records, none for OFF, and so on", 0, 0},
    {0, "class", OPT_STRING, &opt.class, "CLASS", "drift of one class alone", 0,
	0},
    {0, "mix", OPT_PATH, &opt.mix, "FILE",
	"after the change the classes have these shares, CLASS=SHARE a line", 0,
	0},
    {0, "drop-class", OPT_LIST, &opt.drop, "CLASS",
	"after the change the class is missing, repeatable", 0, 0},
    {0, "raise-class", OPT_LIST, &opt.raise, "CLASS=FACTOR",
	"after the change a record of the class is so much more likely", 0, 0},
    {0, "label", OPT_STRING, &opt.label, "FIELD", "field with the class", 0, 0},
    {0, "repeat", OPT_INT, &opt.repeat, "N",
	"the same scene for N records in a row", 1, 1e9},
    {0, "scene", OPT_INT, &opt.scene, "N",
	"records in a row of a file that show the same scene", 1, 1e6},
    {0, "ar", OPT_REAL, &opt.ar, "PHI",
	"autocorrelation of neighbours, by the order of a field", -0.9999,
	0.9999},
    {0, "period", OPT_INT, &opt.period, "N",
	"records of a day, with --amplitude", 2, 1e9},
    {0, "amplitude", OPT_REAL, &opt.amplitude, "A",
	"of day and night, in deviations", 0, 100},
    {0, "order", OPT_STRING, &opt.order, "FIELD",
	"field whose order --ar and --amplitude follow", 0, 0},
    {0, "draw", OPT_CHOICE, &opt.draw, "with|without",
	"replacement within a stream", 0, 0},
    {0, "reference", OPT_PATH, &opt.reference, "FILE",
	"write a reference there, of clean records that no stream has", 0, 0},
    {0, "reference-size", OPT_INT, &opt.reference_size, "N",
	"records of the reference", 1, 1e9},
    {0, "seed", OPT_INT, &opt.seed, "N", "of all that is drawn", 0, 9e15},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct recindex clean, drift[MIX_MOST];
static struct intern classes;
static struct mix mix;

/* Whether the mix of the classes changes, as against the records. */
static int
mixes(void)
{
	return opt.mix != NULL || opt.drop.n > 0 || opt.raise.n > 0;
}

static int
resembles(void)
{
	return opt.ar != 0 || opt.amplitude > 0;
}

static void
parse_every(void)
{
	char end;

	if (opt.every != NULL &&
	    (sscanf(opt.every, "%llu,%llu%c", &mix.how.on, &mix.how.off,
		 &end) != 2 ||
		opt.every[strspn(opt.every, "0123456789,")] || mix.how.on < 1 ||
		mix.how.on > 1e12 || mix.how.off > 1e12))
		err_die("'--every': not ON,OFF: '%s'", opt.every);
}

static void
refuse_contradictions(void)
{
	static const char *const of_drift[] = {
	    "at", "ramp", "share", "every", "class"};
	int still = opt.drift.n == 0 && !mixes();

	for (size_t i = 0; i < sizeof(of_drift) / sizeof(*of_drift); i++)
		opt_refuse(still, of_drift[i],
		    "nothing drifts: there is no --drift and no other mix");
	opt_refuse(opt.drift.n == 0, "class", "needs --drift");
	opt_refuse(opt.amplitude == 0, "period", "needs --amplitude");
	opt_refuse(
	    opt.reference == NULL, "reference-size", "needs --reference");
	opt_refuse(opt.draw && resembles(), "draw",
	    "neighbours that resemble each other are drawn with replacement");
	opt_refuse(opt.draw && (opt.mix || opt.raise.n > 0), "draw",
	    "weighted classes are drawn with replacement");
	opt_refuse(opt.class && mixes(), "class",
	    "one class drifts or the mix does, not both");
	if (opt.at > opt.length)
		err_die("'--at': the streams end before: '%lld'", opt.at);
}

static void
parse_options(int argc, char **argv)
{
	struct tool tool = {
	    .name = "driftmix",
	    .usage = "[-qv] [-c file] [option ...] --clean FILE "
		     "[--drift FILE ...]",
	    .about = "compose streams that drift out of records",
	    .tables = {options},
	};
	int first = args_parse(&tool, argc, argv);

	if (first < argc)
		err_die("'%s': name files by --clean and --drift", argv[first]);
	if (opt.clean.n == 0)
		err_die("no undrifted records: give --clean FILE");
	if (opt.drift.n > MIX_MOST)
		err_die("'--drift': more than %d files", MIX_MOST);
	parse_every();
	refuse_contradictions();
	mix.how.at = (unsigned long long)(opt.at < 0 ? opt.length / 2 : opt.at);
	mix.how.ramp = (unsigned long long)opt.ramp;
	mix.how.share = opt.share;
	mix.how.repeat = (unsigned long long)opt.repeat;
	mix.how.scene = (size_t)opt.scene;
	mix.how.once = opt.draw;
}

/* The units of an index, or trouble. */
static size_t
units_of(const struct recindex *ix, const char *what)
{
	if (ix->n == 0)
		err_die("%s: no records that can be used", what);
	if (ix->n % mix.how.scene != 0 || ix->n > UINT32_MAX)
		err_die("%s: %zu records are not so many scenes of %zu", what,
		    ix->n, mix.how.scene);
	return ix->n / mix.how.scene;
}

static void
read_records(void)
{
	int labelled = mixes() || opt.class != NULL;
	struct recindex_want want = {
	    .label = labelled ? opt.label : NULL,
	    .order = resembles() ? opt.order : NULL,
	    .classes = &classes,
	    .strict = opt.scene > 1,
	};
	unsigned long long left_out;

	intern_init(&classes, CLASSES);
	for (size_t i = 0; i < opt.clean.n; i++)
		recindex_add(&clean, opt.clean.item[i], &want);
	left_out = clean.left_out;
	for (size_t i = 0; i < opt.drift.n; i++) {
		recindex_add(&drift[i], opt.drift.item[i], &want);
		left_out += drift[i].left_out;
	}
	if (left_out > 0)
		err_warn(
		    "%llu records that can't be used were left out", left_out);
}

/*
 * How many units the reference takes out of the clean ones. One that resembles
 * itself has half of them, and draws its records from these.
 */
static size_t
set_aside(size_t units)
{
	size_t n = (size_t)opt.reference_size;

	if (opt.reference == NULL)
		return 0;
	if (resembles() || opt.repeat > 1)
		n = units / 2;
	if (n == 0 || n >= units)
		err_die("'--reference-size': no clean records are left of %zu",
		    units * mix.how.scene);
	return n;
}

/* An undrifted stream, numbered 0, without our members. */
static void
write_reference(const uint32_t *unit, size_t n)
{
	struct mix m = mix;
	struct mix_choice c;
	struct buf text = {0}, none = {0};

	if (n == 0)
		return;
	m.how.once = !resembles() && opt.repeat == 1;
	m.sources = 0;
	sources_draw(&m.clean, &clean, m.how.scene, unit, n, NULL, "--clean");
	if (mix_start(&m, (unsigned long long)opt.seed, 0) < 0)
		err_memory();
	for (long long i = 0; i < opt.reference_size; i++) {
		mix_next(&m, &c);
		recindex_get(&clean, c.record, &none, &text);
	}
	atomic_write(opt.reference, text.p, text.len, 0666);
	buf_free(&text);
	mix_free(&m);
}

/* The sources of the streams. */
static void
make_draws(void)
{
	const struct sources_classes how = {
	    &classes, opt.class, opt.mix, &opt.drop, &opt.raise};
	const struct sources_classes *by = mixes() || opt.class ? &how : NULL;
	size_t scene = mix.how.scene, n = units_of(&clean, "--clean");
	size_t aside = set_aside(n);
	uint32_t *unit = sources_split(n, aside, (unsigned long long)opt.seed);

	mix.drift = err_calloc(MIX_MOST, sizeof(*mix.drift));
	chain_init(
	    &mix.chain, opt.ar, opt.amplitude, (unsigned long long)opt.period);
	write_reference(unit, aside);
	sources_draw(&mix.clean, &clean, scene, unit + aside, n - aside, NULL,
	    "--clean");
	if (opt.class != NULL)
		mix.only = sources_only(&clean, scene, &how);
	for (; mix.sources < opt.drift.n; mix.sources++)
		sources_draw(&mix.drift[mix.sources], &drift[mix.sources],
		    scene, NULL,
		    units_of(&drift[mix.sources], opt.drift.item[mix.sources]),
		    by, opt.drift.item[mix.sources]);
	if (mix.sources == 0 && mixes())
		sources_draw(&mix.drift[mix.sources++], &clean, scene,
		    unit + aside, n - aside, by, "--clean");
	free(unit);
}

static void
write_stream(unsigned long long number)
{
	struct buf line = {0}, members = {0};
	struct mix_choice c;

	if (mix_start(&mix, (unsigned long long)opt.seed, number) < 0)
		err_memory();
	for (long long i = 0; i < opt.length && !rec_stopped(); i++) {
		int own = opt.drift.n > 0;

		if (mix_next(&mix, &c) < 0)
			err_die("stream %llu, record %lld: all records of the "
				"source are drawn: take --draw with",
			    number, i + 1);
		buf_key_int(&members, "stream", (long long)number);
		buf_key(&members, "drifted");
		buf_str(&members, c.drifted ? "true" : "false");
		if (opt.amplitude > 0)
			buf_key_int(&members, "hour",
			    chain_hour(&mix.chain, (unsigned long long)i));
		recindex_get(c.drifted && own ? &drift[c.source] : &clean,
		    c.record, &members, &line);
		out_write(line.p, line.len);
		line.len = 0;
	}
	buf_free(&line);
	buf_free(&members);
}

int
main(int argc, char **argv)
{
	parse_options(argc, argv);
	read_records();
	make_draws();
	for (long long i = 1; i <= opt.streams && !rec_stopped(); i++) {
		write_stream((unsigned long long)i);
		err_progress("streams", (unsigned long long)i,
		    (unsigned long long)opt.streams, NULL);
	}
	err_progress_end();
	err_info("drawn %s replacement", opt.draw ? "without" : "with");
	out_close();
	if (rec_stopped())
		err_die("stopped by a signal");
	return EXIT_SUCCESS;
}
