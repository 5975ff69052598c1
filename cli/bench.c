/* hearth bench [GROUP]... */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/near.h"
#include "bench/spiking/digits.h"
#include "bench/spiking/digits_network.h"
#include "bench/suite/llama_lines.h"
#include "bench/suite/run.h"
#include "bench/suite/table.h"
#include "cli/bench_energy.h"
#include "cli/bench_plot.h"
#include "cli/bench_predict.h"
#include "cli/command.h"
#include "cli/form.h"
#include "cli/input.h"
#include "cli/interrupt.h"

enum {
	LIST,
	QUICK,
	LONG,
	THREADS,
	DEVICE,
	DIGITS,
	FROM,
	OUTPUT,
	LINES,
	NETWORK,
	PLOT,
	JSON,
	CSV,
	MD,
	PREDICT,
	WEIGHTS,
	ROUNDS,
	FORCE,
	NO_MEASURE,
	ENERGY,
	TDP,
	IDLE,
	OFFSET,
	LIST_ENERGY
};

enum { THREADS_MAX = 1024, ROUNDS_MAX = 16, ROUNDS_USUAL = 3 };

static const char *refuse_threads(const char *value)
{
	uint64_t n;
	if (!options_parse_u64(value, &n)) return "is not a whole number";
	return n >= 1 && n <= THREADS_MAX ? NULL : "is not a number from 1 to 1024";
}

static const char *refuse_rounds(const char *value)
{
	uint64_t n;
	if (!options_parse_u64(value, &n)) return "is not a whole number";
	return n >= 1 && n <= ROUNDS_MAX ? NULL : "is not a number from 1 to 16";
}

static const struct option_row options[] = {
	[LIST] = { "list", 0, NULL, NULL, "print the groups and measure nothing" },
	[QUICK] = { "quick", 0, NULL, NULL, "fewer shapes and a tenth of the time" },
	[LONG] = { "long", 0, NULL, NULL,
	    "also sizes that take minutes and 4 GB: 1e7 events pending, 1e6 homes" },
	[THREADS] = { "threads", 't', "N", "the processors that this process may use",
	    "measure with one thread and with so many", false, refuse_threads },
	[DEVICE] = { "device", 0, "NAME", "the first that there is",
	    "measure accelerators with that in their name" },
	[DIGITS] = { "digits", 0, "FILE", "where Debian's python3-sklearn has it",
	    "the digits to learn: scikit-learn's digits.csv.gz, or it decompressed" },
	[FROM] = { "from", 0, "FILE.json", "measured now",
	    "measure nothing: show what a file of --output holds" },
	[OUTPUT] = { "output", 'o', "FILE.json", "not written",
	    "write all samples and the verdict on the machine's noise, as google-benchmark does" },
	[LINES] = { "jsonl", 0, "FILE.jsonl", "not written",
	    "write the decoder's rows as llama-bench -o jsonl does" },
	[NETWORK] = { "network", 0, "FILE.xml", "not written",
	    "write the spiking networks of the group digits as rows of a catalogue" },
	[PLOT] = { "plot", 0, "FILE.svg", "not drawn",
	    "draw the roofline: memory by level, arithmetic by format, kernels as points; takes "
	    "gnuplot" },
	[JSON] = { "json", 0, NULL, NULL, "print that file's text instead of the table; of a list or "
	    "of --predict, an array with one object a row" },
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	[PREDICT] = { "predict", 0, "MODEL", NULL,
	    "predict hearth's decoder with that model of the catalogue from the kernels' rates, "
	    "run it, and print both", .words = "@models" },
	[WEIGHTS] = { "weights", 0, "F", "f32, q8 and q4",
	    "with --predict: how weights are stored; may be repeated", true,
	    bench_predict_refuse, "f32 q8 q4" },
	[ROUNDS] = { "rounds", 0, "N", "3; 1 with --from",
	    "with --predict: measure kernels and decoder in turns, so often each, for a machine "
	    "that changes its pace", false, refuse_rounds },
	[FORCE] = { "force", 0, NULL, NULL, "with --predict: also from a noisy machine" },
	[NO_MEASURE] = { "no-measure", 0, NULL, NULL, "with --predict: do not run the decoder" },
	[ENERGY] = { "energy-source", 0, "SOURCE", "auto: the first that works",
	    "meter: powercap, perf, msr, hwmon, nvml[:N], plug:URL, file:CSV; or model, none", false,
	    joules_refuse },
	[TDP] = { "tdp", 0, "POWER", "no estimate",
	    "what the processor draws at full load, for the estimate", false,
	    bench_energy_refuse_power },
	[IDLE] = { "idle", 0, "POWER", "no estimate", "what it draws at rest, for the estimate", false,
	    bench_energy_refuse_power },
	[OFFSET] = { "energy-offset", 0, "TIME", "0 s",
	    "added to the times of file:CSV to have this machine's", false, bench_energy_refuse_time },
	[LIST_ENERGY] = { "list-energy", 0, NULL, NULL,
	    "print which meters work here, and what the others lack; measure nothing" },
	{ NULL },
};

static struct bench_energy_options energy_options(const struct options *o)
{
	return (struct bench_energy_options){ options_text(o, ENERGY), options_text(o, TDP),
		options_text(o, IDLE), options_text(o, OFFSET) };
}

/* ---- which groups ---- */

static const struct bench_group *group_named(const char *name)
{
	struct near n = near_to(name);
	for (const struct bench_group *const *g = bench_groups; *g; g++) {
		if (!strcmp((*g)->name, name)) return *g;
		near_try(&n, (*g)->name);
	}
	fprintf(stderr, "hearth bench: error: no group '%s'", name);
	if (near_best(&n)) fprintf(stderr, " (did you mean '%s'?)", near_best(&n));
	fputs("; hearth bench --list names them\n", stderr);
	return NULL;
}

static bool is_asked(const struct options *o, const struct bench_group *g)
{
	if (!o->operand) return true;
	if (!strcmp(o->operand, g->name)) return true;
	for (size_t i = 0; i < o->further.count; i++)
		if (!strcmp(o->further.word[i], g->name)) return true;
	return false;
}

static bool names_are_groups(const struct options *o)
{
	bool good = !o->operand || group_named(o->operand);
	for (size_t i = 0; i < o->further.count; i++) good &= !!group_named(o->further.word[i]);
	return good;
}

/* Fills chosen with the groups asked for, in the list's order; their number. */
static size_t choose(const struct options *o, const struct bench_group **chosen)
{
	size_t n = 0;
	for (const struct bench_group *const *g = bench_groups; *g; g++)
		if (is_asked(o, *g)) chosen[n++] = *g;
	return n;
}

static size_t groups(void)
{
	size_t n = 0;
	while (bench_groups[n]) n++;
	return n;
}

static int list(enum table_form form)
{
	static const struct table_column columns[] = {
		{ "group", "group", TABLE_LEFT }, { "about", "about", TABLE_WRAPPED }, { NULL },
	};
	struct table *t = table_new(columns);
	table_headless(t);
	for (const struct bench_group *const *g = bench_groups; *g; g++) {
		table_text(t, (*g)->name);
		table_text(t, (*g)->about);
	}
	table_print(t, form, stdout);
	table_free(t);
	return STATUS_DONE;
}

/* ---- a run ---- */

static int threads_of(const struct options *o)
{
	uint64_t n;
	const char *text = options_text(o, THREADS);
	if (text && options_parse_u64(text, &n)) return (int)n;
	long here = sysconf(_SC_NPROCESSORS_ONLN);
	return here < 1 ? 1 : here > THREADS_MAX ? THREADS_MAX : (int)here;
}

static void warn_of_noise(const struct bench_file *f)
{
	if (!f->context.noisy) return;
	fprintf(stderr,
	    "hearth bench: warning: the machine is NOISY: %s.\n"
	    "These figures are not fit to calibrate anything: stop what else runs, and measure "
	    "again.\n",
	    f->context.noise);
}

static bool all_right(const struct bench_file *f)
{
	size_t wrong = 0;
	for (size_t i = 0; i < f->rows; i++) wrong += !bench_row_right(&f->row[i]);
	if (wrong)
		fprintf(stderr,
		    "hearth bench: error: %zu of %zu kernels gave wrong results: INVALID\n", wrong,
		    f->rows);
	return !wrong;
}

static void print(enum table_form form, const struct bench_file *f)
{
	if (form != TABLE_JSON) {
		bench_table_print(f, form, stdout);
		return;
	}
	char *text = bench_json_text(f);
	fputs(text, stdout);
	free(text);
}

static bool can_write_files(const struct options *o, struct err_list *e)
{
	static const int files[] = { OUTPUT, LINES, NETWORK, PLOT };
	bool good = true;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *path = options_text(o, files[i]);
		good &= !path || input_can_write(path, e);
	}
	return good;
}

static bool write_files(const struct options *o, struct bench_file *f, struct err_list *e)
{
	const char *path = options_text(o, OUTPUT), *lines = options_text(o, LINES);
	const char *network = options_text(o, NETWORK), *plot = options_text(o, PLOT);
	bool good = !path || bench_json_write(path, f, e);
	good &= !lines || llama_lines_write(lines, f, e);
	good &= !network || digits_network_write(network, f, e);
	good &= !plot || bench_plot_write(plot, f, e);
	return good;
}

/* A file that was named must hold digits, where the usual one may be absent. */
static bool can_read_digits(const struct options *o, struct err_list *e)
{
	struct digits d;
	const char *path = options_text(o, DIGITS);
	if (!path) return true;
	bool good = digits_read(&d, path, e);
	digits_free(&d);
	return good;
}

/* False with an entry in e where a meter or a file that was named is of no use. */
static bool measure(const struct options *o, struct bench_file *f, struct err_list *e)
{
	struct bench_meters meters;
	struct bench_energy_options energy = energy_options(o);
	const struct bench_group **chosen = mem_new(groups(), sizeof *chosen);
	bool quick = options_flag(o, QUICK);
	struct suite_plan plan = { .group = chosen,
		.groups = choose(o, chosen),
		.quick = quick,
		.long_too = options_flag(o, LONG),
		.threads = threads_of(o),
		.device = options_text(o, DEVICE),
		.digits = options_text(o, DIGITS),
		.budget_s = quick ? SUITE_QUICK_S : SUITE_BUDGET_S,
		.notes = stderr,
		.progress = isatty(STDERR_FILENO) };
	bool good = can_read_digits(o, e);
	good &= bench_meters_open(&meters, &energy, &plan, e);
	bench_file_init(f);
	if (good) {
		suite_run(&plan, f);
		interrupt_hold();
		bench_meters_tell(&meters, f);
	}
	bench_meters_close(&meters);
	free(chosen);
	return good;
}

/* Measured now or before. */
static bool obtain(const struct options *o, struct bench_file *f, struct err_list *e)
{
	const char *from = options_text(o, FROM);
	if (from && o->operand) {
		err_at(e, (struct err_pos){ 0 },
		    "--from shows all that the file holds; leave out '%s'", o->operand);
		bench_file_init(f);
		return false;
	}
	if (from) return bench_json_read(from, f, e);
	return measure(o, f, e);
}

static int show(const struct options *o, enum table_form form, struct err_list *e)
{
	struct bench_file f;
	int status = STATUS_USAGE;
	if (obtain(o, &f, e)) {
		interrupt_hold();
		print(form, &f);
		warn_of_noise(&f);
		status = all_right(&f) ? STATUS_DONE : STATUS_INVALID;
		if (!write_files(o, &f, e)) status = STATUS_IO;
	}
	bench_file_fini(&f);
	return status;
}

/* One where the kernels are those of a file or the decoder is not run. */
static int rounds_of(const struct options *o)
{
	uint64_t n = options_text(o, FROM) || options_flag(o, NO_MEASURE) ? 1 : ROUNDS_USUAL;
	if (options_text(o, ROUNDS)) options_parse_u64(options_text(o, ROUNDS), &n);
	return (int)n;
}

static int predict(const struct options *o, enum table_form form, struct err_list *e)
{
	return bench_predict(&(struct bench_predict){ .model = options_text(o, PREDICT),
	    .weights = o->given[WEIGHTS].word,
	    .formats = o->given[WEIGHTS].count,
	    .from = options_text(o, FROM),
	    .output = options_text(o, OUTPUT),
	    .threads = options_text(o, FROM) && !options_text(o, THREADS) ? 0 : threads_of(o),
	    .rounds = rounds_of(o),
	    .quick = options_flag(o, QUICK),
	    .form = form,
	    .force = options_flag(o, FORCE),
	    .measure = !options_flag(o, NO_MEASURE) }, e);
}

static int run(const struct options *o)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	if (options_flag(o, LIST)) return list(form);
	if (options_flag(o, LIST_ENERGY)) {
		struct bench_energy_options energy = energy_options(o);
		return bench_energy_list(&energy, form);
	}
	if (!names_are_groups(o)) return STATUS_USAGE;
	if (options_flag(o, QUICK) && options_flag(o, LONG)) {
		fputs("hearth bench: error: --quick and --long: give one of them\n", stderr);
		return STATUS_USAGE;
	}
	struct err_list *e = err_new();
	interrupt_init();
	bool writable = can_write_files(o, e), predicts = options_text(o, PREDICT);
	int status = !writable ? STATUS_IO : predicts ? predict(o, form, e) : show(o, form, e);
	err_print(e, stderr);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth bench --list", "what can be measured" },
	{ "hearth bench --quick queue -o bench.json",
	    "hearth's own engine, in seconds, with all samples in a file" },
	{ "hearth bench --from bench.json", "that table again" },
	{ "hearth bench --list-energy", "which meters of energy work here, and how to make others" },
	{ NULL, NULL },
};

const struct command bench_command = {
	.name = "bench",
	.about = "measure this machine",
	.text =
	    "Measures kernels of language models and of hearth itself on this machine, each with "
	    "declared work and a result that is compared with a plain reference, and prints a row "
	    "a case: median time of a call, its MAD, the memory that it moved, what it got done, "
	    "its share of the roofline (of the read bandwidth at its size and the best arithmetic "
	    "of its format, in the same run), and the error of its result.\n\n"
	    "Cases are warmed until two passes agree within 5 %, then timed in rounds, each in "
	    "another order: at least 7 samples, none left out, with wall time, processor time and "
	    "involuntary switches. The first case is measured again at the end.\n\n"
	    "A machine that does other work gives wrong figures. A row is marked noisy when its "
	    "threads had less than 97 % of their time on a processor, were interrupted 50 times a "
	    "second, spread by more than 5 % (MAD), or changed by 5 % meanwhile; a run, when "
	    "others used 0.1 processors, the hypervisor took 2 %, the first case or the clock "
	    "changed by 5 %, or a quarter of the rows is noisy. The file says so too.\n\n"
	    "--predict builds a device of the simulator from the kernels' rates, predicts tokens a "
	    "second and the time to the first token of a real transformer with random weights at "
	    "several contexts, each with an interval, and runs it; the plain roofline (bytes over "
	    "bandwidth, flops over peak) stands beside it. Kernels and decoder are measured in "
	    "turns, with one thread by the processor time that they use, which others' work does "
	    "not lengthen.\n\n"
	    "Accelerators are groups of their own, timed by the device's clock: opencl, by the "
	    "driver that is installed, and cuda, in a build that was configured --with-cuda. A "
	    "machine with an NVIDIA device needs nothing of hearth but its source, nvcc and a C "
	    "compiler. There: sh bench/gpu/build.sh && ./hearth-gpu-bench -o gpu.json "
	    "--products=gpu.csv, which also counts energy by NVML. Here: hearth bench --from gpu.json "
	    "for its rows, and hearth calibrate bench gpu.json -o gpu.xml for a device of its own; or "
	    "hearth calibrate products gpu.csv --device=h100-sxm --cache='0 B' for the shares of the "
	    "catalogue's peaks (small products lie in its cache and tell what a call costs). "
	    "bench/gpu/llama_anchor.py measures Llama shapes there through PyTorch, for hearth "
	    "calibrate llama-bench. No device of the catalogue was measured in this way: these "
	    "programs were compiled, and have not run on an accelerator.\n\n"
	    "digits trains a classifier on the 8 x 8 digits that scikit-learn ships (Debian's "
	    "python3-sklearn; without it the group is empty), makes integrate-and-fire networks of "
	    "it, and tells by time steps T: accuracy on digits that were not learnt from, spikes, "
	    "synaptic operations, time beside the perceptron's, the energies at which both are even, "
	    "and NeuroBench's metrics. --network writes them for the neuromorphic nodes of "
	    "scenarios.\n\n"
	    "Energy is measured apart from the timing, over a window of each case's calls, by the "
	    "first meter that works, and printed with and without the power of the idle machine; "
	    "an estimate, idle + utilisation x (TDP - idle), stands in a column of its own. "
	    "Counters of processors take 0.25 s a case, an accelerator's 5 s, a plug 10 s. A log "
	    "has a header with time_s, and power_w or energy_j.\n\n"
	    "Ends with status 1 when a kernel's result was wrong.",
	.operand = { "GROUP", false, "all groups", "what to measure; --list names the groups",
	    .words = "@groups" },
	.further = { "GROUP", false, NULL, "more groups", true, .words = "@groups" },
	.options = options,
	.examples = examples,
	.run = run,
};
