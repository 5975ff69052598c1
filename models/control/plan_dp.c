/* The plan by dynamic programming, backwards over the intervals.
 *
 * With V_k(e) the least cost from interval k on with e in the cells, and c_k(d) the cost of
 * interval k when its cells gain d,
 *
 *     V_k(e) = least over d of c_k(d) + V_k+1(e + d).
 *
 * Both are convex and made of straight pieces: c_k has a kink where the battery rests, where
 * the meter reads 0 and where something is curtailed. So V_k is their best split
 * (models/control/convex.h, with g(x) = c_k(-x)), exact, and no levels are needed. Where a
 * price is negative c_k is not convex, and counts as its convex hull. */
#include "models/control/plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/control/convex.h"

enum { KINKS = 5, PIECES = KINKS - 1 };

/* V_k: its pieces in the common array. */
struct stage {
	double from, value;
	size_t first, n;
};

struct plan_room {
	struct piece *piece;
	size_t pieces; /* that there is room for */
	struct stage *stage; /* [stages] */
	size_t stages;
};

struct plan_room *plan_room_new(void)
{
	return mem_new(1, sizeof(struct plan_room));
}

void plan_room_free(struct plan_room *room)
{
	if (!room) return;
	free(room->piece);
	free(room->stage);
	free(room);
}

/* Grows with the longest plan so far, so that plans of one length allocate once or twice. */
static void make_stages(struct plan_room *room, size_t stages)
{
	if (stages <= room->stages) return;
	room->stage = mem_resize(room->stage, stages, sizeof *room->stage);
	room->stages = stages;
}

static void make_pieces(struct plan_room *room, size_t pieces)
{
	if (pieces <= room->pieces) return;
	room->pieces = 2 * pieces;
	room->piece = mem_resize(room->piece, room->pieces, sizeof *room->piece);
}

static struct convex view(const struct plan_room *room, size_t k)
{
	const struct stage *s = &room->stage[k];
	return (struct convex){ s->from, s->value, s->n, room->piece + s->first };
}

static double gained_j(const struct plan *p, double battery_w)
{
	return p->interval_s * (battery_w > 0 ? battery_w * p->eff_frac : battery_w / p->eff_frac);
}

/* What the meter reads, and what that costs. */
static double meter_w(const struct plan *p, const struct plan_interval *at, double battery_w)
{
	double w = at->net_w + battery_w;
	double over_w = at->export_per_j < 0 ? -w : -w - p->export_limit_w;
	return over_w > 0 ? w + fmin(over_w, at->curtail_w) : w;
}

static double cost_of(const struct plan *p, const struct plan_interval *at, double battery_w)
{
	double w = meter_w(p, at, battery_w);
	double export_per_j = fmin(at->export_per_j, at->import_per_j);
	return p->interval_s * w * (w > 0 ? at->import_per_j : export_per_j);
}

/* Money for each joule more, at the meter without curtailing at w. */
static double margin(const struct plan *p, const struct plan_interval *at, double w)
{
	if (w > 0) return at->import_per_j;
	bool is_paid = at->export_per_j < 0;
	if (is_paid ? w > -at->curtail_w : w < -p->export_limit_w) return 0;
	return fmin(at->export_per_j, at->import_per_j);
}

/* Battery powers between which the interval's cost is straight, descending; 0 of them when
 * no power keeps the limits. */
static int kinks(const struct plan *p, const struct plan_interval *at, double *w)
{
	double curtailed_w = at->export_per_j < 0 ? at->curtail_w : p->export_limit_w;
	double low_w = fmax(-p->power_w, -p->export_limit_w - at->curtail_w - at->net_w);
	double high_w = fmin(p->power_w, p->import_limit_w - at->net_w);
	double inner[] = { 0, -at->net_w, -at->net_w - curtailed_w };
	int n = 0;
	if (low_w > high_w) return 0;
	w[n++] = high_w;
	for (int i = 0; i < 3; i++) {
		if (!(inner[i] > low_w && inner[i] < high_w)) continue;
		int to = n++;
		for (; w[to - 1] < inner[i]; to--) w[to] = w[to - 1];
		w[to] = inner[i];
	}
	w[n++] = low_w;
	return n;
}

/* g(x) = c_k(-x); false: no power keeps the limits. */
static bool make_cost(const struct plan *p, const struct plan_interval *at, struct convex *g)
{
	double w[KINKS];
	int n = kinks(p, at, w);
	if (!n) return false;
	*g = (struct convex){ .from = -gained_j(p, w[0]), .value = cost_of(p, at, w[0]),
		.piece = g->piece };
	for (int i = 1; i < n; i++) {
		double middle_w = (w[i - 1] + w[i]) / 2, by = margin(p, at, at->net_w + middle_w);
		double slope = middle_w > 0 ? by / p->eff_frac : by * p->eff_frac;
		convex_add(g, gained_j(p, w[i - 1]) - gained_j(p, w[i]), -slope);
	}
	return true;
}

/* V_k of V_k+1, behind it in the common array. */
static bool step_back(const struct plan *p, struct plan_room *room, size_t k, double tolerance)
{
	struct stage *s = &room->stage[k], *next = s + 1;
	struct piece own[PIECES];
	struct convex g = { .piece = own };
	if (!make_cost(p, &p->at[k], &g)) return false;
	make_pieces(room, next->first + 2 * next->n + PIECES);
	s->first = next->first + next->n;
	struct convex later = view(room, k + 1), now = { .piece = room->piece + s->first };
	bool any = convex_split(&later, &g, p->reserve_j, p->capacity_j, tolerance, &now);
	s->from = now.from;
	s->value = now.value;
	s->n = now.n;
	return any;
}

/* Of equally cheap ways the one at which the meter reads nearest to 0; but what the grid is
 * to charge in any case it charges at once, for near full it takes long. */
static double choose_w(const struct plan *p, const struct plan_room *room, size_t k, double even,
    double *stored_j)
{
	struct piece own[PIECES];
	struct convex g = { .piece = own }, later = view(room, k + 1);
	make_cost(p, &p->at[k], &g);
	double least_j, most_j; /* after the interval */
	convex_best(&later, &g, *stored_j, even, &least_j, &most_j);
	double wanted_j = *stored_j + gained_j(p, -p->at[k].net_w);
	bool is_bought = least_j >= fmax(wanted_j, *stored_j);
	double to_j = is_bought ? most_j : fmin(fmax(wanted_j, least_j), most_j);
	double cells_w = (to_j - *stored_j) / p->interval_s;
	*stored_j = to_j;
	return cells_w > 0 ? cells_w / p->eff_frac : cells_w * p->eff_frac;
}

static void follow(struct plan *p, const struct plan_room *room, double stored_j)
{
	double highest = p->value_per_j;
	for (size_t k = 0; k < p->n; k++) highest = fmax(highest, fabs(p->at[k].import_per_j));
	p->planned_peak_w = p->peak_w;
	for (size_t k = 0; k < p->n; k++) {
		struct plan_interval *at = &p->at[k];
		at->battery_w = choose_w(p, room, k, 1e-9 * highest, &stored_j);
		at->meter_w = meter_w(p, at, at->battery_w);
		p->planned_peak_w = fmax(p->planned_peak_w, at->meter_w);
	}
}

enum plan_result plan_dp(struct plan *p, struct plan_room *room)
{
	assert(p->capacity_j > p->reserve_j && p->eff_frac > 0);
	double stored_j = fmin(fmax(p->stored_j, p->reserve_j), p->capacity_j);
	double tolerance = 1e-9 * p->capacity_j;
	make_stages(room, p->n + 1);
	make_pieces(room, 1);
	struct convex end = { .piece = room->piece };
	convex_add(&end, p->capacity_j - p->reserve_j, -p->value_per_j);
	room->stage[p->n] = (struct stage){ p->reserve_j,
		p->value_per_j * (stored_j - p->reserve_j), 0, end.n };
	p->cost = p->planned_peak_w = NAN;
	for (size_t k = p->n; k-- > 0;)
		if (!step_back(p, room, k, tolerance)) return PLAN_INFEASIBLE;
	struct convex all = view(room, 0);
	if (stored_j < all.from - tolerance || stored_j > convex_end(&all) + tolerance)
		return PLAN_INFEASIBLE;
	p->cost = convex_at(&all, stored_j);
	follow(p, room, stored_j);
	return PLAN_OPTIMAL;
}
