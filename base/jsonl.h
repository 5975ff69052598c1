/* JSON lines: one JSON object a line, in memory.
 *
 * Empty lines are passed over. Numbers are read as in the C locale. An object
 * with the same key twice is a fault.
 *
 *     struct jsonl j;
 *     jsonl_init(&j, text, size);
 *     while ((r = jsonl_next(&j)) != JSONL_END)
 *         if (r == JSONL_OBJECT) use(j.object, j.line);
 *     jsonl_fini(&j);
 */
#ifndef HEARTH_BASE_JSONL_H
#define HEARTH_BASE_JSONL_H

#include <jansson.h>
#include <stddef.h>

struct jsonl {
	json_t *object; /* of this line; lent until the next call */
	int line;
	int col;                /* after JSONL_FAULT: where, in characters from 1 */
	char why[160];          /* and what is wrong */
	const char *next, *end; /* the reader's own */
	int next_line;
};

enum jsonl_result {
	JSONL_OBJECT,
	JSONL_FAULT, /* the next call goes on with the next line */
	JSONL_END,
};

void jsonl_init(struct jsonl *j, const char *text, size_t size);
void jsonl_fini(struct jsonl *j);

enum jsonl_result jsonl_next(struct jsonl *j);

#endif
