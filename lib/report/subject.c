#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/subject.h"

struct subject *
subject_new(
    const char *name, const struct usual *file, unsigned long long learn)
{
	struct subject *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if (name != NULL && (s->name = strdup(name)) == NULL) {
		free(s);
		return NULL;
	}
	s->file = file;
	s->learn = learn;
	s->begin = s->end = s->first_seq = s->last_seq = NAN;
	for (size_t i = 0; i < WATCHED_MOST; i++) {
		s->previous[i] = NAN;
		s->grid[i] = file != NULL ? file->grid[i] : NULL;
	}
	usual_init(&s->own);
	return s;
}

void
subject_note_gap(
    struct subject *s, double from, double to, unsigned long long record)
{
	size_t i = SUBJECT_GAPS;

	while (i > 0 && to - from > s->gap[i - 1].to - s->gap[i - 1].from)
		i--;
	if (i == SUBJECT_GAPS)
		return;
	memmove(&s->gap[i + 1], &s->gap[i],
	    (SUBJECT_GAPS - 1 - i) * sizeof(*s->gap));
	s->gap[i] = (struct subject_gap){from, to, record};
}

void
subject_seq(struct subject *s, double seq)
{
	if (isnan(seq))
		return;
	if (seq > s->last_seq + 1) {
		s->seq_gaps++;
		s->seq_lost += (unsigned long long)(seq - s->last_seq - 1);
	}
	s->first_seq = isnan(s->first_seq) ? seq : s->first_seq;
	s->last_seq = seq;
}

/* What the clock and the numbering say of lost records. */
static void
follow_time(struct subject *s, struct bucket *k, double time, double seq)
{
	if (!isnan(time)) {
		s->timed++;
		if (time < s->end)
			s->backwards++;
		else if (time > s->end)
			subject_note_gap(s, s->end, time, s->records);
		s->begin = fmin(s->begin, time);
		s->end = fmax(s->end, time);
		k->begin = fmin(k->begin, time);
		k->end = fmax(k->end, time);
	}
	subject_seq(s, seq);
}

/* The fields of which there is no grid yet are being learnt. */
static void
add_values(struct subject *s, struct bucket *k, const struct subject_record *r)
{
	int same = r->n > 0;

	for (size_t i = 0; i < r->n; i++) {
		double x = r->value[i];

		same &= x == s->previous[i];
		s->previous[i] = x;
		if (isnan(x))
			k->missing[i]++;
		else if (s->grid[i] != NULL)
			buckets_value(&s->buckets, k, i, s->grid[i], x);
	}
	s->repeats += (unsigned long long)same;
}

static int
is_new_class(const struct subject *s, long class)
{
	const struct usual *u = s->file != NULL && s->file->classes > 0
				    ? s->file
				    : &s->own;

	return (u == s->file || s->learnt) && u->classes > 0 &&
	       u->class[class] == 0;
}

void
subject_mistake(
    struct subject *s, long truth, long class, unsigned long long count)
{
	size_t h = ((size_t)truth * 2654435761u + (size_t) class * 40503u);

	for (size_t i = 0; i < 16; i++) {
		struct subject_pair *p = &s->pair[(h + i) % SUBJECT_PAIRS];

		if (p->truth == 0) {
			p->truth = (int)truth + 1;
			p->class = (int)class;
		}
		if (p->truth == truth + 1 && p->class == class) {
			p->count += count;
			return;
		}
	}
	s->pairs_over += count;
}

static void
add_answer(struct subject *s, struct bucket *k, const struct subject_record *r)
{
	long class = r->class < USUAL_CLASSES ? r->class : USUAL_CLASSES;

	if (class < 0)
		return;
	buckets_class(&s->buckets, k, (size_t) class);
	s->new_classes += (unsigned long long)is_new_class(s, class);
	if (r->truth >= 0)
		buckets_truth(&s->buckets, k, (size_t)r->truth, (size_t) class);
	if (r->right < 0)
		return;
	k->known++;
	k->right += (unsigned long long)r->right;
	if (r->right == 0 && r->truth >= 0)
		subject_mistake(s, r->truth, class, 1);
	if (r->prob >= 0 && r->prob <= 1) {
		size_t i = (size_t)(r->prob * BUCKETS_CONFIDENCE);

		i = i < BUCKETS_CONFIDENCE ? i : BUCKETS_CONFIDENCE - 1;
		k->sure[i]++;
		k->hits[i] += (unsigned long long)r->right;
		k->prob[i] += r->prob;
	}
}

/* The record's image, kept for a while. */
static struct portrait *
keep_portrait(struct subject *s, const struct subject_record *r)
{
	struct portrait *p = &s->recent[s->records % SUBJECT_RECENT];
	size_t len = strlen(r->image);

	*p = (struct portrait){.record = s->records,
	    .distance = usual_distance(s->grid, r->value, r->n),
	    .prob = r->prob,
	    .class = (int)r->class};
	if (len < PORTRAIT_NAME)
		memcpy(p->name, r->image, len + 1);
	s->recent_time[s->records % SUBJECT_RECENT] = r->time;
	return p;
}

/* Images from the estimated change point of a new episode on. */
static void
follow_change(struct subject *s, const struct portrait *now)
{
	const struct alerts *a = &s->alerts;
	const struct alerts_episode *e;
	unsigned long long from;

	if (a->episodes_kept == 0)
		return;
	e = &a->episode[a->episodes_kept - 1];
	if (s->after_record != e->since) {
		s->after_record = e->since;
		s->afters = 0;
		from = e->since + SUBJECT_RECENT > s->records
			   ? e->since
			   : s->records - SUBJECT_RECENT + 1;
		for (; from < s->records && s->afters < SUBJECT_AFTER; from++)
			if (s->recent[from % SUBJECT_RECENT].name[0] != '\0')
				s->after[s->afters++] =
				    s->recent[from % SUBJECT_RECENT];
	}
	if (s->afters < SUBJECT_AFTER && now->name[0] != '\0')
		s->after[s->afters++] = *now;
}

void
subject_learnt(struct subject *s)
{
	s->learnt = 1;
	if (usual_make(&s->own) < 0)
		s->failed = 1;
	for (size_t i = 0; i < WATCHED_MOST; i++)
		if (s->grid[i] == NULL)
			s->grid[i] = s->own.grid[i];
}

/* What comes in a drift is no reference; too little is none either. */
static int
is_drifting(const struct subject *s)
{
	return !s->own.keep && s->alerts.episodes_kept > 0 &&
	       s->own.records >= USUAL_FEWEST;
}

void
subject_add(struct subject *s, const struct subject_record *r)
{
	struct bucket *k = buckets_next(&s->buckets, ++s->records);
	struct portrait *p;

	if (k == NULL)
		return;
	k->records++;
	follow_time(s, k, r->time, r->seq);
	p = keep_portrait(s, r);
	add_values(s, k, r);
	add_answer(s, k, r);
	alerts_add(
	    &s->alerts, r->read, r->line, s->records, r->time, &s->buckets, k);
	estimated_add(&s->estimated, r->read, &k->estimated);
	follow_change(s, p);
	portrait_furthest(k->furthest, BUCKETS_PORTRAITS, p);
	if (!s->learnt) {
		usual_add(&s->own, r->value, r->n, r->class, p);
		if (s->own.records == s->learn || is_drifting(s))
			subject_learnt(s);
	}
}

void
subject_error(struct subject *s, const struct subject_record *r,
    const char *stage, const char *reason)
{
	struct bucket *k = buckets_next(&s->buckets, ++s->records);
	char text[REASONS_TEXT + 16];

	snprintf(text, sizeof(text), "%s: %s", stage, reason);
	reasons_add(&s->errors, text, r->image, s->records);
	s->recent[s->records % SUBJECT_RECENT].name[0] = '\0';
	s->recent_time[s->records % SUBJECT_RECENT] = r->time;
	if (k == NULL)
		return;
	k->records++;
	k->errors++;
	follow_time(s, k, r->time, r->seq);
}

void
subject_end(struct subject *s)
{
	if (!s->learnt)
		subject_learnt(s);
	reasons_sort(&s->errors);
	s->failed |= s->buckets.failed;
}

double
subject_time(const struct subject *s, unsigned long long record)
{
	const struct buckets *b = &s->buckets;

	if (record > s->records || record == 0)
		return NAN;
	if (record + SUBJECT_RECENT > s->records && record > s->summed)
		return s->recent_time[record % SUBJECT_RECENT];
	for (size_t i = b->n; i-- > 0;) {
		const struct bucket *k = b->bucket[i];

		if (k->first <= record)
			return k->begin + (k->end - k->begin) *
					      (double)(record - k->first) /
					      (double)k->records;
	}
	return NAN;
}

const struct subject_gap *
subject_silence(const struct subject *s, size_t i)
{
	double usual = (s->end - s->begin) /
		       (double)(s->timed > 1 ? s->timed - 1 : 1);
	double length;

	if (i >= SUBJECT_GAPS)
		return NULL;
	length = s->gap[i].to - s->gap[i].from;
	return length < 60 || length < 20 * usual ? NULL : &s->gap[i];
}

void
subject_free(struct subject *s)
{
	buckets_free(&s->buckets);
	usual_free(&s->own);
	reasons_free(&s->errors);
	reasons_free(&s->models);
	buf_free(&s->source);
	earlier_free(s->earlier);
	free(s->name);
	free(s);
}
