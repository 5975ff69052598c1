/* Faults in what the user wrote.
 *
 * A fault does not stop the reader: it is put on a list with its place and a
 * remedy, reading goes on, and the whole list is shown at the end in the form
 * that editors jump to:
 *
 *     evening.xml:5:14: error: battery: unknown attribute 'capcity' (did you mean 'capacity'?)
 *
 * A bug in hearth is an assert, never an entry here; running out of memory
 * aborts (mem.h). */
#ifndef HEARTH_BASE_ERR_H
#define HEARTH_BASE_ERR_H

#include <stddef.h>
#include <stdio.h>

/* A place in a text. A list of faults copies the file name. Lines and columns
 * count from 1; 0 means that there is none to tell. */
struct err_pos {
	const char *file;
	int line, col;
};

struct err_list;

struct err_list *err_new(void);
void err_free(struct err_list *e); /* takes NULL */

/* Adds a fault. One sentence: what is wrong, then what to write instead. No
 * final newline. The same sentence at the same place is kept once, though it counts again:
 * who compares counts learns that something is wrong here too. */
void err_at(struct err_list *e, struct err_pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a remark that does not make the input invalid. */
void err_warn(struct err_list *e, struct err_pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds copies of all entries of another list, in their order. */
void err_add_all(struct err_list *e, const struct err_list *more);

size_t err_count(const struct err_list *e); /* no warnings; told once or not */

/* Shows everything, ordered by file (as first met), line and column; after 20
 * faults it says how many more there are. Writes nothing when there is none. */
void err_print(const struct err_list *e, FILE *out);

#endif
