#include <math.h>
#include <string.h>

#include "fleet/fdrline.h"

/* The group's field as it is in a record: an object in one for each dot. */
static void
put_group(const struct fdrline *f, struct buf *line)
{
	const char *p = f->group;
	size_t dots = 0, n;

	for (;; p += n + 1, dots++) {
		n = strcspn(p, ".");
		buf_str(line, "{");
		buf_json(line, p, n);
		buf_str(line, ":");
		if (p[n] == '\0')
			break;
	}
	buf_put(line, f->value->p, f->value->len);
	while (dots-- > 0)
		buf_str(line, "}");
}

static void
put_alarm(const struct fdrline *f, struct buf *line)
{
	buf_str(line, "\"alarm\":");
	buf_str(line, f->shown ? "true" : "false");
	buf_str(line, f->enters ? ",\"event\":\"drift\"" : "");
}

void
fdrline_put(const struct fdrline *f, struct buf *line)
{
	put_group(f, line);
	if (f->time != 0)
		buf_key_real(line, "time", f->time);
	buf_key(line, f->name);
	buf_str(line, "{");
	put_alarm(f, line);
	buf_key_int(line, "look", f->look);
	buf_str(line, ",\"tests\":[{\"field\":\"e\"");
	buf_key_real(line, "stat", log10(f->e));
	buf_key_real(line, "limit", log10(f->limit));
	buf_str(line, ",");
	put_alarm(f, line);
	if (f->shown && f->field->len > 0) {
		buf_str(line, ",\"top\":[{\"field\":");
		buf_put(line, f->field->p, f->field->len);
		buf_key_real(line, "share", f->share);
		buf_str(line, "}]");
	}
	buf_str(line, "}]}}");
}
