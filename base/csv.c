#include "base/csv.h"

#include <stdbool.h>
#include <string.h>

void csv_init(struct csv *c, char *text, size_t size)
{
	*c = (struct csv){ .next = text, .end = text + size, .next_line = 1 };
	if (size >= 3 && !memcmp(text, "\357\273\277", 3))
		c->next += 3; /* byte order mark, UTF-8 */
}

static bool is_blank(char b)
{
	return b == ' ' || b == '\t';
}

/* The end of the line at p: its line feed or the end of the text. */
static char *line_end(const struct csv *c, char *p)
{
	char *feed = memchr(p, '\n', (size_t)(c->end - p));
	return feed ? feed : c->end;
}

static bool is_passed_over(const struct csv *c, const char *feed)
{
	const char *p = c->next;
	if (*p == '#') return true;
	while (p < feed && (is_blank(*p) || *p == '\r')) p++;
	return p == feed;
}

/* Goes to the line after the one that feed ends. */
static void go_on(struct csv *c, char *feed)
{
	c->next = feed < c->end ? feed + 1 : c->end;
	c->next_line++;
}

/* A quote that nobody closed would take the rest of the text with it: reading
 * goes on with the line after the one in which the row began. */
static enum csv_result fault(struct csv *c, const char *at, const char *why)
{
	c->why = why;
	c->col = (int)(at - c->line_begin) + 1;
	c->next_line = c->line;
	go_on(c, line_end(c, c->line_begin));
	return CSV_FAULT;
}

/* The quote that closes the one at `quote`; NULL when there is none. */
static char *closing_quote(const struct csv *c, char *quote)
{
	for (char *p = quote + 1; p < c->end; p++) {
		if (*p != '"') continue;
		if (p + 1 == c->end || p[1] != '"') return p;
		p++;
	}
	return NULL;
}

/* Makes one quote of each doubled one between the two; returns the text's end. */
static char *unescape(struct csv *c, char *quote, const char *close)
{
	char *to = quote + 1;
	for (const char *p = quote + 1; p < close; p++) {
		if (*p == '"') p++;
		if (*p == '\n') c->next_line++;
		*to++ = *p;
	}
	return to;
}

static char *skip_blanks(const struct csv *c, char *p, bool returns)
{
	while (p < c->end && (is_blank(*p) || (returns && *p == '\r'))) p++;
	return p;
}

static bool ends_field(const struct csv *c, const char *p)
{
	return p == c->end || *p == ',' || *p == '\n';
}

/* Where a field's text begins, ends, and what ended the field: a comma, a line
 * feed or the end of the text. NULL stop: a fault, c->why set. */
struct span {
	char *begin, *end, *stop;
};

static struct span plain_field(const struct csv *c, char *p)
{
	struct span s = { .begin = p };
	while (!ends_field(c, p)) p++;
	s.stop = s.end = p;
	while (s.end > s.begin && (is_blank(s.end[-1]) || s.end[-1] == '\r')) s.end--;
	return s;
}

static struct span quoted_field(struct csv *c, char *quote)
{
	char *close = closing_quote(c, quote);
	if (!close) {
		c->why = "this quote is never closed; add a \" after the text";
		return (struct span){ .begin = quote };
	}
	char *stop = skip_blanks(c, close + 1, true);
	if (!ends_field(c, stop)) {
		c->why = "text after a closing quote; double the quotes inside a quoted text";
		return (struct span){ .begin = stop };
	}
	return (struct span){ quote + 1, unescape(c, quote, close), stop };
}

static enum csv_result split(struct csv *c)
{
	char *p = c->next;
	c->fields = 0;
	for (;;) {
		p = skip_blanks(c, p, false);
		struct span s = p < c->end && *p == '"' ? quoted_field(c, p) : plain_field(c, p);
		if (!s.stop) return fault(c, s.begin, c->why);
		if (c->fields == CSV_FIELDS_MAX)
			return fault(c, s.begin, "more than 1024 fields; leave some out");
		bool last = s.stop == c->end || *s.stop == '\n';
		c->field[c->fields++] = (struct csv_field){ s.begin, (size_t)(s.end - s.begin),
			(int)(p - c->line_begin) + 1 };
		if (last) go_on(c, s.stop);
		*s.end = '\0'; /* often the byte that ended the field: hence last */
		if (last) return CSV_ROW;
		p = s.stop + 1;
	}
}

enum csv_result csv_next(struct csv *c)
{
	while (c->next < c->end) {
		char *feed = line_end(c, c->next);
		c->line = c->next_line;
		c->line_begin = c->next;
		if (!is_passed_over(c, feed)) return split(c);
		go_on(c, feed);
	}
	return CSV_END;
}

int csv_find(const struct csv *c, const char *name)
{
	for (int i = 0; i < c->fields; i++)
		if (!strcmp(c->field[i].text, name)) return i;
	return -1;
}
