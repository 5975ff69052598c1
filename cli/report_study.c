#include "cli/report_study.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "analysis/report_study.h"
#include "base/mem.h"
#include "cli/input.h"
#include "cli/status.h"
#include "sweep/outcomes.h"

bool report_is_study(const char *path)
{
	struct stat s;
	return !stat(path, &s) && S_ISDIR(s.st_mode);
}

/* What the design tells of the metric, or why it tells nothing. */
static void analyse(const struct outcomes *o, const struct study_page *s, struct study_metric *m)
{
	struct influence_input in = { .design = o->design,
		.seed = o->plan->point[0].seed,
		.axes = s->axes,
		.settings = s->settings,
		.replications = s->replications,
		.axis = s->axis,
		.value = s->value,
		.y = m->y };
	enum influence_method method;
	if (!influence_default(o->design, &method))
		m->why = "a design that fills the space of all axes at once does not rank them";
	else
		influence_make(&in, method, &m->influence, &m->why); /* says why it is not */
}

static bool read_metrics(const struct outcomes *o, struct study_page *s, struct err_list *e)
{
	if (!o->plan->metrics)
		err_at(e, (struct err_pos){ 0 },
		    "study '%s' names no metric to report on; add <metric name=\"...\"/> to it, "
		    "and "
		    "plan it again",
		    o->plan->study);
	s->metric = mem_new(o->plan->metrics, sizeof *s->metric);
	for (size_t i = 0; i < o->plan->metrics; i++) {
		size_t column = outcomes_metric(o, o->plan->metric[i], e);
		if (column == SIZE_MAX) continue;
		struct study_metric *m = &s->metric[s->metrics++];
		m->name = o->plan->metric[i];
		m->y = mem_new(o->plan->count, sizeof *m->y);
		outcomes_figures(o, column, m->y);
		analyse(o, s, m);
	}
	return !err_count(e);
}

static int write_page(
    const struct outcomes *o, const char *folder, const char *page, struct err_list *e)
{
	const char **value = outcomes_values(o);
	struct study_page s = { .name = o->plan->study,
		.folder = folder,
		.plan = o->plan->design,
		.settings = o->settings,
		.replications = o->replications,
		.axes = o->plan->axes,
		.done = outcomes_count(o, POINT_DONE),
		.failed = outcomes_count(o, POINT_FAILED),
		.missing = outcomes_count(o, POINT_MISSING),
		.axis = o->plan->axis,
		.path = o->plan->path,
		.value = value };
	int status = STATUS_USAGE;
	if (read_metrics(o, &s, e)) {
		status = report_study_write(&s, page, e) ? STATUS_DONE : STATUS_IO;
		if (status == STATUS_DONE) printf("%s\n", page);
	}
	for (size_t i = 0; i < s.metrics; i++) {
		influence_fini(&s.metric[i].influence);
		free(s.metric[i].y);
	}
	free(s.metric);
	free(value);
	return status;
}

int report_study(const char *folder, const char *page, struct err_list *e)
{
	struct outcomes *o = outcomes_read(folder, e);
	int status = STATUS_USAGE;
	if (o && !input_can_write(page, e))
		status = STATUS_IO;
	else if (o)
		status = write_page(o, folder, page, e);
	outcomes_free(o);
	return status;
}
