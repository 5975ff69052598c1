#include "base/jsonl.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void jsonl_init(struct jsonl *j, const char *text, size_t size)
{
	*j = (struct jsonl){ .next = text, .end = text + size, .next_line = 1 };
	if (size >= 3 && !memcmp(text, "\357\273\277", 3))
		j->next += 3; /* byte order mark, UTF-8 */
}

void jsonl_fini(struct jsonl *j)
{
	json_decref(j->object); /* takes NULL */
	j->object = NULL;
}

static bool is_empty(const char *p, const char *feed)
{
	while (p < feed && strchr(" \t\r", *p) && *p) p++;
	return p == feed;
}

static enum jsonl_result parse(struct jsonl *j, const char *line, size_t size)
{
	json_error_t at;
	j->object = json_loadb(line, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
	if (json_is_object(j->object)) return JSONL_OBJECT;
	if (j->object) {
		j->col = 1;
		snprintf(j->why, sizeof j->why,
		    "the line is no JSON object; write {\"key\": value, ...}");
		return JSONL_FAULT;
	}
	j->col = at.column > 0 ? at.column : 1;
	snprintf(j->why, sizeof j->why, "%.*s", (int)sizeof j->why - 1, at.text);
	return JSONL_FAULT;
}

enum jsonl_result jsonl_next(struct jsonl *j)
{
	jsonl_fini(j);
	while (j->next < j->end) {
		const char *line = j->next, *feed = memchr(line, '\n', (size_t)(j->end - line));
		if (!feed) feed = j->end;
		j->next = feed < j->end ? feed + 1 : feed;
		j->line = j->next_line++;
		if (!is_empty(line, feed)) return parse(j, line, (size_t)(feed - line));
	}
	return JSONL_END;
}
