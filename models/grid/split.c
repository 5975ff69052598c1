#include "models/grid/split.h"

#include <math.h>

enum { WINDINGS = 1 + SPLIT_LEGS };

/* Three windings meet in a star whose midpoint no one sees: admittances y of its arms become
 * diag(y) - y y' / sum(y), all at the voltage of a leg. */
static void star(const struct split_par *p, double complex reduced[WINDINGS][WINDINGS])
{
	double r_pu = creal(p->z_pu), x_pu = cimag(p->z_pu),
	       base_s = p->s_va / (p->leg_v * p->leg_v);
	double complex leg_s = base_s / (r_pu + 0.4 * I * x_pu);
	double complex y[WINDINGS] = { base_s / (0.5 * r_pu + 0.8 * I * x_pu), leg_s, leg_s };
	double complex sum = y[0] + y[1] + y[2];
	for (int i = 0; i < WINDINGS; i++)
		for (int k = 0; k < WINDINGS; k++)
			reduced[i][k] = (i == k ? y[i] : 0) - y[i] * y[k] / sum;
}

/* Which winding a terminal belongs to, and volts of it by volts of the terminal. */
struct end {
	int winding;
	double weight;
};

static void fill(
    struct net_element *el, const struct split_par *p, const struct end *end, uint32_t sends)
{
	double complex reduced[WINDINGS][WINDINGS];
	double conductance_s = p->no_load_w / (p->primary_v * p->primary_v);
	star(p, reduced);
	for (uint32_t i = 0; i < el->terminals; i++)
		for (uint32_t k = 0; k < el->terminals; k++) {
			double complex *y = &el->y[i * el->terminals + k];
			*y =
			    end[i].weight * end[k].weight * reduced[end[i].winding][end[k].winding];
			if (i < sends && k < sends) *y += i == k ? conductance_s : -conductance_s;
		}
}

void branch_centre_tapped(struct network *n, const char *name, uint32_t plus, uint32_t minus,
    const uint32_t leg[SPLIT_LEGS], const struct split_par *p)
{
	bool earthed = minus == NET_GROUND;
	uint32_t sends = earthed ? 1 : 2, node[] = { plus, minus, leg[0], leg[1] };
	double by = p->leg_v / p->primary_v;
	struct end end[] = { { 0, by }, { 0, -by }, { 1, 1 }, { 2, -1 } };
	struct net_element *el =
	    network_element(n, name, NET_TRANSFORMER, sends + SPLIT_LEGS, sends);
	if (earthed) {
		node[1] = leg[0];
		node[2] = leg[1];
		end[1] = end[2];
		end[2] = end[3];
	}
	for (uint32_t k = 0; k < el->terminals; k++) {
		el->node[k] = node[k];
		el->section[k] = k >= sends || earthed ? NET_EARTHED : 0;
		if (k >= sends) el->ratio[k] = earthed ? by : by * sqrt(3);
	}
	fill(el, p, end, sends);
}
