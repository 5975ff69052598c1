#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SHOWN_MAX = 20 };

struct fault {
	struct err_pos at; /* file: one of the list's own */
	size_t file_rank;  /* 0 for the file that was first met, then 1, ... */
	size_t added;     /* keeps the order of faults at one place */
	bool warning;
	char *text;
};

struct err_list {
	struct fault *fault;
	size_t count, cap, errors;
	char **file; /* names as first met; NULL: no file */
	size_t files, files_cap;
};

struct err_list *err_new(void)
{
	return mem_new(1, sizeof(struct err_list));
}

void err_free(struct err_list *e)
{
	if (!e) return;
	for (size_t i = 0; i < e->count; i++) free(e->fault[i].text);
	free(e->fault);
	for (size_t i = 0; i < e->files; i++) free(e->file[i]);
	free(e->file);
	free(e);
}

static bool same_file(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static size_t rank_of(struct err_list *e, const char *file)
{
	for (size_t i = 0; i < e->files; i++)
		if (same_file(e->file[i], file)) return i;
	e->file = mem_grow(e->file, e->files, &e->files_cap, sizeof *e->file);
	e->file[e->files] = mem_text(file);
	return e->files++;
}

static bool is_known(const struct err_list *e, struct err_pos at, const char *text)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct fault *f = &e->fault[i];
		if (f->at.line == at.line && f->at.col == at.col && same_file(f->at.file, at.file) &&
		    !strcmp(f->text, text))
			return true;
	}
	return false;
}

static void add_text(struct err_list *e, struct err_pos at, bool warning, const char *text)
{
	if (!warning) e->errors++;
	if (is_known(e, at, text)) return;
	e->fault = mem_grow(e->fault, e->count, &e->cap, sizeof *e->fault);
	size_t rank = rank_of(e, at.file);
	at.file = e->file[rank];
	e->fault[e->count] = (struct fault){ at, rank, e->count, warning, mem_text(text) };
	e->count++;
}

__attribute__((format(printf, 4, 0))) static void add(struct err_list *e, struct err_pos at,
    bool warning, const char *fmt, va_list ap)
{
	char text[1024]; /* a longer sentence is cut: nobody reads it */
	vsnprintf(text, sizeof text, fmt, ap);
	add_text(e, at, warning, text);
}

void err_at(struct err_list *e, struct err_pos at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add(e, at, false, fmt, ap);
	va_end(ap);
}

void err_warn(struct err_list *e, struct err_pos at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add(e, at, true, fmt, ap);
	va_end(ap);
}

void err_add_all(struct err_list *e, const struct err_list *more)
{
	for (size_t i = 0; i < more->count; i++)
		add_text(e, more->fault[i].at, more->fault[i].warning, more->fault[i].text);
}

size_t err_count(const struct err_list *e)
{
	return e->errors;
}

static int compare(const void *pa, const void *pb)
{
	const struct fault *a = pa, *b = pb;
	if (a->file_rank != b->file_rank) return a->file_rank < b->file_rank ? -1 : 1;
	if (a->at.line != b->at.line) return a->at.line < b->at.line ? -1 : 1;
	if (a->at.col != b->at.col) return a->at.col < b->at.col ? -1 : 1;
	return a->added < b->added ? -1 : 1;
}

static void print_one(const struct fault *f, FILE *out)
{
	fputs(f->at.file ? f->at.file : "hearth", out);
	if (f->at.line) fprintf(out, ":%d", f->at.line);
	if (f->at.col) fprintf(out, ":%d", f->at.col);
	fprintf(out, ": %s: %s\n", f->warning ? "warning" : "error", f->text);
}

void err_print(const struct err_list *e, FILE *out)
{
	if (!e->count) return;
	qsort(e->fault, e->count, sizeof *e->fault, compare);
	size_t shown = e->count < SHOWN_MAX ? e->count : SHOWN_MAX;
	for (size_t i = 0; i < shown; i++) print_one(&e->fault[i], out);
	if (shown < e->count) fprintf(out, "hearth: %zu more not shown\n", e->count - shown);
}
