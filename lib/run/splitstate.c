#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/store.h"
#include "json/keyhash.h"
#include "run/splitstate.h"

/* The members of a state, and what becomes of each. */
enum {
	COUNT,  /* is added up */
	SEEN,   /* the same; it is there when it is above 0 */
	LEARNT, /* is the same in all that have groups */
	NAMES,  /* the values of the groups: how many, and which */
	GROUPS, /* how many */
	STATES, /* of each */
	RATE    /* is found again by the tool */
};

/* In the order in which any tool has them. */
static const struct {
	const char *name;
	int kind;
} member[] = {
    {"used", COUNT},
    {"unusable", COUNT},
    {"skipped", COUNT},
    {"beyond", COUNT},
    {"passed", SEEN},
    {"foreign", SEEN},
    {"unseen", SEEN},
    {"events", COUNT},
    {"duplicates", COUNT},
    {"elements", LEARNT},
    {"group", NAMES},
    {"groups", GROUPS},
    {"states", STATES},
    {"false_alarms", RATE},
};
enum { MEMBERS = sizeof(member) / sizeof(*member) };

/* One state: the value of each member, if it has it. */
struct part {
	struct json_span value[MEMBERS];
	size_t groups;
};

/* What a new part gets: the values of its groups, and their states. */
struct share {
	struct buf names, states;
	size_t groups;
};

static size_t
find_member(const struct json_span *key)
{
	size_t i = 0;

	while (i < MEMBERS &&
	       !json_equals(key, member[i].name, strlen(member[i].name)))
		i++;
	return i;
}

static size_t
place_of(int kind)
{
	size_t i = 0;

	while (member[i].kind != kind)
		i++;
	return i;
}

static const char *
read_part(struct part *p, const struct json_span *state)
{
	struct json_span key, value;
	const char *at = NULL;

	*p = (struct part){0};
	while (json_next(state, &at, &key, &value)) {
		size_t i = find_member(&key);

		if (json_equals(&key, "contexts", 8))
			return "made with '--context': its groups can't be "
			       "told apart from others'";
		if (i == MEMBERS)
			return "has more than is known of states of groups";
		p->value[i] = value;
	}
	if (p->value[place_of(NAMES)].type == JSON_NONE ||
	    p->value[place_of(STATES)].type == JSON_NONE)
		return "made without '--group': there is nothing to divide";
	p->groups = strtoul(p->value[place_of(GROUPS)].p, NULL, 10);
	return NULL;
}

/* The number of the part, from 0, that a group's value is of. */
static const char *
part_of(const struct json_span *name, size_t n, size_t *part)
{
	struct json_span value = {0};
	struct buf text = {0};
	struct store s;
	uint32_t hash;

	store_read(&s, name->p, name->len);
	store_bytes(&s, NULL, &text);
	buf_put(&text, "", 1);
	if (text.failed)
		return NO_MEMORY;
	if (store_end(&s) == NULL && text.len > 1)
		value = (struct json_span){
		    text.p, text.len - 1, json_type_of((unsigned char)*text.p)};
	*part = keyhash(&value, &hash) ? hash % n : 0;
	buf_free(&text);
	return NULL;
}

static void
add_item(struct buf *b, const struct json_span *item)
{
	buf_str(b, b->len > 0 ? "," : "");
	buf_put(b, item->p, item->len);
}

/* Gives each group of a part to its new one. */
static const char *
share_out(const struct part *p, struct share *share, size_t n)
{
	const struct json_span *states = &p->value[place_of(STATES)];
	struct json_span key, names = {0}, name, state;
	const char *at = NULL, *before = NULL, *why;
	size_t to;

	while (json_next(&p->value[place_of(NAMES)], &at, &key, &names))
		continue; /* the last member is the array of them */
	at = NULL;
	while (json_next(&names, &at, NULL, &name)) {
		/* Of the last ones there may have been no usable record. */
		if (!json_next(states, &before, NULL, &state))
			break;
		why = part_of(&name, n, &to);
		if (why != NULL)
			return why;
		add_item(&share[to].names, &name);
		add_item(&share[to].states, &state);
		share[to].groups++;
		if (share[to].names.failed || share[to].states.failed)
			return NO_MEMORY;
	}
	return NULL;
}

/* What all parts that have learnt something have learnt; NULL: they differ. */
static const struct json_span *
same_of(const struct part *p, size_t from, size_t i)
{
	const struct json_span *same = &p[0].value[i];
	int known = 0;

	for (size_t k = 0; k < from; k++) {
		const struct json_span *v = &p[k].value[i];

		if (p[k].groups == 0)
			continue;
		if (known &&
		    (v->len != same->len || memcmp(v->p, same->p, v->len) != 0))
			return NULL;
		same = v;
		known = 1;
	}
	return same;
}

static unsigned long long
sum_of(const struct part *p, size_t from, size_t i)
{
	unsigned long long sum = 0;

	for (size_t k = 0; k < from; k++)
		if (p[k].value[i].type == JSON_NUMBER)
			sum += strtoull(p[k].value[i].p, NULL, 10);
	return sum;
}

static void
put_number(struct buf *b, const char *name, unsigned long long x)
{
	buf_key_int(b, name, (long long)x);
}

/* A member of the new part, counts being those of the first. */
static const char *
put_member(struct buf *b, const struct part *p, size_t from, size_t i,
    const struct share *share, int first)
{
	unsigned long long sum = first ? sum_of(p, from, i) : 0;
	const struct json_span *same;

	switch (member[i].kind) {
	case COUNT:
	case SEEN:
		if (sum > 0 || (member[i].kind == COUNT && p[0].value[i].len))
			put_number(b, member[i].name, sum);
		break;
	case LEARNT:
		same = same_of(p, from, i);
		if (same == NULL)
			return "the parts have learnt arrays of different "
			       "lengths";
		if (same->type == JSON_NONE)
			break;
		buf_key(b, member[i].name);
		buf_put(b, same->p, same->len);
		break;
	case NAMES:
		buf_key(b, member[i].name);
		buf_str(b, "{");
		put_number(b, "n", share->groups);
		buf_key(b, "values");
		buf_str(b, "[");
		buf_put(b, share->names.p, share->names.len);
		buf_str(b, "]}");
		break;
	case GROUPS:
		put_number(b, member[i].name, share->groups);
		break;
	case STATES:
		buf_key(b, member[i].name);
		buf_str(b, "[");
		buf_put(b, share->states.p, share->states.len);
		buf_str(b, "]");
		break;
	}
	return b->failed ? NO_MEMORY : NULL;
}

static const char *
put_state(struct buf *b, const struct part *p, size_t from,
    const struct share *share, int first)
{
	const char *why = NULL;

	buf_str(b, "{");
	for (size_t i = 0; i < MEMBERS && why == NULL; i++)
		why = put_member(b, p, from, i, share, first);
	buf_str(b, "}");
	return why;
}

int
splitstate_is(const struct json_span *state)
{
	struct json_span key, value;
	const char *at = NULL;

	while (json_next(state, &at, &key, &value))
		if (json_equals(&key, "states", 6))
			return 1;
	return 0;
}

const char *
splitstate(
    const struct json_span *state, size_t from, struct buf *out, size_t n)
{
	struct part *p = calloc(from, sizeof(*p));
	struct share *share = calloc(n, sizeof(*share));
	const char *why = p == NULL || share == NULL ? NO_MEMORY : NULL;

	for (size_t i = 0; i < from && why == NULL; i++) {
		why = read_part(&p[i], &state[i]);
		if (why == NULL)
			why = share_out(&p[i], share, n);
	}
	for (size_t i = 0; i < n && why == NULL; i++)
		why = put_state(&out[i], p, from, &share[i], i == 0);
	for (size_t i = 0; share != NULL && i < n; i++) {
		buf_free(&share[i].names);
		buf_free(&share[i].states);
	}
	free(share);
	free(p);
	return why;
}
