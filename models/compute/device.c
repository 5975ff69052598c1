#include "models/compute/device.h"

#include <assert.h>
#include <math.h>

#include "models/compute/streamed.h"

double weights_bytes(enum weights w)
{
	switch (w) {
#define X(id, bytes, share, peak, kernel) case id: return bytes;
		WEIGHTS_LIST(X)
#undef X
	}
	return NAN;
}

static double weights_share(enum weights w)
{
	switch (w) {
#define X(id, bytes, share, peak, kernel) case id: return share;
		WEIGHTS_LIST(X)
#undef X
	}
	return NAN;
}

bool weights_packed(enum weights w)
{
	return w == WEIGHTS_Q8 || w == WEIGHTS_Q4 || w == WEIGHTS_Q4_0;
}

/* All zero for formats that have none. */
static struct kernel_par kernel_of(const struct device_par *p, enum weights w)
{
	int format = KERNELS;
	switch (w) {
#define X(id, bytes, share, peak, kernel) case id: format = kernel; break;
		WEIGHTS_LIST(X)
#undef X
	}
	return format < KERNELS ? p->kernel[format] : (struct kernel_par){ 0 };
}

double device_half_flops_s(const struct device_par *p)
{
	return isnan(p->fp16_flops_s) ? p->int8_flops_s : p->fp16_flops_s;
}

static double table_peak(const struct device_par *p, enum weights w)
{
	if (w == WEIGHTS_FP8 && isnan(p->fp8_flops_s)) return p->fp16_flops_s;
	if (weights_packed(w)) return device_half_flops_s(p);
	switch (w) {
#define X(id, bytes, share, peak, kernel) case id: return p->peak;
		WEIGHTS_LIST(X)
#undef X
	}
	return NAN;
}

double device_peak_flops_s(const struct device_par *p, enum weights w)
{
	double peak = table_peak(p, w), reached = kernel_of(p, w).flops_s;
	return reached > peak ? reached : peak;
}

struct device_par device_at_clock(const struct device_par *p, double clock_frac)
{
	struct device_par d = *p;
	assert(clock_frac > 0);
	d.fp16_flops_s *= clock_frac;
	d.fp32_flops_s *= clock_frac;
	d.fp8_flops_s *= clock_frac;
	d.int8_flops_s *= clock_frac;
	d.attention_flops_s *= clock_frac;
	for (int i = 0; i < KERNELS; i++) {
		d.kernel[i].flops_s *= clock_frac;
		d.kernel[i].vector_flops_s *= clock_frac;
	}
	return d;
}

/* In fp8 activations are scaled and rounded before each product, which then falls
 * short of a peak twice as high. */
static double gemm_share(const struct device_par *p, enum weights w)
{
	bool fp8 = w == WEIGHTS_FP8 && p->fp8_flops_s > 0 && p->fp8_share > 0;
	return fp8 ? p->fp8_share : p->flops_share;
}

/* From memory, before the limit of unpacking. */
static double memory_bytes_s(const struct device_par *p, enum weights w, double packed_share)
{
	double share = kernel_of(p, w).bandwidth_share;
	if (weights_packed(w) && packed_share > 0)
		return p->bandwidth_bytes_s * p->bandwidth_share * packed_share;
	if (share > 0) return p->bandwidth_bytes_s * share;
	return p->bandwidth_bytes_s * p->bandwidth_share * weights_share(w);
}

/* Bytes a second of what is read over and over, `memory` without a cache. */
static double through_cache(
    const struct device_par *p, double span_bytes, double cache, double memory)
{
	if (!(p->cache_bytes_s > 0)) return memory;
	return streamed_bytes_s(
	    streamed_hit_frac(span_bytes, p->cache_bytes), fmax(memory, cache), memory);
}

/* Bytes of weights a second, the ones in the cache as fast as it gives them; all no
 * faster than they are unpacked. */
static double weights_bytes_s(const struct device_par *p, enum weights w, double value_bytes,
    double packed_share, double span_bytes)
{
	double vector = kernel_of(p, w).vector_flops_s;
	double unpacked = vector > 0 ? value_bytes * vector / 2 : INFINITY; /* 2 a weight */
	double memory = fmin(memory_bytes_s(p, w, packed_share), unpacked);
	return through_cache(p, span_bytes, fmin(p->cache_bytes_s, unpacked), memory);
}

struct roofline device_gemm_packed(const struct device_par *p, enum weights w, double value_bytes,
    double packed_share, double span_bytes)
{
	double reached = kernel_of(p, w).flops_s;
	return (struct roofline){
		.flops_s = reached > 0 ? reached : table_peak(p, w) * gemm_share(p, w),
		.bytes_s = weights_bytes_s(p, w, value_bytes, packed_share, span_bytes),
		.op_s = p->op_s,
		.roundness = p->roundness,
	};
}

struct roofline device_gemm(
    const struct device_par *p, enum weights w, double packed_share, double span_bytes)
{
	return device_gemm_packed(p, w, weights_bytes(w), packed_share, span_bytes);
}

struct roofline device_prefill_attention(const struct device_par *p)
{
	return (struct roofline){
		.flops_s = device_half_flops_s(p) * p->attention_share,
		.bytes_s = p->bandwidth_bytes_s * p->attention_bw_share,
		.op_s = p->attention_s,
		.roundness = p->roundness,
	};
}

struct roofline device_decode_attention(const struct device_par *p, double span_bytes)
{
	bool own = p->attention_flops_s > 0;
	double memory = p->bandwidth_bytes_s * p->attention_bw_share;
	return (struct roofline){
		.flops_s = own ? p->attention_flops_s : device_half_flops_s(p) * p->flops_share,
		.bytes_s = through_cache(p, span_bytes, p->cache_bytes_s, memory),
		.op_s = p->attention_s,
		.roundness = INFINITY,
	};
}

double device_rest_bytes_s(const struct device_par *p)
{
	double share = p->rest_bw_share > 0 ? p->rest_bw_share : p->bandwidth_share;
	return p->bandwidth_bytes_s * share;
}

double roofline_sharp_s(const struct roofline *r, struct work w)
{
	return fmax(w.flops / r->flops_s, w.bytes / r->bytes_s);
}

/* ||(x, y)||_p with the larger one taken out, so that no power overflows. */
double roofline_s(const struct roofline *r, struct work w)
{
	double x = w.flops / r->flops_s, y = w.bytes / r->bytes_s;
	double large = fmax(x, y), small = fmin(x, y);
	if (large <= 0) return 0;
	return r->op_s + large * pow(1 + pow(small / large, r->roundness), 1 / r->roundness);
}

/* Of the products with weights of a format. */
#define KERNEL_ATTRS(id, word) \
	ATTR_QTY(struct device_par, kernel[id].flops_s, word "-flops", DIM_FLOP_RATE, OPTIONAL, \
	    1e3, 1e19, "rate that products of many tokens with " word " weights reach; absent: " \
	    "flops-share of the peak rate"), \
	ATTR_QTY(struct device_par, kernel[id].vector_flops_s, word "-vector", DIM_FLOP_RATE, \
	    OPTIONAL, 1e3, 1e19, "rate of products of one token with " word " weights that lie " \
	    "in the cache: what unpacking them leaves; absent: no limit"), \
	ATTR_QTY(struct device_par, kernel[id].bandwidth_share, word "-bandwidth-share", \
	    DIM_FRACTION, OPTIONAL, 0.001, 1.5, "share of the peak bandwidth that products of " \
	    "one token with " word " weights reach; absent: bandwidth-share, less the engine's " \
	    "packed-share where they are packed"),

static const struct attr attrs[] = {
	ATTR_TEXT(struct device_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_INT(struct device_par, year, "year", "0", 0, 2100,
	    "year that it came out, from which on a <progress> makes it better; 0: not said"),
	ATTR_QTY(struct device_par, memory_bytes, "memory", DIM_BYTES, REQUIRED, 1e6, 1e15,
	    "memory that weights and KV cache share"),
	ATTR_QTY(struct device_par, bandwidth_bytes_s, "bandwidth", DIM_BYTE_RATE, REQUIRED, 1e6,
	    1e17, "peak bandwidth of that memory"),
	ATTR_QTY(struct device_par, cache_bytes, "cache", DIM_BYTES, OPTIONAL, 1e3, 1e12,
	    "last-level cache; measurements of operands that fit in it say nothing about the "
	    "memory"),
	ATTR_QTY(struct device_par, cache_bytes_s, "cache-bandwidth", DIM_BYTE_RATE, OPTIONAL, 1e6,
	    1e17, "bandwidth of that cache: weights that it holds from one token to the next are "
	    "read at this rate; absent: all come from the memory"),
	ATTR_QTY(struct device_par, fp16_flops_s, "fp16", DIM_FLOP_RATE, OPTIONAL, 1e6, 1e19,
	    "peak rate in fp16 or bf16, dense, with fp32 sums; without it int8 must be there"),
	ATTR_QTY(struct device_par, fp32_flops_s, "fp32", DIM_FLOP_RATE, OPTIONAL, 1e6, 1e19,
	    "peak rate in fp32, dense"),
	ATTR_QTY(struct device_par, fp8_flops_s, "fp8", DIM_FLOP_RATE, OPTIONAL, 1e6, 1e19,
	    "peak rate in fp8, dense"),
	ATTR_QTY(struct device_par, int8_flops_s, "int8", DIM_FLOP_RATE, OPTIONAL, 1e6, 1e19,
	    "peak rate in 8-bit integers, dense"),
	ATTR_QTY(struct device_par, link_bytes_s, "link", DIM_BYTE_RATE, OPTIONAL, 1e3, 1e15,
	    "bandwidth to its peers in one direction; absent: no tensor parallelism"),
	ATTR_QTY(struct device_par, flops_share, "flops-share", DIM_FRACTION, "0.8", 0.01, 1.5,
	    "a: share of the peak rate that matrix products reach"),
	ATTR_QTY(struct device_par, fp8_share, "fp8-flops-share", DIM_FRACTION, OPTIONAL, 0.01,
	    1.5, "the same of the peak rate in fp8; absent: flops-share"),
	ATTR_QTY(struct device_par, bandwidth_share, "bandwidth-share", DIM_FRACTION, "0.85", 0.01,
	    1.5, "b: share of the peak bandwidth that kernels reach"),
	ATTR_QTY(struct device_par, op_s, "op-time", DIM_TIME, "5 us", 0, 1,
	    "t0: fixed time of a matrix product"),
	ATTR_QTY(struct device_par, roundness, "roundness", DIM_NUMBER, "1.5", 1, 100,
	    "p: exponent that joins arithmetic and memory time; 1 adds them, large takes the "
	    "longer"),
	KERNEL_LIST(KERNEL_ATTRS)
	/* Fits on attention kernels of the tables named in data/devices.xml: prefill a 0.45 to
	 * 0.80, t0 8 to 12 us; decode b 0.79 to 0.96, t0 10 to 19 us. */
	ATTR_QTY(struct device_par, attention_share, "attention-share", DIM_FRACTION, "0.5", 0.01,
	    1.5, "share of the peak rate that prefill attention reaches"),
	ATTR_QTY(struct device_par, attention_bw_share, "attention-bandwidth-share", DIM_FRACTION,
	    "0.85", 0.01, 1.5, "share of the peak bandwidth that attention reaches"),
	ATTR_QTY(struct device_par, attention_s, "attention-time", DIM_TIME, "10 us", 0, 1,
	    "fixed time of an attention call"),
	/* Each sequence and head is a block of threads of its own. Fits on the same tables: 10 to
	 * 17 ns, and the mean error of decode attention falls from 6.7-16.9 to 5.8-12.8 %. */
	ATTR_QTY(struct device_par, attention_row_s, "attention-row-time", DIM_TIME, "0 s", 0, 1,
	    "added to it, when decoding, for each sequence and key-value head"),
	ATTR_QTY(struct device_par, attention_flops_s, "attention-flops", DIM_FLOP_RATE, OPTIONAL,
	    1e3, 1e19, "rate of the arithmetic of decode attention, which binds where many query "
	    "heads share one key-value head; absent: flops-share of the peak rate"),
	ATTR_QTY(struct device_par, synapse_s, "synapse-time", DIM_TIME, OPTIONAL, 1e-15, 1,
	    "time of one synaptic operation where spikes are delivered by lists (hearth bench "
	    "spiking); absent: spiking networks are computed dense"),
	ATTR_QTY(struct device_par, sparse_gain, "sparse-gain", DIM_NUMBER, OPTIONAL, 1, 4,
	    "peak rate with 2:4 sparse weights over the dense one; absent: it makes no use of "
	    "them"),
	ATTR_QTY(struct device_par, rest_bw_share, "rest-bandwidth-share", DIM_FRACTION, OPTIONAL,
	    0.001, 1.5, "share of the peak bandwidth that the rest of a layer reaches: norms, "
	    "rotary embedding, gate, residual sums; absent: bandwidth-share"),
	POWER_ATTRS(struct device_par, power),
	SOURCE_ATTRS(struct device_par),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct device_par *p = o->par;
	power_check(&p->power, o, e);
	if (isnan(device_half_flops_s(p)))
		err_at(e, o->pos,
		    "device: attribute 'fp16' is missing: the peak rate in fp16 or, of a device that "
		    "has none, 'int8'");
	if (p->cache_bytes_s > 0 && isnan(p->cache_bytes))
		err_at(e, object_attr_pos(o, "cache-bandwidth"),
		    "device: cache-bandwidth= needs cache=, the size of what is read so fast");
	if (p->cache_bytes_s < p->bandwidth_bytes_s)
		err_at(e, object_attr_pos(o, "cache-bandwidth"),
		    "device: cache-bandwidth= must be at least bandwidth=\"%.4g GB/s\", that of the "
		    "memory behind it", p->bandwidth_bytes_s * 1e-9);
}

const struct class device_class = {
	.element = "device", .parents = "scenario catalogue",
	.about = "An accelerator or a processor that runs language models.",
	.par_size = sizeof(struct device_par), .attrs = attrs, .check = check,
};
