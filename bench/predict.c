#include "bench/predict.h"

#include <math.h>

#include "bench/bed.h"
#include "bench/singles.h"

static enum weights weights_of(enum format f)
{
	return f == FORMAT_Q8 ? WEIGHTS_Q8 : f == FORMAT_Q4 ? WEIGHTS_Q4_0 : WEIGHTS_FP32;
}

bool predict_knows(const struct host *h, enum format f)
{
	enum host_id flops = f == FORMAT_Q8 ? HOST_Q8_FLOPS :
	    f == FORMAT_Q4 ? HOST_Q4_FLOPS : HOST_FP32_FLOPS;
	return h->constant[flops].rows > 0 &&
	    (h->constant[flops + 1].rows > 0 || h->constant[flops + 2].rows > 0);
}

static double time_s(const struct predict_cell *c, const struct device_par *d,
    const struct engine_par *g, const struct llm_par *model)
{
	struct bed b;
	bed_put(&b, d, model, g);
	b.node.weights = (int)weights_of(c->format);
	b.node.kv = KV_FP32;
	struct iteration_model *m = iteration_new(&b.node);
	struct single s = { .prompt = c->prefill ? (double)c->tokens : 0,
		.context = c->prefill ? 0 : (double)c->tokens + 1 };
	double t = single_time_s(m, &s);
	iteration_free(m);
	return t;
}

/* How far the time moves when a constant has its low and its high value. */
struct moves {
	double below, above; /* sums of squares */
};

static void add_move(struct moves *m, double moved_s)
{
	*(moved_s < 0 ? &m->below : &m->above) += moved_s * moved_s;
}

static struct moves constant_moves(const struct predict_cell *c, const struct host *h,
    const struct llm_par *model)
{
	struct moves m = { 0 };
	for (int i = 0; i < HOST_CONSTANTS; i++) {
		const struct host_constant *k = &h->constant[i];
		const double bound[] = { k->low, k->high };
		for (int j = 0; j < 2; j++) {
			struct device_par d = h->device;
			if (isnan(bound[j])) continue;
			*constant_at(&host_kind[i], &d) = bound[j];
			add_move(&m, time_s(c, &d, &h->engine, model) - c->time_s);
		}
	}
	const double layer[] = { h->layer.low, h->layer.high };
	for (int j = 0; j < 2; j++) {
		struct engine_par g = h->engine;
		if (isnan(layer[j])) continue;
		g.layer_s = layer[j];
		add_move(&m, time_s(c, &h->device, &g, model) - c->time_s);
	}
	return m;
}

static double roofline_of(const struct predict_cell *c, const struct host *h,
    const struct llm_par *model)
{
	double tokens = c->prefill ? (double)c->tokens : 1;
	double weights = llm_shape_parameters(model, 1), each = weights_bytes(weights_of(c->format));
	double kv = c->prefill ? 0 : llm_kv_bytes(model, 1, 4) * (double)(c->tokens + 1);
	double flops_s = 2 * weights * tokens / h->device.fp32_flops_s;
	return fmax(flops_s, (weights * each + kv) / h->device.bandwidth_bytes_s);
}

void predict_cell(struct predict_cell *c, const struct host *h, const struct llm_par *model)
{
	c->time_s = time_s(c, &h->device, &h->engine, model);
	c->roofline_s = roofline_of(c, h, model);
	struct moves m = constant_moves(c, h, model);
	double residual_s = PREDICT_RESIDUAL * c->time_s;
	c->low_s = fmax(0.05 * c->time_s, c->time_s - sqrt(m.below + residual_s * residual_s));
	c->high_s = c->time_s + sqrt(m.above + residual_s * residual_s);
}
