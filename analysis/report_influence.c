#include "analysis/report_study_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/html.h"
#include "base/mem.h"

enum { BAR_PIXELS = 34, FRAME_PIXELS = 70, CELL = 96 };

static const char *size_name(enum influence_method m)
{
	switch (m) {
	case INFLUENCE_TORNADO:
		return "change from one end of the axis to the other";
	case INFLUENCE_MORRIS:
		return "mean size of the change over the axis's range (mu*)";
	case INFLUENCE_SOBOL:
		return "share of the variance, alone and with others";
	}
	abort();
}

static const char *interval_text(const struct interval *x, char text[CELL])
{
	if (interval_known(x))
		snprintf(text, CELL, "%.3g (%.3g to %.3g)", x->value, x->lo, x->hi);
	else
		snprintf(text, CELL, isnan(x->value) ? "-" : "%.3g", x->value);
	return text;
}

/* Names of figures are of letters: "influence_c" is of the third metric. */
static void put_figure(struct page *p, const struct study_metric *m, size_t nth)
{
	const struct influence *f = &m->influence;
	char text[CELL], name[CELL];
	char *caption = mem_print("What moves %s, the largest first", m->name);
	snprintf(name, sizeof name, "influence_%c%c", (char)('a' + nth / 26 % 26),
	    (char)('a' + nth % 26));
	struct figure fig = { .kind = FIGURE_BARS,
		.name = name,
		.caption = caption,
		.xname = size_name(f->method),
		.head = { "axis" },
		.cols = 4,
		.height = FRAME_PIXELS + BAR_PIXELS * (int)f->axes };
	for (size_t j = 0; j < f->axes; j++) {
		const struct influence_axis *a = &f->axis[j];
		if (!isfinite(a->size.value)) continue;
		double cell[] = { (double)fig.rows + 1, 0, fmax(a->size.value, 0), 1 };
		snprintf(text, sizeof text, "%.3g", a->size.value); /* intervals: in the table */
		figure_row(&fig, cell, a->name, text);
	}
	figure_say(&fig, "%s: %s moves it most, %s: %s.", caption, f->axis[0].name,
	    size_name(f->method), interval_text(&f->axis[0].size, text));
	report_figure(p, &fig);
	free(caption);
}

static void put_table(struct page *p, const struct study_metric *m)
{
	const struct influence *f = &m->influence;
	static const char *const head[] = { "axis", "rank", "influence (95 %)", "lowest",
		"highest" };
	int cells = f->method == INFLUENCE_TORNADO ? 5 : 3;
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>", p->html);
	fprintf(p->html, "Mean %.4g, standard deviation %.3g over %zu settings", f->mean, f->sd,
	    f->settings_used);
	if (f->groups_used < f->groups)
		fprintf(p->html, "; %zu of %zu %ss left out, for they lack a point",
		    f->groups - f->groups_used, f->groups, f->group);
	if (!isnan(f->noise_frac))
		fprintf(p->html, "; chance left in the means: %.2g&nbsp;%% of the variance",
		    100 * f->noise_frac);
	fputs("</caption>\n", p->html);
	html_head_row(p->html, cells, head);
	for (size_t j = 0; j < f->axes; j++) {
		const struct influence_axis *a = &f->axis[j];
		char rank[CELL], size[CELL], low[2 * CELL] = "-", high[2 * CELL] = "-";
		snprintf(rank, sizeof rank, a->rank.first == a->rank.last ? "%zu" : "%zu-%zu",
		    a->rank.first, a->rank.last);
		if (cells == 5 && a->swing.low_at) {
			snprintf(low, sizeof low, "%.4g at %s", a->swing.low, a->swing.low_at);
			snprintf(high, sizeof high, "%.4g at %s", a->swing.high, a->swing.high_at);
		}
		const char *cell[] = { a->name, rank, interval_text(&a->size, size), low, high };
		html_row(p->html, cells, cell);
	}
	fputs("</table></div>\n", p->html);
}

void report_study_influence(struct page *p, const struct study_page *s)
{
	fputs("<section>\n<h2>Assumptions that matter most</h2>\n", p->html);
	for (size_t i = 0; i < s->metrics; i++) {
		const struct study_metric *m = &s->metric[i];
		html_element(p->html, "h3", m->name);
		if (m->why || m->influence.is_still) {
			html_element(
			    p->html, "p", m->why ? m->why : "It is the same in all settings.");
			continue;
		}
		put_figure(p, m, i);
		put_table(p, m);
	}
	fputs("</section>\n", p->html);
}
