/* The style sheet of a page. */
#ifndef DOCSTYLE_H
#define DOCSTYLE_H

extern const char docstyle[];

#endif
