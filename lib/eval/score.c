#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/score.h"
#include "stats/sort.h"

/* Room for item i of an array, what is new being all zero. */
static int
reach(void *array, size_t *room, size_t i, size_t size)
{
	size_t wanted = *room ? *room : 16;
	char *p;

	if (i < *room)
		return 0;
	while (wanted <= i)
		wanted *= 2;
	p = realloc(*(void **)array, wanted * size);
	if (p == NULL)
		return -1;
	memset(p + *room * size, 0, (wanted - *room) * size);
	*room = wanted;
	*(void **)array = p;
	return 0;
}

static int
begin_change(struct score *s, size_t stream)
{
	struct score_stream *st = &s->stream[stream];

	if (reach(&s->change, &s->change_room, s->changes, sizeof(*s->change)) <
	    0)
		return -1;
	if (st->change > 0)
		s->change[st->change - 1].end = st->count - 1;
	s->change[s->changes] = (struct score_change){stream, st->count, 0};
	st->change = ++s->changes;
	return 0;
}

int
score_record(struct score *s, size_t stream, int drifted)
{
	struct score_stream *st;
	unsigned long long calm;
	int begins;

	if (reach(&s->stream, &s->stream_room, stream, sizeof(*st)) < 0)
		return -1;
	if (stream >= s->streams)
		s->streams = stream + 1;
	st = &s->stream[stream];
	st->count++;
	calm = st->count - st->drifted - 1;
	if (s->at >= 0) {
		if (drifted && st->count <= (unsigned long long)s->at)
			return 1;
		begins = st->count == (unsigned long long)s->at + 1;
	} else {
		begins = drifted &&
			 (st->change == 0 || (s->gap > 0 && calm >= s->gap));
	}
	if (drifted)
		st->drifted = st->count;
	return begins ? begin_change(s, stream) : 0;
}

int
score_event(struct score *s, size_t stream, size_t detector)
{
	const struct score_stream *st = &s->stream[stream];
	struct score_detector *d;
	struct score_found *f;

	if (reach(&s->detector, &s->detector_room, detector, sizeof(*d)) < 0)
		return -1;
	if (detector >= s->detectors)
		s->detectors = detector + 1;
	d = &s->detector[detector];
	if (st->change == 0) {
		if (reach(&d->alarms, &d->alarms_room, stream,
			sizeof(*d->alarms)) < 0)
			return -1;
		d->alarms[stream]++;
		return 0;
	}
	if (reach(&d->found, &d->found_room, st->change - 1, sizeof(*f)) < 0)
		return -1;
	f = &d->found[st->change - 1];
	if (f->first == 0)
		f->first = st->count;
	f->events++;
	return 0;
}

/* The least of the n sorted values that a share p of them is not above. */
static double
quantile(const double *x, size_t n, double p)
{
	size_t i = (size_t)ceil(p * (double)n - 1e-9);

	return n == 0 ? NAN : x[i > 0 ? i - 1 : 0];
}

/* The delay at one change, and what it counts. */
static double
delay_at(const struct score *s, const struct score_change *c,
    const struct score_found *f, struct score_result *r)
{
	unsigned long long end = c->end ? c->end : s->stream[c->stream].count;
	unsigned long long most = end - c->begin + 1, delay;

	if (s->cap > 0 && s->cap < most)
		most = s->cap;
	delay = f->first > 0 ? f->first - c->begin + 1 : most + 1;
	r->found += delay <= most;
	r->events += (double)f->events;
	return (double)(delay <= most ? delay : most);
}

static void
summarise(struct score_result *r, double *delay, size_t n)
{
	double sum = 0;

	sort_reals(delay, n);
	for (size_t i = 0; i < n; i++)
		sum += delay[i];
	r->mean = n > 0 ? sum / (double)n : NAN;
	r->median = quantile(delay, n, .5);
	r->q90 = quantile(delay, n, .9);
	r->events = n > 0 ? r->events / (double)n : NAN;
}

int
score_result(const struct score *s, size_t detector, struct score_result *r)
{
	static const struct score_detector silent;
	static const struct score_found missed;
	const struct score_detector *d = detector < s->detectors
					     ? &s->detector[detector]
					     : &silent;
	double *delay = malloc((s->changes + 1) * sizeof(*delay));

	*r = (struct score_result){
	    .streams = s->streams, .changes = s->changes};
	if (delay == NULL)
		return -1;
	for (size_t i = 0; i < d->alarms_room; i++)
		r->alarmed += d->alarms[i] > 0;
	for (size_t i = 0; i < s->changes; i++)
		delay[i] = delay_at(s, &s->change[i],
		    i < d->found_room ? &d->found[i] : &missed, r);
	summarise(r, delay, s->changes);
	free(delay);
	return 0;
}

void
score_free(struct score *s)
{
	for (size_t i = 0; i < s->detectors; i++) {
		free(s->detector[i].alarms);
		free(s->detector[i].found);
	}
	free(s->stream);
	free(s->change);
	free(s->detector);
}
