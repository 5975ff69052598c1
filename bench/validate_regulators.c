/* Regulators of the IEEE 13, 34 and 37 node feeders with the settings that were published:
 * where they come to rest from neutral, and what their relays see at the published taps. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_grid.h"
#include "models/grid/settle.h"

static const char *const folders[] = { "feeders/ieee13", "feeders/ieee34", "feeders/ieee37" };
enum { FOLDERS = sizeof folders / sizeof *folders };

/* Longer than all regulators of a feeder need for all of their steps, one after another. */
static const double limit_s = 4 * 3600;

struct judged {
	struct worst outside_v;      /* of the band, at rest */
	struct worst taps_off;       /* from those published */
	struct worst at_published_v; /* outside the band at the published taps */
};

/* The tie of a regulator's phase, which its rows make in their order; NET_NONE: none. */
static uint32_t tie_of(const struct sheet *wanted, const char *path, struct err_list *e)
{
	static const char *const columns[] = { "name", "phase", NULL };
	struct sheet t;
	uint32_t row = 0, found = NET_NONE;
	if (sheet_open(&t, path, columns, e))
		while (sheet_next(&t) && found == NET_NONE) {
			if (sheet_is(&t, "name", sheet_text(wanted, "regulator")) &&
			    sheet_is(&t, "phase", sheet_text(wanted, "phase")))
				found = row;
			row++;
		}
	sheet_close(&t);
	return found;
}

static void add_control(
    struct network *n, const struct sheet *t, const char *regulators, struct err_list *e)
{
	uint32_t tie = tie_of(t, regulators, e);
	if (tie == NET_NONE || tie >= n->ties) {
		err_at(e, sheet_pos(t), "regulators.csv has no such regulator; add it there");
		return;
	}
	struct regulator_at at = { .name = (char *)sheet_text(t, "regulator"),
		.par = { .set_v = sheet_number(t, "vreg_volt"),
		    .band_v = sheet_number(t, "bandwidth_v"),
		    .r_v = sheet_number(t, "R_ldc_v"),
		    .x_v = sheet_number(t, "X_ldc_v"),
		    .pt_ratio = sheet_number(t, "pt_ratio"),
		    .ct_a = sheet_number(t, "ct_rating_a"),
		    .delay_s = REGULATOR_DELAY_S,
		    .again_s = REGULATOR_DELAY_S },
		.units = 1,
		.tie = { tie },
		.tap = (int)sheet_number(t, "tap") };
	control_list_regulator(network_controls(n), &at);
}

/* The published settings and taps into the network's list; false: not there. */
static bool add_controls(struct validate_job *j, struct network *n, const char *folder)
{
	static const char *const columns[] = { "regulator", "phase", "vreg_volt", "bandwidth_v",
		"R_ldc_v", "X_ldc_v", "pt_ratio", "ct_rating_a", "tap", NULL };
	char *name = mem_print("%s/published_regulator_controls.csv", folder);
	char *path = validate_table(j, name);
	char *regulators = mem_print("%s/%s/regulators.csv", j->folder, folder);
	struct sheet t;
	if (path) {
		if (sheet_open(&t, path, columns, j->e))
			while (sheet_next(&t)) add_control(n, &t, regulators, j->e);
		sheet_close(&t);
	}
	free(regulators);
	free(path);
	free(name);
	return n->controls != NULL;
}

static double outside_v(const struct controls *c, size_t i)
{
	return regulator_outside_v(&c->list->regulator[i].par, c->regulator[i].state.relay_v);
}

static void judge_published(
    struct validate_job *j, struct network *n, const char *folder, struct judged *g)
{
	struct controls *c = controls_new(n, 0);
	struct nodal *s = validate_solve(j, n, folder);
	if (s) controls_see(c, nodal_v(s));
	for (size_t i = 0; s && i < c->list->regulators; i++)
		worst_add(&g->at_published_v, outside_v(c, i));
	nodal_free(s);
	controls_free(c);
}

static void judge_rest(
    struct validate_job *j, struct network *n, const char *folder, struct judged *g)
{
	struct control_list *l = n->controls;
	int *published = mem_new(l->regulators, sizeof *published);
	for (size_t i = 0; i < l->regulators; i++) {
		published[i] = l->regulator[i].tap;
		l->regulator[i].tap = 0;
	}
	struct controls *c = controls_new(n, 0);
	struct solver *s = solver_new(n, folder);
	bool rests = controls_settle(c, s, 1e-12, limit_s, j->e) == SETTLE_RESTS;
	for (size_t i = 0; i < l->regulators; i++) {
		worst_add(&g->outside_v, rests ? outside_v(c, i) : NAN);
		worst_add(
		    &g->taps_off, rests ? (double)(c->regulator[i].state.tap - published[i]) : NAN);
	}
	solver_free(s);
	controls_free(c);
	free(published);
}

void validate_regulators(struct validate_job *j)
{
	struct judged g = { 0 };
	for (int i = 0; i < FOLDERS; i++) {
		struct network *n = validate_network(j, folders[i]);
		if (n && add_controls(j, n, folders[i])) {
			judge_published(j, n, folders[i], &g);
			judge_rest(j, n, folders[i], &g);
		}
		network_free(n);
	}
	static const char table[] = "published_regulator_controls.csv";
	validate_worst(j, "IEEE 13, 34, 37: relays outside their band, from neutral", table,
	    g.outside_v, "V", 0);
	validate_worst(j, "IEEE 13, 34, 37: taps off the published, from neutral", table,
	    g.taps_off, "steps", NAN);
	validate_worst(j, "IEEE 13, 34, 37: relays outside their band, published taps", table,
	    g.at_published_v, "V", NAN);
}
