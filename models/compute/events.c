#include "models/compute/events.h"

struct run events_run(
    const struct event_cost *c, double tokens, double context, double grows, double devices)
{
	double steps = c->steps * tokens + c->depth - 1, share = 1 / devices;
	double seen_s = steps * c->context_step_s / tokens;
	return (struct run){
		.time_s = steps * c->step_s + context * seen_s,
		.time_step_s = grows * seen_s,
		.flops = share * (tokens * c->token_ops + context * c->context_ops),
		.flops_step = share * grows * c->context_ops,
		.bytes = share * (tokens * c->token_rest + context * c->context_rest),
		.bytes_step = share * grows * c->context_rest,
	};
}
