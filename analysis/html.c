#include "analysis/html.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void put_char(FILE *out, unsigned char c)
{
	switch (c) {
	case '&': fputs("&amp;", out); break;
	case '<': fputs("&lt;", out); break;
	case '>': fputs("&gt;", out); break;
	case '"': fputs("&quot;", out); break;
	case '\'': fputs("&#39;", out); break;
	case '`': fputs("&#96;", out); break;
	case '\n':
	case '\t': fputc(c, out); break;
	default:
		if (c < 0x20 || c == 0x7f) fputs("\xef\xbf\xbd", out); /* U+FFFD */
		else fputc(c, out);
	}
}

void html_text(FILE *out, const char *text)
{
	char *clean = utf8_repair(text);
	for (const char *c = clean; *c; c++) put_char(out, (unsigned char)*c);
	free(clean);
}

void html_element(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	html_text(out, text);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void put_cell(FILE *out, const char *open, const char *close, const char *text)
{
	fputs(open, out);
	html_text(out, text);
	fputs(close, out);
}

void html_row(FILE *out, int cells, const char *const cell[])
{
	fputs("<tr>", out);
	put_cell(out, "<th scope=\"row\">", "</th>", cell[0]);
	for (int i = 1; i < cells; i++) put_cell(out, "<td>", "</td>", cell[i]);
	fputs("</tr>\n", out);
}

void html_head_row(FILE *out, int cells, const char *const cell[])
{
	fputs("<tr>", out);
	for (int i = 0; i < cells; i++) put_cell(out, "<th scope=\"col\">", "</th>", cell[i]);
	fputs("</tr>\n", out);
}

void html_url(FILE *out, const char *text)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_,";
	for (const char *c = text; *c; c++) {
		if (strchr(plain, *c)) fputc(*c, out);
		else fprintf(out, "%%%02X", (unsigned char)*c);
	}
}
