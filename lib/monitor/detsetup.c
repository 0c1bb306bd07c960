#include <stdlib.h>
#include <string.h>

#include "monitor/detsetup.h"
#include "tool/err.h"

/* The fields as the options name them. */
static void
prepare_joint_head(struct detgroup_setup *s)
{
	struct buf *head = &s->head[0];

	buf_str(head, "{\"fields\":[");
	for (size_t i = 0; i < s->watched.items; i++) {
		buf_str(head, i > 0 ? "," : "");
		buf_json(head, s->watched.text[i], strlen(s->watched.text[i]));
	}
	buf_str(head, "],\"stat\":");
}

void
detsetup_prepare(struct detgroup_setup *s, const char *instance)
{
	int joint = s->kind->verbs->add_row != NULL;

	s->tests = joint ? 1 : s->watched.values;
	s->width = joint ? s->watched.values : 1;
	s->x = err_calloc(s->watched.values, sizeof(*s->x));
	s->z = err_calloc(s->width, sizeof(*s->z));
	s->head = err_calloc(s->tests, sizeof(*s->head));
	s->limit_text = err_calloc(s->tests, sizeof(*s->limit_text));
	if (joint)
		prepare_joint_head(s);
	for (size_t i = 0; i < s->tests && !joint; i++) {
		buf_str(&s->head[i], "{");
		buf_key_str(&s->head[i], "field", s->watched.name[i]);
		buf_str(&s->head[i], ",\"stat\":");
	}
	buf_key(&s->open, instance);
	s->object = s->open.len;
	buf_str(&s->open, "{\"alarm\":");
	if (s->after == DETGROUP_ADOPT && s->kind->verbs->window != NULL)
		s->window = s->kind->verbs->window(s->kind->params);
}

void
detsetup_finish(struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests; i++)
		buf_free(&s->head[i]);
	free(s->head);
	free(s->limit_text);
	free(s->x);
	free(s->z);
	buf_free(&s->open);
	recmodels_free(&s->models);
	detlimit_free(&s->limit);
}
