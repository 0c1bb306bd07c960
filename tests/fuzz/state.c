/*
 * What stands behind "state" in a file: refused, or brought back so that it is
 * written as it was read, and the next record can be taken. The first byte
 * says who reads.
 */
#include <stdlib.h>
#include <string.h>

#include "base/store.h"
#include "detect/chi2.h"
#include "detect/chi2_verbs.h"
#include "detect/iks.h"
#include "detect/iks_verbs.h"
#include "detect/nmddm.h"
#include "detect/nmddm_verbs.h"
#include "detect/pht.h"
#include "detect/pht_verbs.h"
#include "input/seen.h"
#include "json/intern.h"
#include "monitor/seqlog.h"
#include "target.h"

static const struct pht_params pht[] = {
    {.k = 0.25, .ratio = 1.5},
    {.k = 0.25, .ratio = 1.5, .change = PHT_BOTH, .scores = PHT_RANKS},
    {.form = PHT_UNKNOWN, .k = 0.25, .ratio = 1.5},
};
static const struct iks_params iks[] = {
    {.window = 10},
    {.window = 10, .policy = IKS_TUMBLING},
    {.window = 10, .policy = IKS_SLIDING, .kuiper = 1},
};
static const struct nmddm_params nmddm[] = {
    {.mode = NMDDM_GLR, .window = 10},
    {.mode = NMDDM_GLR, .window = 20, .scan = 1},
    {.mode = NMDDM_PAPER, .window = 300},
    {.mode = NMDDM_KDE, .window = 10},
};
static const struct chi2_params chi2 = {.window = 10, .classes = 30};

static const struct {
	const struct kind_verbs *verbs;
	const void *params;
} detector[] = {
    {&pht_verbs, &pht[0]},
    {&pht_verbs, &pht[1]},
    {&pht_verbs, &pht[2]},
    {&iks_verbs, &iks[0]},
    {&iks_verbs, &iks[1]},
    {&iks_verbs, &iks[2]},
    {&nmddm_verbs, &nmddm[0]},
    {&nmddm_verbs, &nmddm[1]},
    {&nmddm_verbs, &nmddm[2]},
    {&nmddm_verbs, &nmddm[3]},
    {&chi2_verbs, &chi2},
};

enum {
	REFERENCE = 40,
	VALUES = sizeof(detector) / sizeof(*detector),
	NUMBERS,
	FILES,
	KINDS
};

static union {
	struct pht pht;
	struct iks iks;
	struct nmddm nmddm;
	struct chi2 chi2;
	struct intern intern;
	struct seqlog seqlog;
	struct seen seen;
} it;

static void
begin(int kind)
{
	double ref[REFERENCE];

	for (int i = 0; i < REFERENCE; i++)
		ref[i] = i * 17 % 23;
	memset(&it, 0, sizeof(it));
	if (kind < VALUES)
		demand(detector[kind].verbs->init(
			   &it, detector[kind].params, ref, REFERENCE) == NULL);
	else if (kind == VALUES)
		intern_init(&it.intern, 50);
}

static void
walk(int kind, struct store *s)
{
	store_open(s, NULL, '{');
	if (kind < VALUES)
		detector[kind].verbs->state(&it, s);
	else if (kind == VALUES)
		intern_state(&it.intern, "values", s);
	else if (kind == NUMBERS)
		seqlog_state(&it.seqlog, s);
	else
		seen_state(&it.seen, s);
	store_close(s, '}');
}

static void
add(int kind, double x)
{
	const struct seen_file f = {.inode = (uint64_t)x, .size = 9};

	if (kind < VALUES)
		detector[kind].verbs->add(&it, x);
	else if (kind == VALUES)
		intern_bytes(&it.intern, (const char *)&x, sizeof(x));
	else if (kind == NUMBERS)
		seqlog_add(&it.seqlog, x);
	else
		demand(seen_add(&it.seen, &f) == 0);
}

static void
end(int kind)
{
	if (kind < VALUES)
		detector[kind].verbs->free(&it);
	else if (kind == VALUES)
		intern_free(&it.intern);
	else if (kind == FILES)
		seen_free(&it.seen);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf again = {0};
	struct store in, out;
	char *text = malloc(size + 1);
	int kind;

	demand(text != NULL);
	kind = size > 0 && data[0] >= 'a' ? (data[0] - 'a') % KINDS : 0;
	memcpy(text, size > 0 ? data + 1 : data, size > 0 ? size - 1 : 0);
	size -= size > 0;
	text[size] = '\0';
	begin(kind);
	store_read(&in, text, size);
	walk(kind, &in);
	if (store_end(&in) == NULL) {
		store_write(&out, &again);
		walk(kind, &out);
		demand(again.len == size && memcmp(again.p, text, size) == 0);
		for (int i = 0; i < 30; i++)
			add(kind, i % 7);
	}
	end(kind);
	buf_free(&again);
	free(text);
	return 0;
}
