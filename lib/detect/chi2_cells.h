/*
 * Which classes share a cell of chi2's table, so that no cell is expected too
 * seldom.
 *
 * A class with twice enough records in the reference is a cell of its own. The
 * others are pooled one after the other, and a cell is closed when it has
 * enough. Which classes these are must not depend on how often each happened
 * to be drawn: cells that were chosen so would differ from the window without
 * drift. Classes that the reference lacks are shared out evenly among the
 * pooled cells. Where there are none, they have one, with what was too little
 * for one; or, on demand, they join the smallest of several own cells.
 */
#ifndef CHI2_CELLS_H
#define CHI2_CELLS_H

#include <stddef.h>
#include <stdint.h>

struct chi2_cells {
	size_t classes; /* codes are below that */
	uint32_t *ref;  /* by class: records of the reference */
	uint32_t *home; /* by class: its cell */
	uint32_t *a;    /* by cell, those of one class first: its records */
	size_t own, n;  /* how many these are, and all */
};

/* Room for so many classes, with no records. 1, or 0 without memory. */
int chi2_cells_init(struct chi2_cells *c, size_t classes);

/*
 * Gives each class its cell, from ref. enough: records of the reference that
 * make a cell. join: pooled classes that have not enough together join the
 * smallest own cell. 1, or 0 without memory.
 */
int chi2_cells_make(struct chi2_cells *c, double enough, int join);

/* Cells in which the reference has records. */
size_t chi2_cells_used(const struct chi2_cells *c);

/* After chi2_cells_init, whatever it returned. */
void chi2_cells_free(struct chi2_cells *c);

#endif
