/*
 * What stands behind "state" in a file: refused, or brought back so that it is
 * written as it was read, and the next record can be taken. The first byte
 * says who reads.
 */
#include <stdlib.h>
#include <string.h>

#include "iks.h"
#include "intern.h"
#include "nmddm.h"
#include "pht.h"
#include "seen.h"
#include "seqlog.h"
#include "store.h"

enum { REFERENCE = 40, KINDS = 13 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static union {
	struct pht pht;
	struct iks iks;
	struct nmddm nmddm;
	struct intern intern;
	struct seqlog seqlog;
	struct seen seen;
} it;

static void
demand(int truth)
{
	if (!truth)
		abort();
}

static void
begin(int kind)
{
	double ref[REFERENCE];

	for (int i = 0; i < REFERENCE; i++)
		ref[i] = i * 17 % 23;
	memset(&it, 0, sizeof(it));
	if (kind < 3)
		demand(pht_init(&it.pht, &pht[kind], ref, REFERENCE) == NULL);
	else if (kind < 6)
		demand(
		    iks_init(&it.iks, &iks[kind - 3], ref, REFERENCE) == NULL);
	else if (kind < 10)
		demand(nmddm_init(&it.nmddm, &nmddm[kind - 6], ref,
			   REFERENCE) == NULL);
	else if (kind == 10)
		intern_init(&it.intern, 50);
}

static void
walk(int kind, struct store *s)
{
	store_open(s, NULL, '{');
	if (kind < 3)
		pht_state(&it.pht, s);
	else if (kind < 6)
		iks_state(&it.iks, s);
	else if (kind < 10)
		nmddm_state(&it.nmddm, s);
	else if (kind == 10)
		intern_state(&it.intern, "values", s);
	else if (kind == 11)
		seqlog_state(&it.seqlog, s);
	else
		seen_state(&it.seen, s);
	store_close(s, '}');
}

static void
add(int kind, double x)
{
	const struct seen_file f = {.inode = (uint64_t)x, .size = 9};

	if (kind < 3)
		pht_add(&it.pht, x);
	else if (kind < 6)
		iks_add(&it.iks, x);
	else if (kind < 10)
		nmddm_add(&it.nmddm, x);
	else if (kind == 10)
		intern_bytes(&it.intern, (const char *)&x, sizeof(x));
	else if (kind == 11)
		seqlog_add(&it.seqlog, x);
	else
		demand(seen_add(&it.seen, &f) == 0);
}

static void
end(int kind)
{
	if (kind < 3)
		pht_free(&it.pht);
	else if (kind < 6)
		iks_free(&it.iks);
	else if (kind < 10)
		nmddm_free(&it.nmddm);
	else if (kind == 10)
		intern_free(&it.intern);
	else if (kind == 12)
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
