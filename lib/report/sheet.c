#include "report/sheet.h"
#include "report/words.h"

void
sheet_count(struct sheet *p, unsigned long long n)
{
	words_count(&p->text, n);
	doc_cell(&p->doc, words_end(&p->text));
}

void
sheet_number(struct sheet *p, double x, int digits)
{
	words_number(&p->text, x, digits);
	doc_cell(&p->doc, words_end(&p->text));
}

void
sheet_percent(struct sheet *p, double share)
{
	words_percent(&p->text, share);
	doc_cell(&p->doc, words_end(&p->text));
}

void
sheet_time(struct sheet *p, double t, int fine)
{
	words_time(&p->text, t, fine);
	doc_cell(&p->doc, words_end(&p->text));
}
