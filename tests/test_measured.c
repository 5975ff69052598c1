/* The step-time and power models against published measurements of GPUs. The
 * tables are not part of hearth: without HEARTH_SHARED these tests are skipped. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/compute/collective.h"
#include "models/compute/iteration.h"
#include "models/compute/replica.h"
#include "tests/rig.h"
#include "tests/published.h"

/* Mean of |predicted / measured - 1|, in percent. */
struct mape {
	double sum;
	int n;
};

static void mape_add(struct mape *m, double predicted, double measured)
{
	m->sum += fabs(predicted / measured - 1);
	m->n++;
}

static double mape(const struct mape *m)
{
	return 100 * m->sum / m->n;
}

static void expect_below(const char *what, const struct mape *m, double percent)
{
	cr_log_info("%-36s %5.1f %% of %d, at most %.1f", what, mape(m), m->n, percent);
	cr_expect_gt(m->n, 0, "%s", what);
	cr_expect_lt(mape(m), percent, "%s: %.2f %%", what, mape(m));
}

static void a100(struct device_par *d)
{
	d->memory_bytes = 80e9;
	d->bandwidth_bytes_s = 2.039e12;
	d->fp16_flops_s = 312e12;
	d->link_bytes_s = 300e9;
	d->flops_share = 0.739;
	d->bandwidth_share = 0.826;
	d->attention_bw_share = 0.79;
	d->op_s = 5.2e-6;
	d->roundness = 1.40;
}

static bool vidur_shape(const char *name, struct llm_par *p)
{
	static const struct { const char *name; int heads, kv, hidden, ffn; } shape[] = {
		{ "CodeLlama-34b-Instruct-hf", 64, 8, 8192, 22016 },
		{ "Llama-2-70b-hf", 64, 8, 8192, 28672 },
		{ "Llama-2-7b-hf", 32, 32, 4096, 11008 },
		{ "Meta-Llama-3-70B", 64, 8, 8192, 28672 },
		{ "Meta-Llama-3-8B", 32, 8, 4096, 14336 },
	};
	for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
		if (!strcmp(shape[i].name, name)) {
			p->heads = shape[i].heads;
			p->kv_heads = shape[i].kv;
			p->hidden = shape[i].hidden;
			p->ffn = shape[i].ffn;
			p->head_dim = p->hidden / p->heads;
			return true;
		}
	return false;
}

/* Agrawal et al. 2024, "Vidur": times of single kernels. */
Test(measured, matrix_products_of_vidur)
{
	static const char *const column[] = { [LLM_QKV] = "attn_pre_proj",
		[LLM_OUT] = "attn_post_proj",
		[LLM_UP] = "mlp_up_proj",
		[LLM_DOWN] = "mlp_down_proj" };
	struct mape prefill[2] = { { 0 } }, decode[2] = { { 0 } };
	struct table t;
	struct rig r[2];
	rig_cloud(&r[0]);
	rig_cloud(&r[1]);
	a100(&r[1].device);
	table_open(&t, "gpu/vidur_layer_ops.csv");
	while (table_next(&t)) {
		int gpu = !strcmp(table_text(&t, "gpu"), "a100");
		struct llm_par p = r[gpu].model;
		double m = table_number(&t, "num_tokens");
		if (!vidur_shape(table_text(&t, "model"), &p) || (m > 64 && m < 256)) continue;
		struct roofline roof = device_gemm(&r[gpu].device, WEIGHTS_FP16, NAN, INFINITY);
		for (int op = LLM_QKV; op <= LLM_DOWN; op++) {
			double measured_s = 1e-3 * table_number(&t, column[op]);
			struct gemm g =
			    llm_gemm(&p, (int64_t)table_number(&t, "tp"), (enum llm_op)op);
			if (measured_s > 0)
				mape_add(m <= 64 ? &decode[gpu] : &prefill[gpu],
				    roofline_s(&roof, gemm_work(&g, m, 2)), measured_s);
		}
	}
	table_close(&t);
	expect_below("H100 matrix products, m >= 256", &prefill[0], 9);
	expect_below("H100 matrix products, m <= 64", &decode[0], 8.1);
	expect_below("A100 matrix products, m >= 256", &prefill[1], 7);
	expect_below("A100 matrix products, m <= 64", &decode[1], 8);
}

/* Which calls of github.com/ai-dynamo/aiconfigurator@095f58a an engine makes: replayed
 * from a graph while they are small, NCCL's in half precision beyond. */
static bool call_of_engine(const struct table *t, double bytes)
{
	if (strcmp(table_text(t, "op"), "all_reduce")) return false;
	const char *source = table_text(t, "source");
	if (bytes <= 8 << 20) return !strcmp(source, "vLLM_custom_graph");
	return !strcmp(source, "NCCL") && !strcmp(table_text(t, "dtype"), "half");
}

Test(measured, all_reduce_in_replayed_graphs)
{
	static const char *const gpu[] = { "a100_sxm", "h100_sxm" };
	static const double link_bytes_s[] = { 300e9, 450e9 };
	for (int i = 0; i < 2; i++) {
		struct collective c = { 5e-6, 0.62 * link_bytes_s[i] };
		struct mape error = { 0 };
		struct table t;
		table_open(&t, "gpu/aic_collectives.csv");
		while (table_next(&t)) {
			double bytes = 2 * table_number(&t, "message_elements");
			if (strcmp(table_text(&t, "gpu"), gpu[i]) || !call_of_engine(&t, bytes))
				continue;
			int64_t n = (int64_t)table_number(&t, "num_gpus");
			mape_add(&error, collective_all_reduce_s(&c, n, bytes),
			    1e-3 * table_number(&t, "latency_ms"));
		}
		table_close(&t);
		expect_below(i ? "H100 all-reduce, graphs" : "A100 all-reduce, graphs", &error, 15.5);
	}
}

Test(measured, all_reduce_in_single_calls)
{
	static const char *const gpu[] = { "a100_dgx", "h100_dgx" };
	static const struct collective c[] = { { 45e-6, 0.57 * 300e9 }, { 27e-6, 0.78 * 450e9 } };
	struct mape error[2] = { { 0 } };
	struct table t;
	table_open(&t, "gpu/vidur_network.csv");
	while (table_next(&t)) {
		int i = !strcmp(table_text(&t, "network"), gpu[1]);
		int64_t n = (int64_t)table_number(&t, "num_workers");
		if (strcmp(table_text(&t, "collective"), "all_reduce") ||
		    n != (int64_t)table_number(&t, "devices_per_node"))
			continue; /* not between machines */
		mape_add(&error[i], collective_all_reduce_s(&c[i], n, table_number(&t, "bytes")),
		    1e-3 * table_number(&t, "time_ms"));
	}
	table_close(&t);
	expect_below("A100 all-reduce, single calls", &error[0], 11.5);
	expect_below("H100 all-reduce, single calls", &error[1], 10);
}

/* One point of the whole-model runs; the model is asked for the decode iteration in
 * the middle of the output and for one iteration that prefills all prompts. */
struct point {
	double prompt, batch, output, prompt_s, token_s;
	int64_t tp;
};

static bool fits(const struct rig *r, const struct point *p)
{
	double kv = p->batch * (p->prompt + p->output) * llm_kv_bytes(&r->model, p->tp, 2);
	return llm_weight_bytes(&r->model, p->tp, 2) + kv <= 0.9 * r->device.memory_bytes;
}

static void score(const struct iteration_model *m, const struct point *p, struct mape *prefill,
    struct mape *decode)
{
	double context = p->prompt + p->output / 2;
	struct batch b = { .decodes = (int64_t)p->batch, .context_sum = p->batch * context,
		.context_max = context };
	struct batch all = { 0 };
	int64_t longest;
	for (int i = 0; i < (int)p->batch; i++) batch_prefill(&all, m, 0, p->prompt);
	mape_add(decode, iteration_run(m, &b, &longest).time_s, p->token_s);
	mape_add(prefill, iteration_run(m, &all, &longest).time_s, p->prompt_s);
}

/* One DGX as the catalogue's engines eager-2023-h100 and eager-2023-a100 have it. */
struct dgx {
	struct rig rig;
	struct iteration_model *m[9]; /* by tensor parallelism */
};

static void dgx_make(struct dgx *d, bool is_a100)
{
	rig_cloud(&d->rig);
	if (is_a100) a100(&d->rig.device);
	d->rig.engine.host_s = is_a100 ? 555e-6 : 368e-6;
	d->rig.engine.layer_s = 125e-6;
	d->rig.engine.link_share = is_a100 ? 0.253 : 0.169;
	d->rig.engine.sequence_s = 270e-6;
	d->rig.engine.collective_s = 0;
	d->rig.engine.token_budget = 65536;
	for (int tp = 2; tp <= 8; tp *= 2) {
		d->rig.node.tensor_parallel = tp;
		d->m[tp] = iteration_new(&d->rig.node);
	}
}

static void dgx_free(struct dgx *d)
{
	for (int tp = 2; tp <= 8; tp *= 2) iteration_free(d->m[tp]);
}

/* Patel et al. 2024, "Splitwise": Llama 2 70B on one DGX with the stack of 2023. */
Test(measured, whole_model_of_splitwise)
{
	struct mape prefill = { 0 }, decode = { 0 };
	struct table t;
	struct dgx dgx[2];
	dgx_make(&dgx[0], false);
	dgx_make(&dgx[1], true);
	table_open(&t, "gpu/splitwise_e2e.csv");
	while (table_next(&t)) {
		struct dgx *d = &dgx[!strcmp(table_text(&t, "hardware"), "a100-80gb")];
		struct point p = { table_number(&t, "prompt_size"), table_number(&t, "batch_size"),
			table_number(&t, "token_size"), 1e-3 * table_number(&t, "prompt_time"),
			1e-3 * table_number(&t, "token_time"),
			(int64_t)table_number(&t, "tensor_parallel") };
		if (!strcmp(table_text(&t, "model"), "llama2-70b") && fits(&d->rig, &p))
			score(d->m[p.tp], &p, &prefill, &decode);
	}
	table_close(&t);
	dgx_free(&dgx[0]);
	dgx_free(&dgx[1]);
	expect_below("decode, stack of 2023", &decode, 5);
	expect_below("prefill, stack of 2023", &prefill, 13);
}

/* ---- power ---- */

static bool mlenergy_shape(const char *name, struct llm_par *p)
{
	static const struct { const char *name; int layers, dim; } shape[] = {
		{ "Qwen3-8B", 36, 128 },
		{ "Qwen3-14B", 40, 128 },
		{ "Qwen3-32B", 64, 128 },
		{ "Llama-3.1-8B", 32, 128 },
		{ "Llama-3.1-70B", 80, 128 },
		{ "Llama-3.3-70B", 80, 128 },
		{ "Llama-3.1-405B", 126, 128 },
		{ "gemma-3-12b", 48, 256 },
	};
	for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
		if (strstr(name, shape[i].name)) {
			*p = (struct llm_par){ .layers = shape[i].layers, .heads = 8, .kv_heads = 8,
				.head_dim = shape[i].dim };
			return true;
		}
	return false;
}

/* A row of ML.ENERGY's table as work of one iteration and one device. */
struct served {
	double devices, batch, step_s, power_w, token_j, flops, bytes, peak_scale;
	int64_t layers;
};

/* Input lengths are not published: 200 tokens is assumed, as when the constants
 * were fitted, so an output of n tokens brings 200/n prompt tokens an iteration. */
static bool read_served(const struct table *t, const char *device, struct served *s)
{
	struct llm_par p;
	if (strcmp(table_text(t, "source_id"), "mlenergy-v3") ||
	    strcmp(table_text(t, "device"), device) ||
	    strcmp(table_text(t, "arch"), "Dense Transformer") ||
	    strcmp(table_text(t, "task"), "lm-arena-chat") ||
	    !mlenergy_shape(table_text(t, "model"), &p))
		return false;
	bool fp8 = !strcmp(table_text(t, "weight_precision"), "fp8");
	double parameters = 1e9 * table_number(t, "total_params_b");
	double output = table_number(t, "output_tokens_avg");
	s->devices = table_number(t, "n_devices");
	s->batch = table_number(t, "batch_avg");
	s->step_s = s->batch / table_number(t, "tokens_per_s");
	s->power_w = table_number(t, "power_w_per_device");
	s->token_j = table_number(t, "j_per_output_token");
	s->peak_scale = fp8 ? 2 : 1;
	s->layers = p.layers;
	double context = s->batch * (200 + output / 2);
	s->bytes = (parameters * (fp8 ? 1 : 2) + context * llm_kv_bytes(&p, 1, 2)) / s->devices;
	s->flops = 2 * parameters * (s->batch + s->batch * 200 / output) / s->devices;
	/* there the 8B model is held up by the host: its step jumps from 11 to 28 ms */
	return strcmp(device, "b200") || parameters > 9e9 || s->batch <= 50;
}

/* Constants of the step time that was fitted together with the power. */
struct fitted {
	const char *device;
	double peak_flops_s, peak_bytes_s, layer_s, comm_s, bw_share, fl_share, sequence_s;
	struct power power;
	double power_percent, energy_percent;
};

static double fitted_step_s(const struct fitted *f, const struct served *s)
{
	double layer_s = f->layer_s + (s->devices > 1 ? f->comm_s : 0);
	return (double)s->layers * layer_s + s->bytes / (f->peak_bytes_s * f->bw_share) +
	    s->flops / (f->peak_flops_s * s->peak_scale * f->fl_share) + s->batch * f->sequence_s;
}

static double drawn_w(const struct fitted *f, const struct served *s, double step_s)
{
	return power_w(&f->power, s->bytes / (step_s * f->peak_bytes_s),
	    s->flops / (step_s * f->peak_flops_s * s->peak_scale));
}

/* Chung et al. 2025 (arXiv 2505.06371), ML.ENERGY v3: boards while serving. */
Test(measured, power_of_ml_energy)
{
	static const struct fitted fit[] = {
		{ "h100-sxm", 989e12, 3.35e12, 58.5e-6, 21.6e-6, 0.90, 0.48, 23.2e-6,
		    { 308, 162, 1089, 0.89, 620 }, 6.2, 10.6 },
		{ "b200", 2250e12, 7.7e12, 93.8e-6, 8.6e-6, 0.90, 0.64, 29.5e-6,
		    { 221, 970, 3222, 1, 951 }, 3.7, 8.1 },
	};
	for (int i = 0; i < 2; i++) {
		const struct fitted *f = &fit[i];
		struct mape power = { 0 }, energy = { 0 };
		struct table t;
		struct served s;
		table_open(&t, "hardware/energy-per-token.csv");
		while (table_next(&t)) {
			if (!read_served(&t, f->device, &s)) continue;
			double step_s = fitted_step_s(f, &s);
			mape_add(&power, drawn_w(f, &s, s.step_s), s.power_w);
			mape_add(&energy, s.devices * drawn_w(f, &s, step_s) * step_s / s.batch,
			    s.token_j);
		}
		table_close(&t);
		expect_below(i ? "B200 power" : "H100 power", &power, f->power_percent);
		expect_below(
		    i ? "B200 energy a token" : "H100 energy a token", &energy, f->energy_percent);
	}
}
