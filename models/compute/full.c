#include "models/compute/full.h"

#include <math.h>

#include "models/compute/node_spiking.h"

static double busy_frac(const struct node_par *p)
{
	return p->pipeline == PIPELINE_SERIAL ? 1 / (double)p->pipeline_parallel : 1;
}

/* With the pipeline filled, or the chip's own limit. */
static double chip_w(const struct node_par *p)
{
	struct mapping m = node_mapping(p);
	double working_w = m.static_w + m.token_j / (m.steps * mapping_step_s(&m, 0));
	return fmin(working_w / m.chips, m.chip->max_w); /* of the number, where max_w is NAN */
}

/* Of an accelerator that works for that share of the time. */
static double board_w(const struct node_par *p, double busy)
{
	const struct power_par *board = &node_device(p)->power;
	struct power power = power_at_clock(board, p->clock_frac);
	double most_w = power_full_w(&power, busy, board->idle_w);
	return p->cap_w > 0 ? fmin(most_w, p->cap_w) : most_w;
}

double full_board_w(const struct node_par *p)
{
	return p->chip ? chip_w(p) : board_w(p, 1);
}

struct full full_power(const struct node_par *p)
{
	double one_w = p->chip ? chip_w(p) : board_w(p, busy_frac(p));
	double device_w = (double)node_devices(p) * one_w;
	double given_w = device_w + p->host_active_w;
	return (struct full){ device_w, node_inlet_j(p->psu_frac, p->psu_loss_w, given_w, 1) };
}
