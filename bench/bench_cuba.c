/* CUBA on the spiking kernels: processor time and spikes, and what another simulator needs
 * to run the same network from the same state (bench/peers/brian2_cuba.sh).
 *
 *     bench_cuba [NEURONS SECONDS SEED [DRAWN [SPIKES]]]
 *
 * DRAWN is written: neurons and synapses (64 bits each), membranes (doubles, V), where rows
 * begin (64 bits, neurons + 1 of them), targets (32 bits). SPIKES as well, in order: step and
 * neuron of each spike (32 bits each). Both in the machine's order of bytes. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/spiking/cuba.h"

static FILE *file_open(const char *path)
{
	FILE *f = fopen(path, "wb");
	if (f) return f;
	fprintf(stderr, "bench_cuba: %s: %s\n", path, strerror(errno));
	exit(1);
}

static void file_close(FILE *f, const char *path)
{
	bool good = !ferror(f);
	if (!(fclose(f) == 0 && good)) {
		fprintf(stderr, "bench_cuba: %s: could not be written\n", path);
		exit(1);
	}
}

static void write_drawn(const struct cuba *c, const char *path)
{
	FILE *f = file_open(path);
	const struct graph *g = &c->graph;
	const uint64_t sizes[] = { g->sources, graph_synapses(g) };
	fwrite(sizes, sizeof *sizes, 2, f);
	fwrite(c->v, sizeof *c->v, g->sources, f);
	for (size_t i = 0; i <= g->sources; i++) {
		uint64_t row = g->row[i];
		fwrite(&row, sizeof row, 1, f);
	}
	fwrite(g->to, sizeof *g->to, sizes[1], f);
	file_close(f, path);
}

/* Step by step, which costs a little more than the timed run. */
static void write_spikes(const struct cuba *c, enum synapse_format format, uint64_t steps,
    const char *path)
{
	FILE *f = file_open(path);
	struct snn *s = cuba_network(c, format, 1);
	for (uint32_t step = 0; step < steps; step++) {
		snn_run(s, 1);
		for (size_t i = 0; i < s->population[0].fired_count; i++) {
			uint32_t spike[] = { step, s->population[0].fired[i] };
			fwrite(spike, sizeof *spike, 2, f);
		}
	}
	snn_free(s);
	file_close(f, path);
}

static void time_run(const struct cuba *c, enum synapse_format format, uint64_t steps)
{
	struct snn *s = cuba_network(c, format, 1);
	double begin_s = measure_cpu_s();
	snn_run(s, steps);
	double cpu_s = measure_cpu_s() - begin_s;
	const struct snn_count *n = &s->count;
	double seconds = (double)steps * CUBA_DT_S;
	printf("%s neurons %zu seconds %g cpu_s %.4f spikes %" PRIu64 " rate_hz %.4f "
	       "synaptic_ops %" PRIu64 "\n",
	    synapse_format_word(format), s->population[0].n, seconds, cpu_s, n->spikes,
	    (double)n->spikes / (double)s->population[0].n / seconds, n->synaptic_ops);
	snn_free(s);
}

int main(int argc, char **argv)
{
	const char *drawn = argc > 4 ? argv[4] : NULL, *spikes = argc > 5 ? argv[5] : NULL;
	size_t n = argc > 3 ? strtoul(argv[1], NULL, 10) : 4000;
	double seconds = argc > 3 ? strtod(argv[2], NULL) : 10;
	uint64_t seed = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	if (argc == 2 || argc == 3 || argc > 6 || n < 80 || n % 5 != 0 || !(seconds > 0)) {
		fprintf(stderr, "usage: bench_cuba [NEURONS SECONDS SEED [DRAWN [SPIKES]]], "
				"NEURONS a multiple of 5 from 80 on\n");
		return 2;
	}
	uint64_t steps = (uint64_t)llround(seconds / CUBA_DT_S);
	struct cuba c = cuba_draw(n, seed);
	if (drawn) write_drawn(&c, drawn);
	if (spikes) write_spikes(&c, SYNAPSES_I8, steps, spikes);
	time_run(&c, SYNAPSES_F32, steps);
	time_run(&c, SYNAPSES_I8, steps);
	cuba_free(&c);
	return 0;
}
