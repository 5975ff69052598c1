#include "analysis/flow.h"

#include <math.h>

#include "analysis/html.h"

/* Pixels. A thin band still has a line of text beside it. */
enum { BAR = 180, LINE = 19, TOP = 8, BLOCK = 10, TEXT_GAP = 7, TEXT_RISE = 5 };
enum { LEFT = 200, MIDDLE = 290, RIGHT = 380 }; /* left edges of blocks and of the bar */

/* The colours of Okabe and Ito (2008) without black and yellow, which one of the screens
 * would not show. */
static const char *const colours[] = { "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9",
	"#d55e00" };
enum { COLOURS = sizeof colours / sizeof *colours };

static double width_of(const struct figure *f, size_t row)
{
	return f->cell[4 * row + 2] - f->cell[4 * row + 1];
}

static int side_of(const struct figure *f, size_t row)
{
	return (int)f->cell[4 * row + 3];
}

static double sum_of(const struct figure *f, int side)
{
	double sum = 0;
	for (size_t r = 0; r < f->rows; r++)
		if (side_of(f, r) == side) sum += width_of(f, r);
	return sum;
}

/* Pixels of a band, by what the larger side has in all. */
static double thickness(const struct figure *f, size_t row)
{
	return BAR * width_of(f, row) / fmax(sum_of(f, 0), sum_of(f, 1));
}

/* Pixels of a side with room for each one's text. */
static double side_height(const struct figure *f, int side)
{
	double height = 0;
	for (size_t r = 0; r < f->rows; r++)
		if (side_of(f, r) == side) height += fmax(thickness(f, r), LINE);
	return height;
}

int flow_height(const struct figure *f)
{
	double most = fmax(BAR, fmax(side_height(f, 0), side_height(f, 1)));
	return (int)ceil(most) + 2 * TOP;
}

/* From a block at y_block to the bar at y_bar, or the other way round: the band's edges
 * leave and arrive level. */
static void put_band(FILE *html, double x0, double y0, double x1, double y1, double thick,
    const char *colour)
{
	double half = (x0 + x1) / 2;
	fprintf(html,
	    "<path fill=\"%s\" fill-opacity=\".45\" d=\"M%.1f,%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f "
	    "L%.1f,%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f Z\"/>\n",
	    colour, x0, y0, half, y0, half, y1, x1, y1, x1, y1 + thick, half, y1 + thick, half,
	    y0 + thick, x0, y0 + thick);
}

static void put_text(const struct figure *f, size_t row, double x, double y, const char *anchor,
    FILE *html)
{
	fprintf(html,
	    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"13\" fill=\"currentColor\">", x,
	    y + TEXT_RISE, anchor);
	html_text(html, f->text[2 * row]);
	fputs(" <tspan font-weight=\"bold\">", html);
	html_text(html, f->text[2 * row + 1]);
	fputs("</tspan></text>\n", html);
}

static void draw_side(const struct figure *f, int side, FILE *html)
{
	double y = TOP + (f->height - 2 * TOP - side_height(f, side)) / 2;
	double y_bar = (f->height - BAR) / 2.0;
	for (size_t r = 0, k = 0; r < f->rows; r++) {
		if (side_of(f, r) != side) continue;
		double thick = thickness(f, r), slot = fmax(thick, LINE), at = y + (slot - thick) / 2;
		const char *colour = colours[k++ % COLOURS];
		double x = side ? RIGHT : LEFT;
		if (side) put_band(html, MIDDLE + BLOCK, y_bar, RIGHT, at, thick, colour);
		else put_band(html, LEFT + BLOCK, at, MIDDLE, y_bar, thick, colour);
		fprintf(html,
		    "<rect x=\"%.0f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\"/>\n", x, at,
		    BLOCK, fmax(thick, 1), colour);
		put_text(f, r, side ? RIGHT + BLOCK + TEXT_GAP : LEFT - TEXT_GAP, y + slot / 2,
		    side ? "start" : "end", html);
		y += slot;
		y_bar += thick;
	}
}

void flow_draw(const struct figure *f, FILE *html)
{
	draw_side(f, 0, html);
	draw_side(f, 1, html);
	fprintf(html,
	    "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" fill=\"currentColor\"/>\n", MIDDLE,
	    (f->height - BAR) / 2.0, BLOCK, BAR);
}
