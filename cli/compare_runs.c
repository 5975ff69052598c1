/* Comparisons of results files. */
#include <stdlib.h>
#include <string.h>

#include "analysis/results.h"
#include "base/mem.h"
#include "base/near.h"
#include "cli/compare.h"

static const struct err_pos nowhere;

struct group {
	struct compare_run *run;
	size_t runs;
};

static const char *root_text(const struct compare_run *r, const char *name)
{
	const char *text = ds_text(ds_find(r->d, ""), NULL, name);
	return text ? text : "unknown";
}

static const char *seed_of(const struct compare_run *r)
{
	return root_text(r, "seed");
}

/* ---- reading ---- */

static bool group_read(struct group *g, const struct words *path, struct err_list *e)
{
	*g = (struct group){ mem_new(path->count, sizeof *g->run), path->count };
	bool read = true;
	for (size_t i = 0; i < path->count; i++) {
		g->run[i] = (struct compare_run){ path->word[i], results_read(path->word[i], e) };
		read = read && g->run[i].d;
	}
	return read;
}

static void group_free(struct group *g)
{
	for (size_t i = 0; i < g->runs; i++) ds_free(g->run[i].d);
	free(g->run);
}

/* ---- metrics ---- */

static void add_keys(struct words *have, const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "summary");
	for (size_t i = 0; g && i < g->vars; i++) {
		bool known = false;
		for (size_t k = 0; k < have->count && !known; k++)
			known = !strcmp(have->word[k], g->var[i]->name);
		if (known) continue;
		have->word = mem_grow(have->word, have->count, &have->cap, sizeof *have->word);
		have->word[have->count++] = g->var[i]->name;
	}
}

static void say_unknown(const char *name, const char *const *have, size_t n, struct err_list *e)
{
	struct near near = near_to(name);
	for (size_t i = 0; i < n; i++) near_try(&near, have[i]);
	if (near_best(&near))
		err_at(e, nowhere, "nothing here has the metric '%s' (did you mean '%s'?)", name,
		    near_best(&near));
	else
		err_at(e, nowhere, "nothing here has the metric '%s'; --all shows those that there are",
		    name);
}

bool compare_pick_asked(const struct compare_ask *ask, const char *const *have, size_t n,
    struct compare_pick *p, struct err_list *e)
{
	bool known = true;
	for (size_t i = 0; i < ask->name.count; i++) {
		if (compare_pick_name(p, ask->name.word[i], have, n)) continue;
		say_unknown(ask->name.word[i], have, n, e);
		known = false;
	}
	if (!ask->name.count && !ask->all) compare_pick_usual(p, have, n);
	for (size_t i = 0; i < ask->gates && !ask->all; i++)
		compare_pick_name(p, ask->gate[i].key, have, n);
	if (ask->all) compare_pick_all(p, have, n);
	return known;
}

/* ---- pairs ---- */

struct pairs {
	const struct dataset **before, **after;
	size_t count;
};

static bool is_twice(const struct group *g, struct err_list *e)
{
	for (size_t i = 0; i < g->runs; i++)
		for (size_t k = 0; k < i; k++) {
			if (strcmp(seed_of(&g->run[i]), seed_of(&g->run[k])) != 0) continue;
			err_at(e, nowhere,
			    "'%s' and '%s' have one seed, %s, on one side; a seed counts once: give "
			    "one of them", g->run[k].path, g->run[i].path, seed_of(&g->run[i]));
			return true;
		}
	return false;
}

static const struct compare_run *with_seed(const struct group *g, const char *seed)
{
	for (size_t i = 0; i < g->runs; i++)
		if (!strcmp(seed_of(&g->run[i]), seed)) return &g->run[i];
	return NULL;
}

static void tell_alone(struct compare_view *v, const struct group *g, const struct group *other)
{
	for (size_t i = 0; i < g->runs; i++)
		if (!with_seed(other, seed_of(&g->run[i])))
			compare_view_line(v, mem_print("left out: %s, whose seed %s the other side lacks",
			    g->run[i].path, seed_of(&g->run[i])));
}

/* Pairs by seed; two runs alone are a pair whatever their seeds. */
static bool pair_up(struct pairs *p, const struct group *a, const struct group *b,
    struct compare_view *v, struct err_list *e)
{
	bool alone = a->runs == 1 && b->runs == 1;
	*p = (struct pairs){ mem_new(a->runs, sizeof *p->before), mem_new(a->runs, sizeof *p->after), 0 };
	if (is_twice(a, e) || is_twice(b, e)) return false;
	for (size_t i = 0; i < a->runs; i++) {
		const struct compare_run *twin = alone ? b->run : with_seed(b, seed_of(&a->run[i]));
		if (!twin) continue;
		p->before[p->count] = a->run[i].d;
		p->after[p->count++] = twin->d;
	}
	if (alone && strcmp(seed_of(a->run), seed_of(b->run)) != 0)
		compare_view_line(v, mem_text("the seeds differ: part of the change is the dice's; run "
					      "both with the same seeds to keep it out"));
	if (!alone) {
		tell_alone(v, a, b);
		tell_alone(v, b, a);
		compare_view_line(v, mem_print("%zu pairs of runs with the same seed", p->count));
	}
	if (!p->count)
		err_at(e, nowhere, "no seed is on both sides; run both with the same seeds, as "
				   "hearth run --seed=7 -o FILE.h5");
	return p->count > 0;
}

/* ---- what stands on either side ---- */

static char *describe(const struct group *g)
{
	const struct compare_run *r = g->run;
	if (g->runs == 1)
		return mem_print("%s: %s, seed %s, %s", r->path, root_text(r, "title"), seed_of(r),
		    root_text(r, "validity"));
	return mem_print("%s and %zu more: %s", r->path, g->runs - 1, root_text(r, "title"));
}

static void tell_validity(struct compare_view *v, const struct group *g)
{
	for (size_t i = 0; i < g->runs; i++) {
		const char *word = root_text(&g->run[i], "validity");
		if (!strcmp(word, "VALID")) continue;
		v->invalid = v->invalid || !strcmp(word, "INVALID");
		compare_view_line(v, mem_print("%s is %s; hearth report %s says why", g->run[i].path,
		    word, g->run[i].path));
	}
}

static bool is_one_scenario(const struct group *g, const struct words *differ, struct err_list *e)
{
	bool same = true;
	for (size_t i = 1; i < g->runs && same; i++)
		same = compare_same(&g->run[0], &g->run[i], differ, COMPARE_BUT_SEED, NULL, e);
	return same;
}

/* ---- */

static bool add_view(const struct compare_ask *ask, const struct group *a, const struct group *b,
    struct compare_out *out, struct err_list *e)
{
	struct compare_view *v = compare_out_add(out);
	struct words have = { 0 };
	struct compare_pick pick = { 0 };
	struct pairs p = { 0 };
	v->name = mem_print("%s%s against %s%s", b->run->path, b->runs > 1 ? "..." : "", a->run->path,
	    a->runs > 1 ? "..." : "");
	v->before = describe(a);
	v->after = describe(b);
	tell_validity(v, a);
	tell_validity(v, b);
	bool done = compare_same(a->run, b->run, ask->differ, COMPARE_ONE_KIND, v, e) &&
	    pair_up(&p, a, b, v, e);
	for (size_t i = 0; i < p.count; i++) {
		add_keys(&have, p.before[i]);
		add_keys(&have, p.after[i]);
	}
	done = done && compare_pick_asked(ask, have.word, have.count, &pick, e);
	for (size_t i = 0; i < pick.keys && done; i++)
		compare_add_runs(&v->c, pick.key[i], p.before, p.after, p.count);
	free(p.before);
	free(p.after);
	free(have.word);
	compare_pick_fini(&pick);
	return done;
}

/* The first run against each of the others. */
static bool one_by_one(const struct compare_ask *ask, const struct group *g,
    struct compare_out *out, struct err_list *e)
{
	bool done = true;
	for (size_t i = 1; i < g->runs; i++) {
		struct group a = { g->run, 1 }, b = { g->run + i, 1 };
		done = add_view(ask, &a, &b, out, e) && done;
	}
	return done;
}

bool compare_runs_of(const struct compare_ask *ask, struct compare_out *out, struct err_list *e)
{
	struct group a, b;
	bool read = group_read(&a, &ask->side[0], e), done = group_read(&b, &ask->side[1], e) && read;
	if (done && b.runs)
		done = is_one_scenario(&a, ask->differ, e) && is_one_scenario(&b, ask->differ, e) &&
		    add_view(ask, &a, &b, out, e);
	else if (done)
		done = one_by_one(ask, &a, out, e);
	group_free(&a);
	group_free(&b);
	return done;
}

struct compare_view *compare_out_add(struct compare_out *out)
{
	out->view = mem_grow(out->view, out->views, &out->cap, sizeof *out->view);
	out->view[out->views] = (struct compare_view){ 0 };
	return &out->view[out->views++];
}

void compare_out_fini(struct compare_out *out)
{
	for (size_t i = 0; i < out->views; i++) compare_view_fini(&out->view[i]);
	free(out->view);
}
