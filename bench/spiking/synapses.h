/* Delivery of spikes: what each spiking source adds to its targets.
 *
 *   csr-f32   event-driven: lists of 4-byte targets and f32 weights
 *   csr-i8    event-driven: lists of 2-byte targets and 8-bit weights
 *   rows      a full matrix, of which the rows of sources that spiked are added
 *   dense     a full matrix times the vector of spikes, 0 or 1
 *
 * Targets are cut into parts, each stored by itself, so that a thread owns what it adds to:
 * whoever delivers, a target's sum has one order. 2-byte targets count from their part's
 * first. Matrices cost 4 bytes a pair, connected or not. */
#ifndef HEARTH_BENCH_SPIKING_SYNAPSES_H
#define HEARTH_BENCH_SPIKING_SYNAPSES_H

#include "bench/spiking/graph.h"

#define SYNAPSE_FORMAT_LIST(X) \
	X(SYNAPSES_F32, "csr-f32") \
	X(SYNAPSES_I8, "csr-i8") \
	X(SYNAPSES_ROWS, "rows") \
	X(SYNAPSES_DENSE, "dense")

enum synapse_format {
#define X(id, word) id,
	SYNAPSE_FORMAT_LIST(X)
#undef X
	SYNAPSE_FORMATS
};
const char *synapse_format_word(enum synapse_format f);

/* The targets [first, first + count). */
struct synapse_part {
	size_t first, count;
	size_t *row;       /* lists: sources + 1, where a source's synapses begin */
	uint32_t *to;      /* csr-f32: target less first */
	float *weight;
	uint16_t *to2;     /* csr-i8 */
	int8_t *weight1;
	float *matrix;     /* rows: source by source; dense: target by target */
	size_t stride;     /* floats from a row of it to the next */
	float *spiked;     /* dense, work space: 1 for each source that spikes, else 0 */
};

struct synapses {
	enum synapse_format format;
	size_t sources, targets;
	double gain, unit; /* a synapse adds gain * unit * the stored weight; unit is 1 but for csr-i8 */
	size_t parts;
	struct synapse_part *part;
};

/* Where part i of `parts` begins, in targets; parts are whole SYNAPSES_CUTs but for the last. */
enum { SYNAPSES_CUT = 64 };
size_t synapses_cut(size_t targets, size_t parts, size_t i);

/* From rows [first, first + sources) of g; weights count gain times. There are at least
 * `parts` parts, more where 2-byte targets need them. 8-bit weights are kept as they are if
 * all are whole numbers to 127, else the largest becomes 127 and the others are rounded. */
struct synapses *synapses_new(const struct graph *g, size_t first, size_t sources,
    enum synapse_format format, double gain, size_t parts);
void synapses_free(struct synapses *s); /* takes NULL */

/* Adds to target[0 .. targets) what the n sources at `spike` deliver to one part; spikes
 * ascend and count from first_source. Returns synaptic operations: synapses that lists held
 * for them, or pairs. Threads may deliver different parts at once. */
size_t synapses_deliver(const struct synapses *s, size_t part, const uint32_t *spike, size_t n,
    size_t first_source, double *target);

/* The same for all parts, plainly, from the graph that s was made from (its row first_row is
 * source 0). Lists agree with it bit by bit, matrices to f32. */
size_t synapses_deliver_plain(const struct synapses *s, const struct graph *g, size_t first_row,
    const uint32_t *spike, size_t n, size_t first_source, double *target);

/* Bytes that deliver() must move for n spikes that reach `synapses` synapses: these or the
 * matrix, and each target that is reached read and written. */
double synapses_bytes(const struct synapses *s, double n, double synapses);

#endif
