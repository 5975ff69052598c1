/* Inside the trace reader: collects the rows of any form. */
#ifndef HEARTH_MODELS_WORK_TRACE_ROWS_H
#define HEARTH_MODELS_WORK_TRACE_ROWS_H

#include "models/work/trace.h"

struct trace_rows {
	struct trace *t;
	size_t cap, prefix_cap;
	const char *path;
	struct err_list *e;
	int faults;            /* faulty rows so far */
	int line, faulty_line; /* of the present row; the last one with a fault */
	size_t empty;          /* rows without output */
	int empty_line;        /* the first of them */
	bool stamped;          /* times are to stay as they are */
	int unsorted_line;     /* the first row that is earlier than the one before; 0: none */
};

/* One row's values before they are checked; the numbers that a row did not have
 * were reported by the form's reader. */
struct trace_row {
	int64_t time_ns; /* since any origin */
	int64_t prompt, output;
	uint32_t origin;
	int8_t priority;
	int time_col, prompt_col, output_col; /* for messages; 0: unknown */
	const char *prompt_name, *output_name;
};

/* A fault in the present row. */
void trace_fault(struct trace_rows *b, int col, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether reading goes on: false after TRACE_FAULTS_MAX faulty rows, which it reports. */
bool trace_goes_on(struct trace_rows *b);

/* Checks a row and adds it when it has no fault; gives the request, or NULL. */
struct request *trace_add(struct trace_rows *b, const struct trace_row *row);

/* Adds a prefix block to the last request added. */
void trace_add_prefix(struct trace_rows *b, uint64_t id);

/* The forms. */
void trace_read_csv(struct trace_rows *b, char *text, size_t size);
void trace_read_mooncake(struct trace_rows *b, const char *text, size_t size);

#endif
