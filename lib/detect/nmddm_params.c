#include "detect/nmddm_paper.h"
#include "detect/nmddm_params.h"

struct nmddm_params
nmddm_params_full(struct nmddm_params p)
{
	static const size_t window[] = {
	    [NMDDM_GLR] = 100,
	    [NMDDM_PAPER] = 3000,
	    [NMDDM_KDE] = 100,
	    [NMDDM_SEED] = 50,
	};

	p.scan = p.scan && p.mode == NMDDM_GLR;
	if (p.window == 0)
		p.window = p.scan ? 1000 : window[p.mode];
	if (p.mode == NMDDM_SEED)
		p.step = p.window;
	else if (p.step == 0 && p.mode == NMDDM_KDE)
		p.step = p.window < 5 ? 1 : p.window / 5;
	else if (p.step == 0)
		p.step = p.mode == NMDDM_PAPER ? 50 : 1;
	if (p.bins == 0)
		p.bins = 8;
	if (p.limit == 0)
		p.limit = nmddm_paper_limit(0.001);
	return p;
}

size_t
nmddm_params_window(const void *params)
{
	const struct nmddm_params *p = params;

	return nmddm_params_full(*p).window;
}

int
nmddm_params_starts_untaught(const void *params)
{
	const struct nmddm_params *p = params;

	return p->mode == NMDDM_PAPER;
}

void
nmddm_params_key(const void *params, size_t n, struct buf *out)
{
	static const char *const name[] = {"glr", "paper", "kde", "seed"};
	const struct nmddm_params *p = params;

	(void)n;
	buf_str(out, "nmddm-");
	buf_str(out, name[p->mode]);
	buf_str(out, p->scan ? "-scan" : "");
	buf_str(out, "-window=");
	buf_int(out, (long long)p->window);
	buf_str(out, "-step=");
	buf_int(out, (long long)p->step);
	buf_str(out, "-bins=");
	buf_int(out, (long long)p->bins);
}
