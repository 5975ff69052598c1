#include "models/grid/regulator.h"

#include <math.h>
#include <stdlib.h>

#include "models/grid/delay.h"

void regulator_begin(struct regulator_state *s, int tap)
{
	*s = (struct regulator_state){ .tap = tap, .left_s = INFINITY };
}

double regulator_relay_v(const struct regulator_par *p, double complex v_v, double complex i_a)
{
	return cabs(v_v / p->pt_ratio - (p->r_v + I * p->x_v) * (i_a / p->ct_a));
}

double regulator_outside_v(const struct regulator_par *p, double relay_v)
{
	return fmax(fabs(relay_v - p->set_v) - p->band_v / 2, 0);
}

/* At the last step there is nothing left to ask for. */
static int wanted(const struct regulator_par *p, const struct regulator_state *s, double relay_v)
{
	if (relay_v == 0 || regulator_outside_v(p, relay_v) == 0) return 0;
	int way = relay_v < p->set_v ? 1 : -1;
	return abs(s->tap + way) > REGULATOR_TAP_MAX ? 0 : way;
}

void regulator_see(const struct regulator_par *p, struct regulator_state *s, double relay_v)
{
	int wants = wanted(p, s, relay_v);
	s->relay_v = relay_v;
	if (wants == s->wants) return;
	s->wants = wants;
	s->left_s = wants ? p->delay_s : INFINITY;
}

void regulator_pass(struct regulator_state *s, double dt_s)
{
	s->left_s = delay_pass(s->left_s, dt_s);
}

bool regulator_act(const struct regulator_par *p, struct regulator_state *s)
{
	if (!s->wants || !delay_over(s->left_s)) return false;
	s->tap += s->wants;
	s->moves++;
	s->left_s = p->again_s;
	return true;
}

double regulator_ratio(int tap)
{
	return 1 + REGULATOR_STEP_PU * tap;
}
