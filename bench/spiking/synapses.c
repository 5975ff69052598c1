#include "bench/spiking/synapses.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/spiking/deliver.h"

enum { SHORT_REACH = 65536 }; /* targets that 2 bytes tell apart */

const char *synapse_format_word(enum synapse_format f)
{
	static const char *const word[] = {
#define X(id, text) [id] = text,
		SYNAPSE_FORMAT_LIST(X)
#undef X
	};
	return word[f];
}

static size_t rounded_up(size_t n, size_t step)
{
	return (n + step - 1) / step * step;
}

static bool is_list(enum synapse_format f)
{
	return f == SYNAPSES_F32 || f == SYNAPSES_I8;
}

/* Where a source's synapses with the part lie in the graph. */
struct span {
	size_t begin, end;
};
static struct span span_of(const struct graph *g, size_t row, const struct synapse_part *p)
{
	size_t i = g->row[row], stop = g->row[row + 1];
	while (i < stop && g->to[i] < p->first) i++;
	struct span s = { i, i };
	while (s.end < stop && g->to[s.end] < p->first + p->count) s.end++;
	return s;
}

static void index_rows(struct synapse_part *p, const struct graph *g, size_t first, size_t sources)
{
	p->row = mem_new(sources + 1, sizeof *p->row);
	for (size_t s = 0; s < sources; s++) {
		struct span of = span_of(g, first + s, p);
		p->row[s + 1] = p->row[s] + (of.end - of.begin);
	}
}

static void fill_f32(struct synapse_part *p, const struct graph *g, size_t first, size_t sources)
{
	p->to = mem_lines(p->row[sources], sizeof *p->to);
	p->weight = mem_lines(p->row[sources], sizeof *p->weight);
	for (size_t s = 0, at = 0; s < sources; s++) {
		struct span of = span_of(g, first + s, p);
		for (size_t i = of.begin; i < of.end; i++, at++) {
			p->to[at] = g->to[i] - (uint32_t)p->first;
			p->weight[at] = graph_weight(g, i);
		}
	}
}

/* What a stored weight of 1 means: 1 where the weights are whole numbers that fit. */
static double unit_of(const struct graph *g, size_t begin, size_t end)
{
	float largest = 0;
	bool whole = true;
	for (size_t i = begin; i < end; i++) {
		float w = graph_weight(g, i);
		largest = fmaxf(largest, fabsf(w));
		whole = whole && w == rintf(w);
	}
	return (whole && largest <= 127) || largest == 0 ? 1 : (double)largest / 127;
}

/* A weight in units, as csr-i8 keeps it. */
static int8_t weight_i8(float weight, double unit)
{
	return (int8_t)lrint((double)weight / unit);
}

static void fill_i8(struct synapse_part *p, const struct graph *g, size_t first, size_t sources,
    double unit)
{
	p->to2 = mem_lines(p->row[sources], sizeof *p->to2);
	p->weight1 = mem_lines(p->row[sources], sizeof *p->weight1);
	for (size_t s = 0, at = 0; s < sources; s++) {
		struct span of = span_of(g, first + s, p);
		for (size_t i = of.begin; i < of.end; i++, at++) {
			p->to2[at] = (uint16_t)(g->to[i] - p->first);
			p->weight1[at] = weight_i8(graph_weight(g, i), unit);
		}
	}
}

/* Rows of whole MATRIX_STEP floats, whose ends are 0. */
static void fill_matrix(struct synapse_part *p, const struct graph *g, size_t first, size_t sources,
    enum synapse_format format)
{
	const size_t rows = format == SYNAPSES_ROWS ? sources : rounded_up(p->count, MATRIX_PAIR);
	const size_t cols = format == SYNAPSES_ROWS ? p->count : sources;
	p->stride = rounded_up(cols, MATRIX_STEP);
	p->matrix = mem_lines(rows * p->stride, sizeof *p->matrix);
	memset(p->matrix, 0, rows * p->stride * sizeof *p->matrix);
	if (format == SYNAPSES_DENSE) {
		p->spiked = mem_lines(p->stride, sizeof *p->spiked);
		memset(p->spiked, 0, p->stride * sizeof *p->spiked);
	}
	for (size_t s = 0; s < sources; s++) {
		struct span of = span_of(g, first + s, p);
		for (size_t i = of.begin; i < of.end; i++) {
			size_t t = g->to[i] - p->first;
			size_t at = format == SYNAPSES_ROWS ? s * p->stride + t : t * p->stride + s;
			p->matrix[at] = graph_weight(g, i);
		}
	}
}

struct synapses *synapses_new(const struct graph *g, size_t first, size_t sources,
    enum synapse_format format, double gain, size_t parts)
{
	struct synapses *s = mem_new(1, sizeof *s);
	const size_t reach = (g->targets + SHORT_REACH - 1) / SHORT_REACH;
	assert(first + sources <= g->sources && parts > 0);
	*s = (struct synapses){ format, sources, g->targets, .gain = gain, .unit = 1 };
	if (format == SYNAPSES_I8) s->unit = unit_of(g, g->row[first], g->row[first + sources]);
	s->parts = format == SYNAPSES_I8 && parts < reach ? reach : parts;
	s->part = mem_new(s->parts, sizeof *s->part);
	for (size_t i = 0; i < s->parts; i++) {
		struct synapse_part *p = &s->part[i];
		p->first = synapses_cut(g->targets, s->parts, i);
		p->count = synapses_cut(g->targets, s->parts, i + 1) - p->first;
		if (is_list(format)) index_rows(p, g, first, sources);
		if (format == SYNAPSES_F32) fill_f32(p, g, first, sources);
		else if (format == SYNAPSES_I8) fill_i8(p, g, first, sources, s->unit);
		else fill_matrix(p, g, first, sources, format);
	}
	return s;
}

void synapses_free(struct synapses *s)
{
	if (!s) return;
	for (size_t i = 0; i < s->parts; i++) {
		struct synapse_part *p = &s->part[i];
		free(p->row);
		free(p->to);
		free(p->weight);
		free(p->to2);
		free(p->weight1);
		free(p->matrix);
		free(p->spiked);
	}
	free(s->part);
	free(s);
}

size_t synapses_cut(size_t targets, size_t parts, size_t i)
{
	const size_t at = rounded_up(targets * i / parts, SYNAPSES_CUT);
	return at < targets ? at : targets;
}

size_t synapses_deliver(const struct synapses *s, size_t part, const uint32_t *spike, size_t n,
    size_t first_source, double *target)
{
	const struct synapse_part *p = &s->part[part];
	const struct spiked spiked = { spike, n, first_source };
	double *sum = target + p->first;
	switch (s->format) {
	case SYNAPSES_F32:
		return deliver_f32(p, s->gain, &spiked, sum);
	case SYNAPSES_I8:
		return deliver_i8(p, s->gain * s->unit, &spiked, sum);
	case SYNAPSES_ROWS:
		deliver_rows(p, s->gain, &spiked, sum);
		break;
	case SYNAPSES_DENSE:
		deliver_dense(p, s->gain, &spiked, sum);
		break;
	case SYNAPSE_FORMATS:
		assert(false);
	}
	return s->format == SYNAPSES_ROWS ? n * p->count : s->sources * p->count;
}

size_t synapses_deliver_plain(const struct synapses *s, const struct graph *g, size_t first_row,
    const uint32_t *spike, size_t n, size_t first_source, double *target)
{
	size_t done = 0;
	for (size_t i = 0; i < n; i++) {
		const size_t *row = g->row + first_row + (spike[i] - first_source);
		for (size_t k = row[0]; k < row[1]; k++) {
			double w = graph_weight(g, k);
			if (s->format == SYNAPSES_I8)
				target[g->to[k]] += s->gain * s->unit * weight_i8((float)w, s->unit);
			else target[g->to[k]] += s->gain * w;
		}
		done += row[1] - row[0];
	}
	if (is_list(s->format)) return done;
	return (s->format == SYNAPSES_ROWS ? n : s->sources) * s->targets;
}

double synapses_bytes(const struct synapses *s, double n, double synapses)
{
	const double sums = 2 * sizeof(double), width = (double)s->targets;
	switch (s->format) {
	case SYNAPSES_F32:
		return (sizeof(uint32_t) + sizeof(float)) * synapses + sums * fmin(synapses, width);
	case SYNAPSES_I8:
		return (sizeof(uint16_t) + sizeof(int8_t)) * synapses + sums * fmin(synapses, width);
	case SYNAPSES_ROWS:
		return (sizeof(float) * n + sums) * width;
	case SYNAPSES_DENSE:
	case SYNAPSE_FORMATS:
		break;
	}
	return sizeof(float) * (double)s->sources * (1 + width) + sums * width;
}
