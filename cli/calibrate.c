/* hearth calibrate KIND TABLE */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"
#include "base/units.h"
#include "bench/bed.h"
#include "bench/calibrate.h"
#include "cli/calibrate_bench.h"
#include "cli/calibrate_row.h"
#include "cli/command.h"
#include "cli/input.h"
#include "loader/scenario.h"
#include "loader/value.h"

enum { DEVICE, ENGINE, MODEL, WEIGHTS, WHERE, HOLD, CACHE, OUTPUT, NAME, TDP, IDLE, MEMORY, FP16, THREADS,
	FORCE, ANCHOR };

static const struct err_pos nowhere;

static const char *refuse_where(const char *value)
{
	const char *equals = strchr(value, '=');
	return equals && equals > value ? NULL : "is not COLUMN=TEXT, such as gpu=h100";
}

/* As a node's weights=; -1: no such word. */
static int weights_named(const char *word)
{
	size_t size;
	const char *known;
	for (int i = 0; (known = value_word(WEIGHTS_WORDS, i, &size)), size; i++)
		if (strlen(word) == size && !strncmp(word, known, size)) return i;
	return -1;
}

static const char *refuse_weights(const char *value)
{
	return weights_named(value) < 0 ? "is none of " WEIGHTS_WORDS : NULL;
}

static const char *refuse_size(const char *value)
{
	static char why[160]; /* the parser prints it at once */
	struct quantity q;
	return units_parse(value, DIM_BYTES, &q, why, sizeof why) ? NULL : why;
}

static const char *refuse_power(const char *value)
{
	static char why[160]; /* the parser prints it at once */
	struct quantity q;
	if (!units_parse(value, DIM_POWER, &q, why, sizeof why)) return why;
	return q.si > 0 ? NULL : "is not above 0 W";
}

static const char *refuse_rate(const char *value)
{
	static char why[160]; /* the parser prints it at once */
	struct quantity q;
	if (!units_parse(value, DIM_FLOP_RATE, &q, why, sizeof why)) return why;
	return q.si > 0 ? NULL : "is not above 0 FLOP/s";
}

static const char *refuse_threads(const char *value)
{
	uint64_t n;
	return options_parse_u64(value, &n) && n >= 1 && n <= 1024 ? NULL :
								    "is not a number from 1 to 1024";
}

/* A plain number in SI, a time or a power: what constants are. */
static bool parse_constant(const char *text, double *si)
{
	static const enum dim dims[] = { DIM_TIME, DIM_POWER };
	char why[160];
	struct quantity q;
	if (text_to_number(text, si)) return true;
	for (size_t i = 0; i < sizeof dims / sizeof *dims; i++) {
		if (!units_parse(text, dims[i], &q, why, sizeof why)) continue;
		*si = q.si;
		return true;
	}
	return false;
}

static bool parse_hold(const char *text, struct calibrate_hold *h, char **name)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text || !parse_constant(equals + 1, &h->value)) return false;
	h->name = *name = mem_text_n(text, (size_t)(equals - text));
	return true;
}

static const char *refuse_hold(const char *value)
{
	struct calibrate_hold h;
	char *name = NULL;
	bool good = parse_hold(value, &h, &name);
	free(name);
	return good ? NULL : "is not NAME=VALUE, such as link-share=0.4 or 'host-time=67 us'";
}

static const struct option_row options[] = {
	[DEVICE] = { "device", 'd', "NAME", NULL,
	    "the device that was measured, a row of the catalogue: for its peak rates; for bench: "
	    "which of the file's, its name or a part of it, where there are several",
	    .words = "@devices" },
	[ENGINE] = { "engine", 0, "NAME", "vllm-cuda-graph; llama-cpp for llama-bench and packed",
	    "for kinds of whole runs: the row of the catalogue to start from",
	    .words = "@engines" },
	[MODEL] = { "model", 0, "NAME", "for llama-bench, the one with as many parameters",
	    "for llama-bench, --anchor and layer tables: the model that was measured, a row of the "
	    "catalogue", .words = "@models" },
	[WEIGHTS] = { "weights", 0, "FORMAT", NULL,
	    "for lines of llama-batched-bench: how the model's weights are stored, as a node's "
	    "weights=", false, refuse_weights },
	[WHERE] = { "where", 'w', "COLUMN=TEXT", "every row",
	    "use only rows with that text in that column; may be repeated", true, refuse_where },
	[HOLD] = { "hold", 0, "NAME=VALUE", NULL,
	    "do not fit that constant: it keeps this value; may be repeated", true, refuse_hold },
	[CACHE] = { "cache", 0, "SIZE", "the device's cache=",
	    "last-level cache; rows whose operands take no more than twice its size are left out, "
	    "for a kernel that is measured again and again finds them there",
	    false, refuse_size },
	[OUTPUT] = { "output", 'o', "FILE.xml", "not written",
	    "write the constants as a row of a catalogue, with table, hash and errors" },
	[NAME] = { "name", 0, "NAME", "as the file has it",
	    "for bench: how scenarios will call the device" },
	[TDP] = { "tdp", 0, "POWER", "what a meter measured at most",
	    "for bench: what the device may draw", false, refuse_power },
	[IDLE] = { "idle", 0, "POWER", "what a meter measured between the cases",
	    "for bench: what it draws at rest", false, refuse_power },
	[MEMORY] = { "memory", 0, "SIZE", "as the file tells it",
	    "for bench: the device's memory", false, refuse_size },
	[FP16] = { "fp16", 0, "RATE", "the best product that was measured",
	    "for bench: the peak rate in fp16 by the data sheet of an accelerator, which shares are "
	    "then of; the rows of OpenCL have no products of many tokens and need it", false,
	    refuse_rate },
	[THREADS] = { "threads", 't', "N", "the most that the file has",
	    "for bench: of a processor, the rows with so many threads", false, refuse_threads },
	[FORCE] = { "force", 0, NULL, NULL,
	    "for bench: also from a noisy machine, and with defaults for what the products of an "
	    "accelerator do not tell" },
	[ANCHOR] = { "anchor", 0, "LINES.jsonl", "none",
	    "for bench: an engine that was measured on this machine, by what llama-bench or "
	    "llama-batched-bench printed" },
	{ NULL },
};

struct kind {
	const char *name;
	bool kernels;       /* measured again and again, on operands that a cache may hold */
	const char *engine; /* default */
	bool (*calibrate)(
	    struct calibration *c, const struct calibrate_input *in, struct err_list *e);
};

#define KINDS "bench, products, fp8, decode, prefill, collectives, engine, power, llama-bench or packed"

static const struct kind kinds[] = {
	{ "products", true, "vllm-cuda-graph", calibrate_products },
	{ "fp8", true, "vllm-cuda-graph", calibrate_fp8 },
	{ "decode", true, "vllm-cuda-graph", calibrate_decode },
	{ "prefill", true, "vllm-cuda-graph", calibrate_prefill },
	{ "collectives", false, "vllm-cuda-graph", calibrate_collectives },
	{ "engine", false, "vllm-cuda-graph", calibrate_engine },
	{ "power", false, "vllm-cuda-graph", calibrate_power },
	{ "llama-bench", false, "llama-cpp", calibrate_llama_bench },
	{ "packed", false, "llama-cpp", calibrate_packed },
	{ "bench", false, NULL, NULL },
	{ NULL, false, NULL, NULL },
};

static const struct kind *kind_named(const char *name)
{
	struct near n = near_to(name);
	for (const struct kind *k = kinds; k->name; k++) {
		if (!strcmp(k->name, name)) return k;
		near_try(&n, k->name);
	}
	fprintf(stderr, "hearth calibrate: error: unknown kind '%s'", name);
	if (near_best(&n)) fprintf(stderr, " (did you mean '%s'?)", near_best(&n));
	fputs("; write " KINDS "\nTry 'hearth calibrate --help'.\n", stderr);
	return NULL;
}

/* { "gpu", "h100", NULL } from "gpu=h100"; the caller frees the list, *text its words. */
static const char **split_where(const struct words *given, char ***text)
{
	const char **pair = mem_new(2 * given->count + 1, sizeof *pair);
	*text = mem_new(given->count, sizeof **text);
	for (size_t i = 0; i < given->count; i++) {
		char *copy = (*text)[i] = mem_text(given->word[i]), *equals = strchr(copy, '=');
		*equals = '\0';
		pair[2 * i] = copy;
		pair[2 * i + 1] = equals + 1;
	}
	return pair;
}

static bool write_row(const struct calibration *c, const struct calibrate_input *in,
    const char *path, struct err_list *e)
{
	const struct object *old =
	    bed_row(in->catalogue, c->is_engine ? &engine_class : &device_class,
		c->is_engine ? in->engine : in->device->name, e);
	if (!old) return false;
	char *row = calibrate_row(c, old, in->table);
	bool written = file_write(path, row, strlen(row), e);
	free(row);
	return written;
}

static int calibrate(const struct options *o, const struct kind *kind,
    const struct calibrate_input *in, struct err_list *e)
{
	const char *path = options_text(o, OUTPUT);
	struct calibration c = { 0 };
	int status = STATUS_USAGE;
	if (path && input_is_same(path, in->table)) {
		err_at(e, nowhere, "--output: '%s' is the table itself; name another file", path);
		return STATUS_USAGE;
	}
	if (path && !input_can_write(path, e)) return STATUS_IO;
	if (kind->calibrate(&c, in, e)) {
		calibration_print(&c, stdout);
		status = !path || write_row(&c, in, path, e) ? STATUS_DONE : STATUS_IO;
	} else if (c.unidentified) {
		status = STATUS_INVALID;
	}
	calibration_free(&c);
	return status;
}

static double cache_of(
    const struct options *o, const struct device_par *d, bool kernels, struct err_list *e)
{
	const char *text = options_text(o, CACHE);
	char why[160];
	struct quantity q;
	if (text && units_parse(text, DIM_BYTES, &q, why, sizeof why)) return q.si;
	if (!kernels) return 0;
	if (d->cache_bytes > 0) return d->cache_bytes;
	err_at(e, nowhere, "the cache of %s is not known; give --cache=SIZE (0 B: use every row)",
	    d->name);
	return 0;
}

/* What the options say, in lists that are freed together. */
struct given {
	const char **where;
	char **text, **name; /* what where and hold point to */
	struct calibrate_hold *hold;
};

static void given_init(struct given *g, const struct options *o)
{
	const struct words *hold = &o->given[HOLD];
	g->where = split_where(&o->given[WHERE], &g->text);
	g->hold = mem_new(hold->count, sizeof *g->hold);
	g->name = mem_new(hold->count, sizeof *g->name);
	for (size_t i = 0; i < hold->count; i++)
		parse_hold(hold->word[i], &g->hold[i], &g->name[i]);
}

static void given_fini(struct given *g, const struct options *o)
{
	for (size_t i = 0; i < o->given[WHERE].count; i++) free(g->text[i]);
	for (size_t i = 0; i < o->given[HOLD].count; i++) free(g->name[i]);
	free(g->text);
	free(g->name);
	free(g->where);
	free(g->hold);
}

static int weights_given(const struct options *o)
{
	const char *word = options_text(o, WEIGHTS);
	return word ? weights_named(word) : -1;
}

static int with_device(const struct options *o, const struct kind *kind, struct err_list *e)
{
	struct scenario *s = scenario_catalogues(e);
	const char *engine = options_text(o, ENGINE);
	const struct object *all = s ? scenario_catalogue(s) : NULL;
	const char *device = options_text(o, DEVICE);
	const struct object *d = s && device ? bed_row(all, &device_class, device, e) : NULL;
	struct given g;
	int status = STATUS_USAGE;
	given_init(&g, o);
	if (s && !err_count(e)) {
		struct calibrate_input in = { .table = o->further.word[0],
			.where = g.where,
			.device = d ? d->par : NULL,
			.engine = engine ? engine : kind->engine,
			.model = options_text(o, MODEL),
			.weights = weights_given(o),
			.catalogue = all,
			.hold = g.hold,
			.holds = o->given[HOLD].count,
			.cache_bytes = d ? cache_of(o, d->par, kind->kernels, e) : 0 };
		if (!err_count(e)) status = calibrate(o, kind, &in, e);
	}
	given_fini(&g, o);
	scenario_free(s);
	return status;
}

static double given_si(const struct options *o, int row, enum dim dim)
{
	char why[160];
	struct quantity q;
	const char *text = options_text(o, row);
	return text && units_parse(text, dim, &q, why, sizeof why) ? q.si : NAN;
}

static int from_bench(const struct options *o, struct err_list *e)
{
	uint64_t threads = 0;
	if (options_text(o, THREADS)) options_parse_u64(options_text(o, THREADS), &threads);
	return calibrate_bench(&(struct calibrate_bench){ .path = o->further.word[0],
	    .output = options_text(o, OUTPUT),
	    .name = options_text(o, NAME),
	    .device = options_text(o, DEVICE),
	    .tdp_w = given_si(o, TDP, DIM_POWER),
	    .idle_w = given_si(o, IDLE, DIM_POWER),
	    .memory_bytes = given_si(o, MEMORY, DIM_BYTES),
	    .fp16_flops_s = given_si(o, FP16, DIM_FLOP_RATE),
	    .threads = (int)threads,
	    .anchor = options_text(o, ANCHOR),
	    .model = options_text(o, MODEL),
	    .weights = weights_given(o),
	    .force = options_flag(o, FORCE) }, e);
}

static int run(const struct options *o)
{
	const struct kind *kind = kind_named(o->operand);
	if (!kind) return STATUS_USAGE;
	struct err_list *e = err_new();
	int status = STATUS_USAGE;
	if (!kind->calibrate)
		status = from_bench(o, e);
	else if (options_text(o, ANCHOR))
		err_at(e, nowhere, "--anchor: goes with kind bench alone; for a device of the catalogue "
		    "give the lines to kind llama-bench");
	else if (!options_text(o, DEVICE) && kind->calibrate != calibrate_packed)
		err_at(e, nowhere, "name the device that was measured: --device=NAME");
	else
		status = with_device(o, kind, e);
	err_print(e, stderr);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth calibrate llama-bench --help", "this text" },
	{ NULL, NULL },
};

const struct command calibrate_command = {
	.name = "calibrate",
	.about = "fit constants to measurements",
	.text =
	    "Fits constants of a device, or of an engine on it, to a table of measurements by "
	    "robust least squares, and prints them with standard errors and with the mean error of "
	    "rows that were "
	    "held out.\n\n"
	    "bench: what hearth bench -o FILE.json or hearth-gpu-bench -o FILE.json wrote. Gives a "
	    "complete device, each constant with an interval, and for a processor the engine "
	    "hearth-decoder: "
	    "<include href=\"cpu.xml\"/> brings both into a scenario. An accelerator's products "
	    "are fitted as kinds products and fp8 do, its attention as decode; what no row tells is "
	    "printed as assumed. A file of a noisy machine is "
	    "refused with status 1. With --anchor, what llama-bench -o jsonl (or llama-batched-bench "
	    "--output-format jsonl, with --model and --weights; -npl above 1 are batches of so many "
	    "requests) printed on this machine gives an engine besides: its decode-share, "
	    "prompt-share and, where the lines tell them, sequence-time and layer-time; each line "
	    "is compared with what the kernels alone predict, and with what the anchored engine "
	    "does.\n\n"
	    "products: columns m, n, k, latency_ms, one matrix product a row; or layer "
	    "tables of Vidur or of LLMServingSim. Gives flops-share, bandwidth-share, op-time, "
	    "roundness.\n\n"
	    "fp8: the rows of such a table with dtype fp8. Gives fp8-flops-share.\n\n"
	    "decode and prefill: columns phase, batch_size, isl, num_heads, num_key_value_heads, "
	    "head_dim, step, latency_ms, one attention a row; or attention tables of "
	    "LLMServingSim. decode gives "
	    "attention-bandwidth-share, attention-time, attention-row-time; prefill gives "
	    "attention-share.\n\n"
	    "collectives: columns op, dtype, num_gpus, message_elements, latency_ms, one "
	    "all-reduce a row. Gives the engine's collective-time and link-share.\n\n"
	    "engine: closed loops (columns model_path, gemm_quant_mode, isl, osl, concurrency, "
	    "tp_size, silicon_tpot_ms), single batches as in splitwise-sim's table or chat "
	    "services as in ML.ENERGY's. Gives the engine's host-time, sequence-time, "
	    "layer-time and link-share.\n\n"
	    "power: single batches with average_power, or chat services with "
	    "power_w_per_device. Gives power-base, power-bandwidth, power-flops, "
	    "power-exponent, power-max.\n\n"
	    "llama-bench: what llama-bench -p 512 -n 128 -o jsonl prints. Gives flops-share and "
	    "bandwidth-share of a device, as the engine llama-cpp reaches them with one "
	    "request; lines of llama-batched-bench --output-format jsonl do as well, with --model and "
	    "--weights, where one request runs (pl 1). For a card of your own: hearth calibrate llama-bench bench.jsonl "
	    "--device=rtx-4090 --output=row.xml, and <include href=\"row.xml\"/> in the "
	    "scenario.\n\n"
	    "packed: such rates on many devices, as in the tables of XiongjieDai and J. "
	    "Geerling; without --device. Gives the engine's sequence-time, layer-time and "
	    "packed-share.\n\n"
	    "Measurements that do not identify a constant are refused with status 1: each such "
	    "constant is named with what to measure besides, and nothing is written.",
	.operand = { "KIND", true, NULL, KINDS,
	    .words = "bench products fp8 decode prefill collectives engine power llama-bench packed" },
	.further = { "TABLE", true, NULL, "the measurements: CSV, JSON lines of llama-bench, "
				    "or a bench file" },
	.options = options,
	.examples = examples,
	.run = run,
};
