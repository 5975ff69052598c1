#include "cli/bench_energy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/table.h"
#include "base/units.h"
#include "bench/gpu/group.h"
#include "cli/status.h"

static const char *refuse(const char *value, enum dim dim)
{
	static char why[160]; /* the parser prints it at once */
	struct quantity q;
	if (!units_parse(value, dim, &q, why, sizeof why)) return why;
	return dim == DIM_POWER && q.si < 0 ? "is negative" : NULL;
}

const char *bench_energy_refuse_power(const char *value)
{
	return refuse(value, DIM_POWER);
}

const char *bench_energy_refuse_time(const char *value)
{
	return refuse(value, DIM_TIME);
}

/* NAN for what was not given; what was has passed the table. */
static double quantity_of(const char *text, enum dim dim)
{
	char why[160];
	struct quantity q;
	return text && units_parse(text, dim, &q, why, sizeof why) ? q.si : NAN;
}

static struct joules_setup setup_of(const struct bench_energy_options *o)
{
	return (struct joules_setup){ .source = o->source,
		.tdp_w = quantity_of(o->tdp, DIM_POWER),
		.idle_w = quantity_of(o->idle, DIM_POWER),
		.log_offset_s = o->offset ? quantity_of(o->offset, DIM_TIME) : 0 };
}

static void begin(void *ctx)
{
	struct bench_meter *m = ctx;
	joules_begin(m->joules);
}

static void end(void *ctx, double utilisation, struct bench_energy *e)
{
	struct bench_meter *m = ctx;
	struct energy r;
	joules_end(m->joules, utilisation, &r);
	if (*r.why && !*m->why) snprintf(m->why, sizeof m->why, "%s", r.why);
	bool measured = !isnan(r.measured_j), modelled = !measured && !isnan(r.estimate_j);
	*e = (struct bench_energy){ .measured_j = r.measured_j,
		.idle_j = measured ? r.idle_j : NAN,
		.estimated_j = r.estimate_j,
		.estimated_low_j = r.estimate_low_j,
		.estimated_high_j = r.estimate_high_j,
		.window_s = measured ? r.span_s : r.work_s };
	enum energy_method method = modelled ? ENERGY_MODEL : r.method;
	snprintf(e->source, sizeof e->source, "%s", modelled ? "model" : measured ? r.source : "");
	snprintf(e->scope, sizeof e->scope, "%s", measured ? energy_scope_word(r.scope) : "");
	snprintf(e->method, sizeof e->method, "%s", energy_method_word(method));
}

/* Makes the suite's meter of one that can measure or estimate; NULL of another. */
static const struct suite_meter *use(struct bench_meter *m, const struct joules_setup *s)
{
	bool models = !isnan(s->tdp_w) && !isnan(s->idle_w);
	if (!m->joules || (!joules_measures(m->joules) && !models)) return NULL;
	m->suite = (struct suite_meter){ m, joules_window_s(m->joules), begin, end };
	joules_idle(m->joules, m->suite.window_s);
	return &m->suite;
}

static bool has_group(const struct suite_plan *plan, const struct bench_group *g)
{
	for (size_t i = 0; i < plan->groups; i++)
		if (plan->group[i] == g) return true;
	return false;
}

/* A source that was named meters both kinds of cases where it sees the whole machine, else
 * the kind that it sees; "auto" finds one for each. The model's powers are the processor's. */
bool bench_meters_open(struct bench_meters *m, const struct bench_energy_options *o,
    struct suite_plan *plan, struct err_list *e)
{
	struct joules_setup s = setup_of(o);
	char bus[32];
	*m = (struct bench_meters){ 0 };
	if (has_group(plan, &bench_cuda) && gpu_cuda_bus(plan->device, bus, sizeof bus)) s.gpu_bus = bus;
	if (!(m->processor.joules = joules_open(&s, e))) return false;
	snprintf(m->line, sizeof m->line, "%s", joules_line(m->processor.joules));
	enum energy_scope scope = joules_scope(m->processor.joules);
	const struct suite_meter *first = use(&m->processor, &s);
	if (scope != ENERGY_GPU) plan->meter = first;
	if (scope > ENERGY_PACKAGE) plan->device_meter = first;
	if (scope == ENERGY_GPU || (o->source && strcmp(o->source, "auto"))) return true;
	s.gpu = true;
	s.tdp_w = s.idle_w = NAN;
	m->device.joules = joules_open(&s, e);
	if (m->device.joules && joules_measures(m->device.joules)) {
		size_t n = strlen(m->line);
		snprintf(m->line + n, sizeof m->line - n, "; accelerators: %s",
		    strchr(joules_line(m->device.joules), ':') + 2);
		plan->device_meter = use(&m->device, &s);
	}
	return true;
}

void bench_meters_close(struct bench_meters *m)
{
	joules_close(m->processor.joules);
	joules_close(m->device.joules);
}

void bench_meters_tell(const struct bench_meters *m, struct bench_file *f)
{
	const struct bench_meter *const both[] = { &m->processor, &m->device };
	free(f->context.energy);
	f->context.energy = mem_text(m->line);
	for (size_t i = 0; i < 2; i++)
		if (*both[i]->why)
			fprintf(stderr, "hearth bench: warning: energy of some cases was not measured: %s\n",
			    both[i]->why);
}

static const struct table_column columns[] = {
	{ "source", "source", TABLE_LEFT }, { "works", "works", TABLE_LEFT },
	{ "about", "about", TABLE_WRAPPED }, { "finding", "finding", TABLE_BELOW }, { NULL },
};

int bench_energy_list(const struct bench_energy_options *o, enum table_form form)
{
	struct joules_setup s = setup_of(o);
	struct joules_probe probe[JOULES_PROBES];
	struct table *t = table_new(columns);
	s.gpu = false;
	joules_probe(&s, probe);
	for (size_t i = 0; i < JOULES_PROBES; i++) {
		table_text(t, probe[i].source);
		table_flag(t, probe[i].works);
		table_text(t, probe[i].about);
		table_text(t, probe[i].text);
	}
	table_text(t, "model");
	table_flag(t, !isnan(s.tdp_w) && !isnan(s.idle_w));
	table_text(t, "idle + utilisation x (TDP - idle), an estimate");
	table_text(t, "takes --tdp and --idle");
	table_print(t, form, stdout);
	table_free(t);
	return STATUS_DONE;
}
