/* Tokens a second of the decoder, for comparison with other engines (bench/peers/llama2c.sh).
 *
 *     bench_decoder [MODEL FORMAT THREADS FROM TO]
 *
 * Decodes tokens FROM .. TO - 1 of an answer, the likeliest each time, keys and values before
 * them being random, and prints their rate by the wall's clock and by the processor time of all
 * threads. MODEL is 15m, 110m, 0.5b or 1.1b, FORMAT f32, f16, bf16, q8 or q4. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/decoder/decoder.h"
#include "bench/measure.h"

/* FORMATS: there is no such one. */
static enum format format_of(const char *word)
{
	int f = 0;
	while (f < FORMATS && strcmp(format_word((enum format)f), word) != 0) f++;
	return (enum format)f;
}

static int32_t likeliest(const struct decoder *d, const float *logits)
{
	size_t best = 0;
	for (size_t i = 1; i < decoder_weights(d)->shape.vocabulary; i++)
		if (logits[i] > logits[best]) best = i;
	return (int32_t)best;
}

static void time_steps(struct decoder *d, size_t from, size_t to, const char *what, int threads)
{
	int32_t token = 0;
	decoder_pretend(d, from);
	decoder_step(d, token); /* weights are then in the caches that hold them */
	decoder_seek(d, from);
	double cpu_s = measure_process_cpu_s(), wall_s = measure_wall_s();
	for (size_t i = from; i < to; i++) token = likeliest(d, decoder_step(d, token));
	wall_s = measure_wall_s() - wall_s;
	cpu_s = measure_process_cpu_s() - cpu_s;
	printf("%s threads %d tokens_s %.2f tokens_cpu_s %.2f\n", what, threads,
	    (double)(to - from) / wall_s, (double)(to - from) / cpu_s);
}

int main(int argc, char **argv)
{
	const char *model = argc > 1 ? argv[1] : "15m", *word = argc == 6 ? argv[2] : "q8";
	const struct decoder_shape *shape = decoder_shape_find(model);
	enum format f = format_of(word);
	int threads = argc == 6 ? atoi(argv[3]) : 1;
	size_t from = argc == 6 ? strtoul(argv[4], NULL, 10) : 64;
	size_t to = argc == 6 ? strtoul(argv[5], NULL, 10) : 192;
	char what[64];
	if ((argc != 1 && argc != 6) || !shape || f == FORMATS || threads < 1 || to <= from) {
		fputs("usage: bench_decoder [MODEL FORMAT THREADS FROM TO]\n", stderr);
		return 2;
	}
	struct decoder *d = decoder_new(shape, f, to + 1, 1, threads);
	snprintf(what, sizeof what, "%s %s", model, word);
	time_steps(d, from, to, what, threads);
	decoder_free(d);
	return 0;
}
