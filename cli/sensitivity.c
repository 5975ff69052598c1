/* hearth sensitivity DIR [METRIC]... */
#include "cli/sensitivity.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/form.h"

enum { METHOD, JSON, CSV, MD };

static const char *refuse_method(const char *value)
{
	enum influence_method m;
	return influence_find(value, &m) ? NULL : "is none of tornado, morris and sobol";
}

static const struct option_row options[] = {
	[METHOD] = { "method", 'm', "METHOD", "what the study's design is made for",
	    "what to compute: 'tornado', the change from one end of an axis to the other, from a "
	    "grid or a morris design; 'morris', elementary effects; 'sobol', shares of the "
	    "variance, from a saltelli design or a full grid",
	    .words = "tornado morris sobol", .refuse = refuse_method },
	[JSON] = { "json", 0, NULL, NULL,
	    "print one object with all that is known, intervals and what was dropped included" },
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

/* ---- which method ---- */

static bool choose_method(struct sensitivity *s, const char *asked, struct err_list *e)
{
	const char *design = s->outcomes->design, *why;
	if (asked)
		influence_find(asked, &s->method);
	else if (!influence_default(design, &s->method))
		s->method = INFLUENCE_SOBOL; /* is refused */
	why = influence_refuse(design, s->method);
	if (why)
		err_at(e, (struct err_pos){ 0 }, "design \"%s\" of study '%s' %s", design,
		    s->outcomes->plan->study, why);
	return !why;
}

/* ---- which metrics ---- */

/* Those that the user named, or else those that the study asks for. */
static bool choose_metrics(struct sensitivity *s, const struct words *named, struct err_list *e)
{
	const struct points *p = s->outcomes->plan;
	bool by_user = named->count > 0;
	s->figures = by_user ? named->count : p->metrics;
	s->metric = mem_new(s->figures, sizeof *s->metric);
	for (size_t i = 0; i < s->figures; i++)
		s->metric[i] = by_user ? named->word[i] : p->metric[i];
	if (!s->figures)
		err_at(e, (struct err_pos){ 0 },
		    "study '%s' names no metric of its own; name one, as in: hearth sensitivity "
		    "DIR "
		    "%s",
		    p->study, s->outcomes->metrics ? s->outcomes->metric[0] : "METRIC");
	return s->figures > 0;
}

/* ---- the work ---- */

/* What cannot be answered is told, and the rest is. */
static void analyse(struct sensitivity *s, const char **value, struct err_list *e)
{
	const struct outcomes *o = s->outcomes;
	double *y = mem_new(o->plan->count, sizeof *y);
	struct influence_input in = { .design = o->design,
		.seed = o->plan->point[0].seed,
		.axes = o->plan->axes,
		.settings = o->settings,
		.replications = o->replications,
		.axis = o->plan->axis,
		.value = value,
		.y = y };
	size_t kept = 0;
	s->influence = mem_new(s->figures, sizeof *s->influence);
	for (size_t i = 0; i < s->figures; i++) {
		const char *why = NULL, *name = s->metric[i];
		size_t metric = outcomes_metric(o, name, e);
		if (metric == SIZE_MAX) continue;
		outcomes_figures(o, metric, y);
		if (influence_make(&in, s->method, &s->influence[kept], &why)) {
			s->metric[kept++] = name;
			continue;
		}
		err_at(e, (struct err_pos){ 0 }, "%s: %s", name, why);
		influence_fini(&s->influence[kept]);
	}
	s->figures = kept;
	free(y);
}

static int sensitivity(
    const struct options *o, struct sensitivity *s, enum table_form form, struct err_list *e)
{
	if (!choose_method(s, options_text(o, METHOD), e) || !choose_metrics(s, &o->further, e))
		return STATUS_USAGE;
	const char **value = outcomes_values(s->outcomes);
	analyse(s, value, e);
	if (s->figures) sensitivity_print(s, form);
	for (size_t i = 0; i < s->figures; i++) influence_fini(&s->influence[i]);
	free(s->influence);
	free(value);
	return err_count(e) ? STATUS_USAGE : STATUS_DONE;
}

static int run(const struct options *o)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	struct err_list *e = err_new();
	struct outcomes *outcomes = outcomes_read(o->operand, e);
	struct sensitivity s = { .outcomes = outcomes };
	int status = outcomes ? sensitivity(o, &s, form, e) : STATUS_USAGE;
	err_print(e, stderr);
	free(s.metric);
	outcomes_free(outcomes);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth sensitivity doorstep-study",
	    "the axes of a study, run and collected, by influence" },
	{ "hearth sensitivity doorstep-study energy.node_j_per_token --method=sobol",
	    "what each axis has of one metric's variance, alone and with others" },
	{ NULL, NULL },
};

const struct command sensitivity_command = {
	.name = "sensitivity",
	.about = "rank the axes of a study by what they move",
	.text =
	    "Reads what hearth sweep collect wrote in the folder of a study, and says which axes "
	    "move its metrics, with 95 % intervals and the ranks that these leave possible.\n\n"
	    "Trajectories, blocks or comparisons in which a point failed are left out "
	    "and counted. Replications are averaged, and the chance that is left in their means "
	    "is told.",
	.operand = { "DIR", true, NULL, "the folder of a study" },
	.further = { "METRIC", false, "those that the study names",
	    "a column of sweep.csv, as latency.ttft_s.p50", true,
	    .words = "@metrics" },
	.options = options,
	.examples = examples,
	.run = run,
};
