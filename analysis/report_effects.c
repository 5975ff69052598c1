#include "analysis/report_study_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/html.h"
#include "analysis/levels.h"
#include "base/mem.h"
#include "base/text.h"

enum {
	AXES_MAX = 3, /* figures a metric */
	PLACES_MAX =
	    12, /* an axis with more levels is cut into that many parts of as many levels */
	NAME_SIZE = 32,
};

/* Settings of neighbouring levels. */
struct at {
	double x, sum, least, most;
	size_t levels, settings;
};

static double mean_of(const struct study_page *s, const struct study_metric *m, size_t setting)
{
	double sum = 0;
	for (size_t r = 0; r < s->replications; r++) sum += m->y[setting * s->replications + r];
	return sum / (double)s->replications;
}

static size_t place_of(size_t level, const struct levels *l)
{
	return l->count <= PLACES_MAX ? level : level * PLACES_MAX / l->count;
}

static size_t gather(const struct study_page *s, const struct study_metric *m,
    const struct levels *l, struct at place[PLACES_MAX])
{
	size_t places = l->count < PLACES_MAX ? l->count : PLACES_MAX;
	for (size_t k = 0; k < places; k++)
		place[k] = (struct at){ .least = INFINITY, .most = -INFINITY };
	for (size_t k = 0; k < l->count; k++) {
		struct at *a = &place[place_of(k, l)];
		a->x += text_number(l->name[k], NULL);
		a->levels++;
	}
	for (size_t i = 0; i < s->settings; i++) {
		struct at *a = &place[place_of(l->of[i], l)];
		double y = mean_of(s, m, i);
		if (isnan(y)) continue;
		a->sum += y;
		a->least = fmin(a->least, y);
		a->most = fmax(a->most, y);
		a->settings++;
	}
	return places;
}

static void put_figure(
    struct page *p, const struct study_page *s, size_t metric, size_t axis, const struct levels *l)
{
	const struct study_metric *m = &s->metric[metric];
	struct at place[PLACES_MAX];
	size_t places = gather(s, m, l, place);
	char name[NAME_SIZE];
	snprintf(name, sizeof name, "effect_%c%c_%c%c", (char)('a' + metric / 26 % 26),
	    (char)('a' + metric % 26), (char)('a' + axis / 26 % 26), (char)('a' + axis % 26));
	char *caption = mem_print(
	    "%s along %s: mean, lowest and highest of the settings there", m->name, s->axis[axis]);
	char *xname = mem_print("%s%s", s->axis[axis], text_number_end(l->name[0]));
	struct figure f = { .kind = FIGURE_SERIES,
		.name = name,
		.caption = caption,
		.xname = xname,
		.yname = m->name,
		.head = { s->axis[axis], "mean", "lowest", "highest" },
		.cols = 4,
		.height = 300 };
	double first = NAN, last = NAN;
	for (size_t k = 0; k < places; k++) {
		if (!place[k].settings) continue;
		double mean = place[k].sum / (double)place[k].settings;
		double cell[] = { place[k].x / (double)place[k].levels, mean, place[k].least,
			place[k].most };
		if (!f.rows) first = mean;
		last = mean;
		figure_row(&f, cell, NULL, NULL);
	}
	figure_say(&f, "%s along %s: its mean is %.4g at the lower end, %.4g at the upper.",
	    m->name, s->axis[axis], first, last);
	report_figure(p, &f);
	free(xname);
	free(caption);
}

/* The j-th axis by influence, or of the study where that is not known. */
static size_t nth_axis(const struct study_page *s, const struct study_metric *m, size_t j)
{
	for (size_t k = 0; m->influence.axis && k < s->axes; k++)
		if (!strcmp(s->axis[k], m->influence.axis[j].name)) return k;
	return j;
}

static void put_metric(struct page *p, const struct study_page *s, size_t metric)
{
	size_t drawn = 0;
	for (size_t j = 0; j < s->axes && drawn < AXES_MAX; j++) {
		size_t axis = nth_axis(s, &s->metric[metric], j);
		struct levels l = levels_of(s->value + axis, s->settings, s->axes);
		if (l.are_numbers && l.count > 1) {
			put_figure(p, s, metric, axis, &l);
			drawn++;
		}
		levels_fini(&l);
	}
}

void report_study_effects(struct page *p, const struct study_page *s)
{
	fputs("<section>\n<h2>Along each axis</h2>\n<p class=\"note\">The axes that move a metric "
	      "most, all else being varied as in the study; axes of words are in the table "
	      "below.</p>\n",
	    p->html);
	for (size_t i = 0; i < s->metrics; i++)
		if (!s->metric[i].influence.is_still) put_metric(p, s, i);
	fputs("</section>\n", p->html);
}
