/* D/sweep.csv */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/sweep_table.h"

/* RFC 4180: quotes where a comma, a quote or an end of line stands in the text. */
static void put_text(FILE *out, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"') fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_head(FILE *out, const struct table *t)
{
	fputs("id,replication,seed", out);
	for (size_t k = 0; k < t->p->axes; k++) fprintf(out, ",%s", t->p->axis[k]);
	fputs(",status", out);
	for (size_t k = 0; k < t->columns; k++) {
		fputc(',', out);
		put_text(out, t->column[k]);
	}
	fputc('\n', out);
}

static void put_row(FILE *out, struct table *t, size_t i, struct cell *cell)
{
	const struct point *x = &t->p->point[i];
	fprintf(out, "%s,%" PRIu64 ",%" PRIu64, x->id, x->replication, x->seed);
	for (size_t k = 0; k < t->p->axes; k++) {
		fputc(',', out);
		put_text(out, x->value[k]);
	}
	fprintf(out, ",%s", table_state_word(t->state[i]));
	table_row(t, i, cell);
	for (size_t k = 0; k < t->columns; k++) {
		fputc(',', out);
		if (cell[k].size) fwrite(cell[k].text, 1, cell[k].size, out);
	}
	fputc('\n', out);
}

bool table_write_csv(struct table *t, struct err_list *e)
{
	char *text = NULL, *path = folder_file(t->folder, FOLDER_TABLE);
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct cell *cell = mem_new(t->columns, sizeof *cell);
	put_head(out, t);
	for (size_t i = 0; i < t->p->count; i++) put_row(out, t, i, cell);
	fclose(out);
	bool written = file_write(path, text, size, e);
	free(cell);
	free(text);
	free(path);
	return written;
}
