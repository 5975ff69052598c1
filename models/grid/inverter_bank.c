#include "models/grid/inverter_bank.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

void inverter_bank_init(struct inverter_bank *b, size_t units)
{
	*b = (struct inverter_bank){ .units = units, .stride = 1 };
	b->unit = mem_new(units, sizeof *b->unit);
	for (size_t i = 0; i < units; i++) inverter_begin(&b->unit[i].state);
}

void inverter_bank_fini(struct inverter_bank *b)
{
	free(b->unit);
}

static bool turns(double was_pu, double is_pu)
{
	return fabs(is_pu) > INVERTER_REST_PU && fabs(was_pu) > INVERTER_REST_PU &&
	       (is_pu > 0) != (was_pu > 0);
}

static double widest(struct inverter_gap g)
{
	return fmax(fabs(g.var_pu), fabs(g.watt_pu));
}

static void pace(struct inverter_bank *b, double widest_pu, bool turned)
{
	bool near = widest_pu <= INVERTER_NEAR_PU;
	b->calm = near && !turned ? b->calm + 1 : 0;
	if (!near) b->stride = 1;
	if (turned && b->stride > 1) b->stride /= 2;
	if (b->calm < INVERTER_CALM) return;
	b->calm = 0;
	if (b->stride < INVERTER_STRIDE_MAX) b->stride *= 2;
}

double inverter_bank_see(struct inverter_bank *b)
{
	double due_s = INFINITY, widest_pu = 0;
	bool turned = false;
	for (size_t i = 0; i < b->units; i++) {
		struct inverter_unit *u = &b->unit[i];
		struct inverter_gap gap = inverter_gap(&u->par, &u->state, u->v_pu, u->available_w);
		turned |= turns(u->gap.var_pu, gap.var_pu) || turns(u->gap.watt_pu, gap.watt_pu);
		u->gap = gap;
		widest_pu = fmax(widest_pu, widest(gap));
		if (widest(gap) > INVERTER_REST_PU)
			due_s = fmin(due_s, inverter_resolve_s(&u->par));
	}
	pace(b, widest_pu, turned);
	b->rests = due_s == INFINITY;
	return b->stride * due_s;
}

void inverter_bank_pass(struct inverter_bank *b, double dt_s)
{
	for (size_t i = 0; i < b->units; i++) {
		struct inverter_unit *u = &b->unit[i];
		inverter_pass(&u->par, &u->state, u->v_pu, u->available_w, dt_s);
		b->volt_watt_j += u->power.curtailed_w * dt_s;
		b->clipped_j += u->power.clipped_w * dt_s;
	}
}

void inverter_bank_act(struct inverter_bank *b)
{
	for (size_t i = 0; i < b->units; i++) {
		struct inverter_unit *u = &b->unit[i];
		u->power = inverter_power(&u->par, &u->state, u->available_w);
	}
}

void inverter_bank_recount(struct inverter_bank *b)
{
	b->volt_watt_j = b->clipped_j = 0;
}
