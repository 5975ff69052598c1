/* hearth grid hosting [SCENARIO] */
#include "cli/grid_hosting.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dataset.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/units.h"
#include "cli/form.h"
#include "cli/grid.h"
#include "cli/input.h"
#include "cli/interrupt.h"
#include "cli/jobs.h"
#include "cli/session.h"
#include "cli/status.h"
#include "models/compute/node.h"
#include "models/grid/feeder.h"
#include "models/site/datacentre.h"
#include "models/site/homes.h"
#include "models/site/scenario.h"

/* What is run: the scenario as it is read with the user's overrides, and more. */
struct plan {
	const char *name; /* as typed */
	const char *seed;
	const struct words *set; /* the user's */
	struct scenario *scenario;
	double *part_frac; /* of each <node> in homes: its part of the nodes */
	size_t nodes;
	int jobs;          /* threads */
	size_t done, runs; /* for those who wait */
};

/* One run: which, and what became of it. */
struct job {
	struct hosting_level *level;
	size_t placement;        /* from 0 on */
	struct err_list *faults;
	uint64_t seed;
};

/* ---- the scenario ---- */

static void read_parts(struct plan *p, const struct object *homes, struct err_list *e)
{
	double sum_frac = 0;
	for (const struct object *o = object_child(homes, &node_class); o; o = object_next(o)) {
		p->part_frac = mem_resize(p->part_frac, p->nodes + 1, sizeof *p->part_frac);
		p->part_frac[p->nodes++] = homes_share(o);
		sum_frac += homes_share(o);
	}
	if (!p->nodes)
		err_at(e, homes->pos,
		    "homes: none of them has anything to host; add a <node> with device= and "
		    "model=");
	else if (!(sum_frac > 0))
		err_at(e, object_attr_pos(object_child(homes, &node_class), "share"),
		    "node: a share of 0 says nothing of the proportions; write one above 0, of "
		    "whatever size");
	for (size_t i = 0; i < p->nodes; i++) p->part_frac[i] /= sum_frac;
}

static bool read_plan(struct plan *p, struct err_list *e)
{
	char *path = input_scenario(p->name, e);
	if (path) p->scenario = scenario_load(path, p->set->word, p->set->count, e);
	free(path);
	if (!p->scenario) return false;
	const struct object *root = scenario_root(p->scenario);
	const struct object *homes = object_child(root, &homes_class);
	if (!object_child(root, &feeder_class))
		err_at(e, root->pos,
		    "scenario: without a feeder there is no limit to cross; add <feeder street=/>");
	if (!homes)
		err_at(e, root->pos,
		    "scenario: without homes there is nobody to host a node; add <homes>");
	else if (!((const struct homes_par *)homes->par)->count)
		err_at(e, object_attr_pos(homes, "count"),
		    "homes: nobody lives there; write a count of 1 or more");
	else
		read_parts(p, homes, e);
	return !err_count(e);
}

static size_t count_homes(const struct plan *p)
{
	const struct object *homes = object_child(scenario_root(p->scenario), &homes_class);
	return (size_t)((const struct homes_par *)homes->par)->count;
}

/* ---- a run ---- */

static void say_progress(const struct plan *p)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rhearth grid: run %zu of %zu", p->done, p->runs);
}

static void end_progress(void)
{
	if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
}

/* The user's overrides, then the shares and the placement; free with free_set. */
static struct words make_set(const struct plan *p, double share_frac, uint64_t placement)
{
	struct words all = { .count = p->set->count };
	all.word = mem_new(all.count + p->nodes + 1, sizeof *all.word);
	for (size_t i = 0; i < all.count; i++) all.word[i] = p->set->word[i];
	for (size_t i = 0; i < p->nodes; i++)
		all.word[all.count++] = mem_print(
		    "/scenario/homes/node[%zu]/@share=%.17g", i + 1, share_frac * p->part_frac[i]);
	all.word[all.count++] = mem_print("/scenario/homes/@placement=%" PRIu64, placement);
	return all;
}

static void free_set(const struct plan *p, struct words *all)
{
	for (size_t i = p->set->count; i < all->count; i++) free((char *)all->word[i]);
	free(all->word);
}

/* A home may have several replicas of its node. */
static size_t count_hosts(const struct dataset *d, size_t homes)
{
	const struct ds_group *g = ds_find(d, "nodes");
	const int32_t *home = g ? ds_data(g, "home", DS_I32) : NULL;
	bool *hosts = mem_new(homes, sizeof *hosts);
	size_t n = 0;
	for (size_t i = 0; home && i < ds_rows(g, "home"); i++) {
		if (home[i] < 0 || hosts[home[i]]) continue;
		hosts[home[i]] = true;
		n++;
	}
	free(hosts);
	return n;
}

/* The first check that has given the run its stamp, in words that free() takes. */
static char *failed_check(const struct dataset *d, enum validity stamp)
{
	const struct ds_group *g = ds_find(d, "checks");
	char *const *name = (char *const *)ds_data(g, "check", DS_TEXT);
	char *const *otherwise = (char *const *)ds_data(g, "otherwise", DS_TEXT);
	const double *value = ds_data(g, "value", DS_F64), *most = ds_data(g, "tolerance", DS_F64);
	const int8_t *pass = ds_data(g, "pass", DS_I8);
	for (size_t i = 0; i < ds_rows(g, "check"); i++)
		if (!pass[i] && !strcmp(otherwise[i], validity_word(stamp)))
			return mem_print(
			    "check.%s is %.3g, of %.3g at most", name[i], value[i], most[i]);
	return NULL;
}

static bool read_run(const struct world *w, size_t homes, struct hosting_run *r)
{
	struct dataset *d = ds_new();
	struct ds_metric m;
	world_export(w, d);
	bool found = ds_metric_find(d, "grid.margin_pu", &m);
	if (found) {
		const struct ds_group *g = ds_find(d, "summary");
		r->margin_pu = m.value;
		r->asset = mem_text(ds_text(g, m.key, "asset"));
		r->limit = mem_text(ds_text(g, m.key, "limit"));
		r->homes = count_hosts(d, homes);
		r->validity = world_validity(w);
		r->failed = failed_check(d, r->validity);
	}
	ds_free(d);
	return found;
}

/* Touches nothing of the plan: several run at a time. */
static void run_job(const struct plan *p, const struct hosting *h, struct job *j)
{
	struct words set = make_set(p, j->level->share_frac, j->placement + 1);
	struct session s;
	struct session_options want = {
		.name = p->name, .set = &set, .seed = p->seed, .nodes_full = h->full
	};
	j->faults = err_new();
	if (session_init(&s, &want, j->faults)) {
		world_run(s.world);
		j->seed = s.seed;
		if (!read_run(s.world, h->homes, &j->level->run[j->placement]))
			err_at(j->faults, scenario_root(s.scenario)->pos,
			    "scenario: its run ends before the first step, and says nothing of the "
			    "feeder; write a longer duration= at <time>");
	}
	session_fini(&s);
	free_set(p, &set);
}

/* ---- all of them ---- */

/* Where none or all homes have a node of one kind, every placement is the same. */
static bool is_one_run(const struct plan *p, double share_frac)
{
	return share_frac <= 0 || (share_frac >= 1 && p->nodes == 1);
}

/* Shares from 0 on, where nobody asks or others can answer, else from one step on; the
 * last is 1. */
static void make_levels(struct plan *p, struct hosting *h)
{
	bool from_0 =
	    h->full || object_child(scenario_root(p->scenario), &datacentre_class) != NULL;
	double last = floor(1 / h->step_frac + 1e-9), half_home_frac = 0.5 / (double)h->homes;
	bool ends_short = 1 - last * h->step_frac >= half_home_frac;
	h->levels = (size_t)last + from_0 + ends_short;
	h->level = mem_new(h->levels, sizeof *h->level);
	for (size_t i = 0; i < h->levels; i++) {
		struct hosting_level *l = &h->level[i];
		double k = (double)(from_0 ? i : i + 1);
		l->share_frac = i + 1 < h->levels ? k * h->step_frac : 1;
		l->runs = is_one_run(p, l->share_frac) ? 1 : h->placements;
		l->run = mem_new(h->placements, sizeof *l->run);
		p->runs += l->runs;
	}
}

static struct job *list_jobs(const struct plan *p, const struct hosting *h)
{
	struct job *job = mem_new(p->runs, sizeof *job);
	size_t n = 0;
	for (size_t i = 0; i < h->levels; i++)
		for (size_t k = 0; k < h->level[i].runs; k++)
			job[n++] = (struct job){ .level = &h->level[i], .placement = k };
	return job;
}

/* A run shares nothing with the others but what is only read (where hearth's data lie is
 * found once: now); each keeps its own faults, which are taken in order afterwards. */
static void run_jobs(struct plan *p, const struct hosting *h, struct job *job)
{
	paths_home();
	say_progress(p);
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads(p->jobs) if (p->jobs > 1)
#endif
	for (size_t i = 0; i < p->runs; i++) {
		run_job(p, h, &job[i]);
#ifdef _OPENMP
#pragma omp critical
#endif
		{
			p->done++;
			say_progress(p);
		}
	}
	end_progress();
}

static void copy_run(struct hosting_run *to, const struct hosting_run *r)
{
	*to = *r;
	to->asset = mem_text(r->asset);
	to->limit = mem_text(r->limit);
	to->failed = NULL; /* told of the run that was made */
}

static void sum_levels(struct hosting *h)
{
	for (size_t i = 0; i < h->levels; i++) {
		struct hosting_level *l = &h->level[i];
		for (size_t k = l->runs; k < h->placements; k++) copy_run(&l->run[k], &l->run[0]);
		hosting_sum(l, h->placements);
	}
}

static bool run_all(struct plan *p, struct hosting *h, struct err_list *e)
{
	make_levels(p, h);
	struct job *job = list_jobs(p, h);
	run_jobs(p, h, job);
	for (size_t i = 0; i < p->runs; i++) {
		err_add_all(e, job[i].faults);
		err_free(job[i].faults);
	}
	h->seed = job[0].seed;
	free(job);
	if (err_count(e)) return false;
	sum_levels(h);
	return true;
}

static void free_levels(struct hosting *h)
{
	for (size_t i = 0; i < h->levels; i++) {
		for (size_t k = 0; k < h->placements; k++) {
			free(h->level[i].run[k].asset);
			free(h->level[i].run[k].limit);
			free(h->level[i].run[k].failed);
		}
		free(h->level[i].run);
	}
	free(h->level);
}

/* ---- the command ---- */

static bool read_options(const struct options *o, struct hosting *h, struct err_list *e)
{
	const char *placements = options_text(o, GRID_PLACEMENTS),
		   *step = options_text(o, GRID_STEP), *load = options_text(o, GRID_LOAD);
	uint64_t n = 10;
	struct quantity q = { .si = 0.1 };
	char why[160];
	if (placements) options_parse_u64(placements, &n);
	if (step) units_parse(step, DIM_FRACTION, &q, why, sizeof why);
	h->full = !load || !strcmp(load, GRID_LOAD_FULL);
	h->placements = (size_t)n;
	h->step_frac = q.si;
	double home_frac = 1 / (double)h->homes;
	if (h->step_frac >= home_frac * (1 - 1e-9)) return true;
	if (step)
		err_at(e, (struct err_pos){ 0 },
		    "--step: %s is finer than one home of %zu; write %.4g or more", step, h->homes,
		    home_frac * (1 + 1e-4));
	h->step_frac = home_frac;
	return !step;
}

static int tell(const struct hosting *h, enum table_form form)
{
	hosting_print(h, form);
	if (!hosting_doubt(h, VALIDITY_INVALID).runs) return STATUS_DONE;
	fputs("hearth grid: a run's self-checks failed: the results are INVALID\n", stderr);
	return STATUS_INVALID;
}

int grid_hosting(const struct options *o, struct err_list *e)
{
	struct plan p = {
		.name = o->further.count ? o->further.word[0] : INPUT_BUILT_IN,
		.seed = options_text(o, GRID_SEED),
		.set = &o->given[GRID_SET],
		.jobs = jobs_read(o, GRID_JOBS),
	};
	struct hosting h = { 0 };
	enum table_form form;
	int status = STATUS_USAGE;
	if (!form_of(o, GRID_JSON, &form)) return status;
	interrupt_init();
	if (read_plan(&p, e)) {
		h.scenario = ((const struct scenario_par *)scenario_root(p.scenario)->par)->name;
		h.homes = count_homes(&p);
		if (read_options(o, &h, e) && run_all(&p, &h, e)) status = tell(&h, form);
	}
	free_levels(&h);
	free(p.part_frac);
	scenario_free(p.scenario);
	return status;
}
