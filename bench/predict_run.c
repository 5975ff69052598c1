#include "bench/predict_run.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/decoder/decoder.h"
#include "bench/measure.h"

/* Of a cell, all rounds together. */
enum { SAMPLES_MIN = 3, SAMPLES_MAX = 64, SEED = 5 };

static const double samples_s = 1.5;    /* where 3 samples take less */
static const double samples_max_s = 10; /* where they take more */

double predict_rate(const struct predict_cell *c, double time_s)
{
	return (c->prefill ? (double)c->tokens : 1) / time_s;
}

/* As rows of one thread are timed (bench_sample_s). */
static double clock_s(int threads)
{
	return threads == 1 ? measure_process_cpu_s() : measure_wall_s();
}

static double pass_s(struct decoder *d, const struct predict_cell *c, const int32_t *token,
    int threads)
{
	decoder_seek(d, c->prefill ? 0 : c->tokens);
	double begin_s = clock_s(threads);
	if (c->prefill) decoder_prefill(d, token, c->tokens);
	else decoder_step(d, token[0]);
	return clock_s(threads) - begin_s;
}

static void measure(struct predict_cell *c, struct decoder *d, const int32_t *token, int threads,
    int rounds)
{
	int least = (SAMPLES_MIN + rounds - 1) / rounds, most = SAMPLES_MAX / rounds;
	double all_s = 0;
	c->sample_s = mem_resize(c->sample_s, (size_t)(c->samples + most), sizeof *c->sample_s);
	if (!c->prefill) decoder_pretend(d, c->tokens);
	double first_s = pass_s(d, c, token, threads); /* warms, unless it takes too long to need it */
	if (first_s > samples_s) all_s = c->sample_s[c->samples++] = first_s;
	for (int i = all_s > 0; i < most; i++) {
		if (all_s >= (i < least ? samples_max_s : samples_s) / rounds) break;
		all_s += c->sample_s[c->samples++] = pass_s(d, c, token, threads);
	}
	c->measured_s = measure_of(c->sample_s, c->samples).median;
}

const char *predict_measure(struct predict_cell *cell, size_t n, const struct llm_par *model,
    int threads, int rounds)
{
	struct decoder_shape shape;
	size_t longest = 0;
	const char *why = decoder_shape_of(&shape, model);
	if (why) return why;
	for (size_t i = 0; i < n; i++)
		if (cell[i].tokens > longest) longest = cell[i].tokens;
	int32_t *token = mem_new(longest + 1, sizeof *token);
	for (size_t i = 0; i <= longest; i++)
		token[i] = (int32_t)(i * 7919 % shape.vocabulary);
	struct decoder *d = decoder_new(&shape, cell->format, longest + 1, SEED, threads);
	for (size_t i = 0; i < n; i++) measure(&cell[i], d, token, threads, rounds);
	decoder_free(d);
	free(token);
	return NULL;
}
