#include "models/compute/full.h"

#include <math.h>

static double busy_frac(const struct node_par *p)
{
	return p->pipeline == PIPELINE_SERIAL ? 1 / (double)p->pipeline_parallel : 1;
}

struct full full_power(const struct node_par *p)
{
	const struct power_par *board = &node_device(p)->power;
	struct power power = power_at_clock(board, p->clock_frac);
	double most_w = power_full_w(&power, busy_frac(p), board->idle_w);
	double board_w = p->cap_w > 0 ? fmin(most_w, p->cap_w) : most_w;
	double device_w = (double)node_devices(p) * board_w;
	double given_w = device_w + p->host_active_w;
	return (struct full){ device_w, node_inlet_j(p->psu_frac, p->psu_loss_w, given_w, 1) };
}
