/* The bench of an NVIDIA device on a machine that has CUDA and a C compiler and no hearth:
 * bench/gpu/build.sh makes it. Prints a table, and writes the file that hearth reads. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/gpu/cuda.h"
#include "bench/gpu/nvml.h"
#include "bench/gpu/rows.h"

enum { SAMPLES = 15, SAMPLES_QUICK = 7, WARM_MAX = 8 };

static const double sample_s = 0.02;           /* at least */
static const double warm = 0.05;               /* two passes agree */
/* A window begins and ends at a step of the counter, of which there are some ten a second: one
 * that has not stepped after twenty times that is no meter. Boards cool and settle. */
static const double window_s = 5, patience_s = 2, cool_s = 10;

struct setup {
	const char *path, *products, *device;
	bool quick, energy, help;
};

static const char usage[] =
    "Usage: hearth-gpu-bench [--quick] [--no-energy] [--device=NAME] [-o FILE.json]\n"
    "                        [--products=FILE.csv]\n"
    "\n"
    "Measures memory, matrix products and attention of an NVIDIA device, and the energy of\n"
    "each: some minutes, with --quick --no-energy some seconds. Elsewhere, hearth bench\n"
    "--from FILE.json shows the rows, hearth calibrate bench FILE.json makes a device of them,\n"
    "and hearth calibrate products FILE.csv fits one of the catalogue.\n";

static double clock_s(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- timing ---- */

struct bench {
	struct gpu *gpu;
	struct gpu_record record;
	long *calls; /* that fill a sample of each row */
	size_t cap;
};

static void take_case(void *to, const struct gpu_case *c)
{
	struct bench *b = to;
	struct gpu_record *r = &b->record;
	r->row = mem_grow(r->row, r->rows, &b->cap, sizeof *r->row);
	r->row[r->rows++] = (struct gpu_row){ .c = *c, .error = NAN, .energy_j = NAN,
		.idle_j = NAN, .window_s = NAN, .energy_calls = NAN };
}

/* Until two passes agree; then how many calls a sample has. */
static long warm_up(const struct gpu_case *c)
{
	double last_s = c->run(c->ctx, 1);
	long calls = 1;
	for (int pass = 0; pass < WARM_MAX && last_s > 0; pass++) {
		calls = (long)ceil(sample_s / last_s);
		double now = c->run(c->ctx, (int)calls) / (double)calls;
		bool steady = fabs(now - last_s) <= warm * last_s;
		last_s = now;
		if (steady) break;
	}
	return calls;
}

static void take_sample(struct gpu_row *r, long calls)
{
	double cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	double device_s = r->c.run(r->c.ctx, (int)calls) / (double)calls;
	cpu_s = (clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s) / (double)calls;
	if (device_s > 0) r->sample[r->samples++] = (struct gpu_sample){ device_s, cpu_s, calls };
}

/* In rounds, each from another row on, so that a drift of clocks meets all. */
static void take_samples(struct bench *b)
{
	struct gpu_record *r = &b->record;
	int rounds = r->quick ? SAMPLES_QUICK : SAMPLES;
	b->calls = mem_new(r->rows, sizeof *b->calls);
	for (size_t i = 0; i < r->rows; i++) b->calls[i] = warm_up(&r->row[i].c);
	for (int round = 0; round < rounds; round++)
		for (size_t i = 0; i < r->rows; i++) {
			size_t row = (i + 5 * (size_t)round) % r->rows;
			take_sample(&r->row[row], b->calls[row]);
		}
	for (size_t i = 0; i < r->rows; i++) r->row[i].error = r->row[i].c.error(r->row[i].c.ctx);
}

/* ---- energy ---- */

static double now_j(struct nvml *n) /* NAN when it is not told */
{
	uint64_t mj;
	return nvml_energy(n, &mj) ? NAN : 1e-3 * (double)mj;
}

/* What the counter has after its next step, and when that was; NAN when it does not step. */
static double step_j(struct nvml *n, double *at_s)
{
	double first_j = now_j(n), begin_s = clock_s(CLOCK_MONOTONIC), j;
	do {
		j = now_j(n);
		*at_s = clock_s(CLOCK_MONOTONIC);
	} while (j == first_j && *at_s - begin_s < patience_s);
	return j == first_j ? NAN : j; /* NAN where it is not told: it equals nothing */
}

/* From one step of the counter to another, window_s later or more; no row: at rest. Calls
 * go on until a sample's length had the step in it. */
static void take_window(struct nvml *n, struct gpu_row *r, long calls, double *j, double *s)
{
	double begin_s, end_s = 0, begin_j = step_j(n, &begin_s), end_j = begin_j, done = 0;
	bool stepped;
	do {
		if (r && !(r->c.run(r->c.ctx, (int)calls) > 0)) break;
		if (!r) usleep(10000);
		done += (double)calls;
		double last_j = end_j;
		end_j = now_j(n);
		end_s = clock_s(CLOCK_MONOTONIC);
		stepped = end_j != last_j;
	} while (end_s - begin_s < window_s || (!stepped && end_s - begin_s < 2 * window_s));
	end_s = clock_s(CLOCK_MONOTONIC);
	*j = end_j > begin_j ? end_j - begin_j : NAN;
	*s = end_s - begin_s;
	if (r) r->energy_calls = done;
}

static void take_energy(struct bench *b, struct nvml *n)
{
	double idle_j, idle_s;
	sleep((unsigned)cool_s);
	take_window(n, NULL, 0, &idle_j, &idle_s);
	for (size_t i = 0; i < b->record.rows; i++) {
		struct gpu_row *r = &b->record.row[i];
		take_window(n, r, b->calls[i], &r->energy_j, &r->window_s);
		r->idle_j = idle_j / idle_s * r->window_s;
	}
}

/* The board's meter, or NULL with the reason on the standard error output. */
static struct nvml *meter_of(const struct gpu *g)
{
	char bus[32];
	struct nvml_fault f = { "", "the board's counter of energy stands still" };
	double at_s;
	cuda_bus(g, bus, sizeof bus);
	struct nvml *n = nvml_open(NVML_LIBRARY, bus, 0, &f);
	if (n && !isnan(step_j(n, &at_s))) return n;
	fprintf(stderr, "energy source: none (%s)\n", f.why);
	nvml_close(n);
	return NULL;
}

static void measure_energy(struct bench *b, const struct setup *s)
{
	struct nvml *n = s->energy ? meter_of(b->gpu) : NULL;
	if (n) take_energy(b, n);
	nvml_close(n);
}

/* ---- what is told ---- */

static void read_cpu_model(char *to, size_t size)
{
	char line[256];
	FILE *f = fopen("/proc/cpuinfo", "r");
	snprintf(to, size, "unknown");
	while (f && fgets(line, sizeof line, f)) {
		const char *value = strstr(line, ": ");
		if (strncmp(line, "model name", 10) || !value) continue;
		snprintf(to, size, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
		break;
	}
	if (f) fclose(f);
}

static void describe(struct gpu_record *r, const struct gpu *g)
{
	time_t now = time(NULL);
	struct utsname u;
	strftime(r->date, sizeof r->date, "%Y-%m-%dT%H:%M:%S+00:00", gmtime(&now));
	if (gethostname(r->host, sizeof r->host - 1)) snprintf(r->host, sizeof r->host, "unknown");
	if (uname(&u)) memset(&u, 0, sizeof u);
	snprintf(r->system, sizeof r->system, "%.30s %.60s %.30s", u.sysname, u.release, u.machine);
	read_cpu_model(r->cpu_model, sizeof r->cpu_model);
	snprintf(r->compiler, sizeof r->compiler, "%.90s", __VERSION__);
	snprintf(r->version, sizeof r->version, "gpu-bench 1");
	memcpy(r->device, g->name, sizeof r->device);
	memcpy(r->driver, g->driver, sizeof r->driver);
	r->processors = (int)sysconf(_SC_NPROCESSORS_ONLN);
}

static void print_row(const struct gpu_row *r)
{
	double s = gpu_row_median_s(r);
	printf("%-14s %-30s %10.1f us %5.1f %% %9.1f GB/s %9.3f Tflop/s", r->c.kernel, r->c.shape,
	    1e6 * s, 100 * gpu_row_spread(r), 1e-9 * r->c.bytes / s, 1e-12 * r->c.flops / s);
	if (r->energy_j > 0)
		printf(" %8.4f J a call, %.0f W", r->energy_j / r->energy_calls,
		    r->energy_j / r->window_s);
	printf("%s%s\n", gpu_row_noisy(r) ? " noisy" : "", gpu_row_right(r) ? "" : " WRONG");
}

/* True where there is nothing to do. */
static bool write_to(const char *path, void (*write)(FILE *out, const struct gpu_record *r),
    const struct gpu_record *r)
{
	FILE *out = path ? fopen(path, "w") : NULL;
	if (out) write(out, r);
	bool written = !path || (out && !fflush(out) && !ferror(out));
	if (out) written = !fclose(out) && written;
	if (!written) perror(path);
	return written;
}

/* Exit status. */
static int tell(const struct gpu_record *r, const struct setup *s)
{
	size_t wrong = 0;
	for (size_t i = 0; i < r->rows; i++) {
		print_row(&r->row[i]);
		wrong += !gpu_row_right(&r->row[i]);
	}
	if (wrong) fprintf(stderr, "hearth-gpu-bench: %zu kernels gave wrong results\n", wrong);
	bool written = write_to(s->path, gpu_record_write, r);
	written &= write_to(s->products, gpu_products_write, r);
	return wrong || !written;
}

/* ---- the program ---- */

static bool read_options(int argc, char **argv, struct setup *s)
{
	static const struct option names[] = {
		{ "quick", no_argument, NULL, 'q' }, { "no-energy", no_argument, NULL, 'n' },
		{ "device", required_argument, NULL, 'd' }, { "output", required_argument, NULL, 'o' },
		{ "products", required_argument, NULL, 'p' }, { "help", no_argument, NULL, 'h' }, { 0 },
	};
	for (int c; (c = getopt_long(argc, argv, "o:h", names, NULL)) != -1;)
		switch (c) {
		case 'q': s->quick = true; break;
		case 'n': s->energy = false; break;
		case 'd': s->device = optarg; break;
		case 'o': s->path = optarg; break;
		case 'p': s->products = optarg; break;
		case 'h': s->help = true; break;
		default: return false;
		}
	return optind == argc;
}

static int run(struct gpu *g, const struct setup *s)
{
	struct bench b = { .gpu = g, .record.quick = s->quick };
	double begin_s = clock_s(CLOCK_MONOTONIC);
	describe(&b.record, g);
	if (!gpu_cases(g, s->quick, take_case, &b) || !cuda_products(g, s->quick, take_case, &b))
		fprintf(stderr, "%s: %s\n", g->name, g->fault);
	*g->fault = '\0'; /* told; the cases that there are can still be right */
	take_samples(&b);
	measure_energy(&b, s);
	b.record.duration_s = clock_s(CLOCK_MONOTONIC) - begin_s;
	if (*g->fault) fprintf(stderr, "%s: %s\n", g->name, g->fault);
	int status = tell(&b.record, s);
	for (size_t i = 0; i < b.record.rows; i++) b.record.row[i].c.free(b.record.row[i].c.ctx);
	free(b.record.row);
	free(b.calls);
	return status;
}

int main(int argc, char **argv)
{
	struct setup s = { .energy = true };
	char *said;
	if (!read_options(argc, argv, &s)) {
		fputs(usage, stderr);
		return 2;
	}
	if (s.help) return fputs(usage, stdout) < 0;
	struct gpu *g = cuda_open(s.device, &said);
	fprintf(stderr, "hearth-gpu-bench: %s\n", said);
	free(said);
	if (!g) return 1;
	int status = run(g, &s);
	gpu_close(g);
	return status;
}
