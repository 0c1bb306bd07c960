#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool/barrier.h"
#include "tool/skip.h"

int
skip_allowed(void)
{
	return barrier_expected() && getenv(SKIP_STRICT_VARIABLE) == NULL;
}

static const char beginning[] = "{\"skipped\":{\"tool\":";

void
skip_put(struct buf *b, const char *reason, const char *where)
{
	buf_str(b, beginning);
	buf_json(b, program_invocation_short_name,
	    strlen(program_invocation_short_name));
	buf_key_str(b, "reason", reason);
	buf_key_str(b, "where", where);
	buf_str(b, "}}");
}

int
skip_is(const char *line, size_t n)
{
	return n >= sizeof(beginning) - 1 &&
	       memcmp(line, beginning, sizeof(beginning) - 1) == 0;
}
