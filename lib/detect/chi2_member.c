#include "detect/chi2_member.h"
#include "stats/special.h"

static void
put_top(const struct chi2 *d, struct buf *out)
{
	struct chi2_class top[CHI2_CLASSES_TOP];
	size_t n = chi2_top(d, top, 0);

	buf_str(out, ",\"top\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? ",{\"class\":" : "{\"class\":");
		intern_put(d->names, top[i].code, out);
		buf_key_int(out, "observed", (long long)top[i].observed);
		buf_key_real(out, "expected", top[i].expected);
		buf_key_real(out, "contribution", top[i].contribution);
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

static void
put_unseen(const struct chi2 *d, struct buf *out)
{
	struct chi2_class top[CHI2_CLASSES_TOP];
	size_t n = chi2_top(d, top, 1);

	buf_str(out, ",\"new\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? "," : "");
		intern_put(d->names, top[i].code, out);
	}
	buf_str(out, "]");
}

void
chi2_member_print(void *chi2, struct buf *out)
{
	const struct chi2 *d = chi2;
	struct chi2_stat s;

	chi2_stat(d, &s);
	buf_key_int(out, "df", (long long)s.df);
	buf_key_real(
	    out, "p", s.df > 0 ? special_chi2_tail(s.stat, (double)s.df) : 1);
	if (s.stat > d->limit)
		put_top(d, out);
	buf_key_int(out, "unseen", (long long)s.unseen);
	if (s.unseen > 0)
		put_unseen(d, out);
}
