#include "models/grid/sweep_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- places ---- */

static uint32_t earth_of(const struct sweep_plan *p)
{
	return p->blocks * PLACE_BLOCK;
}

uint32_t sweep_plan_place(const struct sweep_plan *p, uint32_t node)
{
	uint32_t place = node == NET_GROUND ? NET_NONE : p->place[p->tree->topology->group[node]];
	return place == NET_NONE ? earth_of(p) : place;
}

uint32_t sweep_plan_kept(const struct sweep_plan *p, uint32_t place)
{
	uint32_t at = place / PLACE_BLOCK;
	return (at == p->blocks ? p->kept : p->block[at].kept) * PLACE_BLOCK + place % PLACE_BLOCK;
}

bool sweep_plan_is_dead(const struct sweep_plan *p, uint32_t node)
{
	return node != NET_GROUND && sweep_plan_place(p, node) == earth_of(p);
}

static void place_sources(struct sweep_plan *p, const struct network *n)
{
	for (uint32_t g = 0; g < p->tree->topology->groups; g++) p->place[g] = NET_NONE;
	for (size_t i = 0; i < n->sources; i++)
		p->place[p->tree->topology->group[n->source[i].node]] = p->block[0].width++;
}

static void place_near(struct sweep_plan *p, uint32_t f)
{
	const struct radial_branch *b = &p->tree->branch[f - 1];
	uint32_t first = p->place[b->near[0]] / PLACE_BLOCK;
	bool same = b->nears == p->block[first].width;
	for (uint32_t k = 0; k < NET_PHASES; k++) {
		uint32_t place = k < b->nears ? p->place[b->near[k]] : earth_of(p);
		p->block[f].near[k] = place;
		if (place == earth_of(p)) continue;
		same &= place == first * PLACE_BLOCK + k;
		struct plan_block *near = &p->block[place / PLACE_BLOCK];
		if (near->child == f) continue;
		near->child = f;
		near->children++;
	}
	p->block[f].parent = same ? first : NET_NONE;
}

static bool place_branches(struct sweep_plan *p, const struct network *n)
{
	for (uint32_t f = 1; f < p->blocks; f++) {
		const struct radial_branch *b = &p->tree->branch[f - 1];
		if (!pair_of(n, b, &p->block[f].pair)) return false;
		p->block[f].width = b->fars;
		for (uint32_t k = 0; k < b->fars; k++) p->place[b->far[k]] = f * PLACE_BLOCK + k;
		place_near(p, f);
	}
	return true;
}

static void use(struct sweep_plan *p, uint32_t node)
{
	uint32_t place = sweep_plan_place(p, node);
	if (place != earth_of(p)) p->block[place / PLACE_BLOCK].busy = true;
}

static bool use_all(struct sweep_plan *p, const struct network *n)
{
	for (size_t i = 0; i < n->loads; i++) {
		use(p, n->load[i].plus);
		use(p, n->load[i].minus);
	}
	for (size_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		if (el->kind == NET_SUPPLY) use(p, el->node[el->sends]);
		if (el->kind != NET_SHUNT) continue;
		if (el->terminals != 2) return false;
		use(p, el->node[0]);
		use(p, el->node[1]);
	}
	return true;
}

/* ---- what hangs behind a branch ---- */

/* Block of a place; 0 of earth, which the source has, too. */
static uint32_t block_of(const struct sweep_plan *p, uint32_t place)
{
	return place == earth_of(p) ? 0 : place / PLACE_BLOCK;
}

/* The last of the blocks at its near end, for the branch is behind all of them. */
static uint32_t feeder_of(const struct sweep_plan *p, uint32_t f)
{
	uint32_t last = 0;
	for (int k = 0; k < NET_PHASES; k++) {
		uint32_t at = block_of(p, p->block[f].near[k]);
		last = at > last ? at : last;
	}
	return last;
}

/* From behind: the tree is depth first, so that what hangs behind a block follows it. */
static void find_ends(struct sweep_plan *p)
{
	for (uint32_t f = 0; f < p->blocks; f++) p->block[f].end = f + 1;
	for (uint32_t f = p->blocks - 1; f > 0; f--) {
		struct plan_block *feeder = &p->block[feeder_of(p, f)];
		if (feeder->end < p->block[f].end) feeder->end = p->block[f].end;
	}
}

/* Something other than their branches joins two blocks: on the way from the one to where it
 * meets the other's, no branch is alone. */
static void join(struct sweep_plan *p, uint32_t from, uint32_t other)
{
	for (uint32_t f = from; f > other || other >= p->block[f].end; f = feeder_of(p, f))
		p->block[f].alone = false;
}

static void join_places(struct sweep_plan *p, uint32_t a, uint32_t b)
{
	if (a == earth_of(p) || b == earth_of(p)) return;
	join(p, a / PLACE_BLOCK, b / PLACE_BLOCK);
	join(p, b / PLACE_BLOCK, a / PLACE_BLOCK);
}

/* Branches with several blocks at their near end, loads and shunts between blocks. */
static void find_alone(struct sweep_plan *p, const struct network *n)
{
	for (uint32_t f = 1; f < p->blocks; f++) p->block[f].alone = true;
	for (uint32_t f = 1; f < p->blocks; f++)
		for (int k = 1; k < NET_PHASES; k++)
			join_places(p, p->block[f].near[0], p->block[f].near[k]);
	for (size_t i = 0; i < n->loads; i++)
		join_places(
		    p, sweep_plan_place(p, n->load[i].plus), sweep_plan_place(p, n->load[i].minus));
	for (size_t i = 0; i < n->elements; i++)
		if (n->element[i].kind == NET_SHUNT)
			join_places(p, sweep_plan_place(p, n->element[i].node[0]),
			    sweep_plan_place(p, n->element[i].node[1]));
}

static void list_behind(struct sweep_plan *p, const struct network *n)
{
	p->behind = mem_new(n->elements, sizeof *p->behind);
	for (size_t i = 0; i < n->elements; i++) p->behind[i] = NET_NONE;
	for (uint32_t f = 1; f < p->blocks; f++) {
		uint32_t element = p->tree->branch[f - 1].element;
		if (element != NET_NONE) p->behind[element] = f;
	}
}

/* ---- series reduction ---- */

static void matrix_sum(struct matrix *sum, const struct matrix *added)
{
	for (int k = 0; k < NET_PHASES; k++) phasors_add(&sum->column[k], &added->column[k]);
}

/* A block that one line without shunts brings to, one takes from, and nothing else uses.
 * What it passes on has its near end then. */
static void pass_through(struct sweep_plan *p)
{
	for (uint32_t f = 1; f < p->blocks; f++) {
		struct plan_block *at = &p->block[f], *next = &p->block[at->child];
		at->through = !at->busy && at->children == 1 && at->pair.series &&
			      next->pair.series && next->parent == f;
		if (!at->through) continue;
		next->parent = at->parent;
		memcpy(next->near, at->near, sizeof at->near);
	}
}

/* And the impedance of what was left out before it. */
static void add_left_out(struct sweep_plan *p)
{
	for (uint32_t f = 1; f < p->blocks; f++)
		if (p->block[f].through)
			matrix_sum(&p->block[p->block[f].child].pair.b, &p->block[f].pair.b);
}

/* From behind, the next one's number is known. */
static void number_blocks(struct sweep_plan *p)
{
	for (uint32_t f = 0; f < p->blocks; f++)
		if (!p->block[f].through) p->block[f].kept = p->kept++;
	for (uint32_t f = p->blocks; f-- > 0;)
		if (p->block[f].through) p->block[f].kept = p->block[p->block[f].child].kept;
}

static void list_ties(struct sweep_plan *p)
{
	p->tied = mem_new(p->blocks, sizeof *p->tied);
	for (uint32_t f = 1; f < p->blocks; f++)
		if (p->tree->branch[f - 1].tie != NET_NONE) p->tied[p->ties++] = f;
}

struct sweep_plan *sweep_plan_new(const struct network *n, bool reduce)
{
	struct radial *tree = radial_new(n);
	if (!tree) return NULL;
	struct sweep_plan *p = mem_new(1, sizeof *p);
	p->tree = tree;
	p->blocks = (uint32_t)tree->branches + 1;
	p->block = mem_new(p->blocks, sizeof *p->block);
	p->place = mem_new(tree->topology->groups, sizeof *p->place);
	place_sources(p, n);
	if (!place_branches(p, n) || !use_all(p, n)) {
		sweep_plan_free(p);
		return NULL;
	}
	find_ends(p);
	find_alone(p, n);
	list_behind(p, n);
	if (reduce) pass_through(p);
	add_left_out(p);
	number_blocks(p);
	list_ties(p);
	return p;
}

bool sweep_plan_retap(struct sweep_plan *p, const struct network *n)
{
	if (!topology_refill(p->tree->topology, n)) return false;
	for (uint32_t i = 0; i < p->ties; i++) {
		uint32_t f = p->tied[i];
		const struct radial_branch *b = &p->tree->branch[f - 1];
		if (n->tie[b->tie].weight[0] == 0 || !pair_of(n, b, &p->block[f].pair))
			return false;
	}
	return true;
}

bool sweep_plan_refill(struct sweep_plan *p, const struct network *n)
{
	for (uint32_t f = 1; f < p->blocks; f++) {
		bool was_series = p->block[f].pair.series;
		if (!pair_of(n, &p->tree->branch[f - 1], &p->block[f].pair) ||
		    p->block[f].pair.series != was_series)
			return false;
	}
	add_left_out(p);
	return sweep_plan_retap(p, n);
}

void sweep_plan_free(struct sweep_plan *p)
{
	if (!p) return;
	radial_free(p->tree);
	free(p->block);
	free(p->place);
	free(p->tied);
	free(p->behind);
	free(p);
}
