#include "base/wrap.h"

#include <stdbool.h>
#include <string.h>

enum { WIDTH = 79 };

static int line_break(int indent, FILE *out)
{
	fprintf(out, "\n%*s", indent, "");
	return indent;
}

void wrap_text(const char *text, int at, int indent, FILE *out)
{
	at += fprintf(out, "%*s", at < indent ? indent - at : 0, "");
	bool first = true;
	while (*text) {
		int length = (int)strcspn(text, " \n");
		if (!first && at + 1 + length > WIDTH) {
			at = line_break(indent, out);
			first = true;
		}
		at += fprintf(out, "%s%.*s", first ? "" : " ", length, text);
		first = false;
		text += length;
		size_t breaks = strspn(text, "\n");
		if (breaks > 1) {
			fputc('\n', out);
			at = line_break(indent, out);
			first = true;
		}
		text += strspn(text, " \n");
	}
	fputc('\n', out);
}
