/* The kernels of the bench on accelerators, one source for OpenCL C 1.2 and CUDA.
 *
 * cuda.cu defines the words of the dialect below in its own way and includes this file,
 * so that what a processor's OpenCL checks is what a GPU's CUDA runs. Groups have
 * GPU_GROUP work-items, and a slice is 32 of them, which a GPU runs in step.
 *
 * Weights lie row by row; columns are a multiple of 64.
 *   f32, f16   numbers
 *   q8         signed bytes, and an f32 scale for 64 of a row
 *   q4         16 bytes hold 32 weights w + 8 of a row, byte j those of j (low) and 16 + j
 *              (high); and an f16 scale for these 32
 * Activations of the quantised products are signed bytes with an f32 scale for 64, and
 * the sum of the bytes for 32, by which the offset of q4 is taken back:
 * sum (u - 8) x = sum u x - 8 sum x. */
#ifndef GPU_CUDA
#define DEVICE static inline
#define KERNEL kernel
#define GLOBAL global
#define LOCAL local
#define SHARED local
#define GPU_GROUP 128
#define GROUP_ID ((size_t)get_group_id(0))
#define GROUPS ((size_t)get_num_groups(0))
#define LOCAL_ID ((int)get_local_id(0))
#define SYNC() barrier(CLK_LOCAL_MEM_FENCE)

struct eight {
	float v[8];
};

/* The i-th number, the i-th eight numbers. */
DEVICE float half_at(GLOBAL const half *p, size_t i)
{
	return vload_half(i, p);
}

DEVICE struct eight eight_at(GLOBAL const half *p, size_t i)
{
	struct eight e;
	vstore8(vload_half8(i, p), 0, e.v);
	return e;
}

/* c and the four products of signed bytes. */
DEVICE int dot4(uint a, uint b, int c)
{
	char4 x = as_char4(a), y = as_char4(b);
	return c + x.x * y.x + x.y * y.y + x.z * y.z + x.w * y.w;
}
#endif

#define SLICE 32
#define ROWS (GPU_GROUP / SLICE) /* of a matrix in one group, one for each slice */

/* The sum over a slice's work-items, given to its first; all of the group call it. */
#ifndef GPU_CUDA
DEVICE float slice_sum(LOCAL float *part, float sum)
{
	part[LOCAL_ID] = sum;
	for (int step = SLICE / 2; step; step /= 2) {
		SYNC();
		if (LOCAL_ID % SLICE < step) part[LOCAL_ID] += part[LOCAL_ID + step];
	}
	return part[LOCAL_ID];
}
#endif

/* ---- memory ---- */

/* Each work-item sums, modulo 2^32, what it reads of n vectors; a group reads one
 * stretch of them. */
KERNEL void read_sum(GLOBAL uint *sum, GLOBAL const uint4 *from, ulong n)
{
	size_t each = (n + GROUPS - 1) / GROUPS, first = GROUP_ID * each;
	size_t end = first + each < n ? first + each : n;
	uint s = 0;
	for (size_t i = first + LOCAL_ID; i < end; i += GPU_GROUP) {
		uint4 v = from[i];
		s += v.x + v.y + v.z + v.w;
	}
	sum[GROUP_ID * GPU_GROUP + LOCAL_ID] = s;
}

KERNEL void copy_all(GLOBAL uint4 *to, GLOBAL const uint4 *from, ulong n)
{
	size_t each = (n + GROUPS - 1) / GROUPS, first = GROUP_ID * each;
	size_t end = first + each < n ? first + each : n;
	for (size_t i = first + LOCAL_ID; i < end; i += GPU_GROUP) to[i] = from[i];
}

/* ---- products of a matrix and a vector: a slice has a row, rows are a multiple of ROWS ---- */

#define ROW (GROUP_ID * ROWS + LOCAL_ID / SLICE)
#define LANE (LOCAL_ID % SLICE)

KERNEL void gemv_f32(GLOBAL float *y, GLOBAL const float4 *w, GLOBAL const float4 *x, int cols)
{
	SHARED float part[GPU_GROUP];
	float sum = 0;
	w += ROW * (cols / 4);
	for (int i = LANE; i < cols / 4; i += SLICE) {
		float4 a = w[i], b = x[i];
		sum += a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
	}
	sum = slice_sum(part, sum);
	if (LANE == 0) y[ROW] = sum;
}

KERNEL void gemv_f16(GLOBAL float *y, GLOBAL const half *w, GLOBAL const float4 *x, int cols)
{
	SHARED float part[GPU_GROUP];
	float sum = 0;
	w += ROW * cols;
	for (int i = LANE; i < cols / 8; i += SLICE) {
		struct eight a = eight_at(w, i);
		float4 b = x[2 * i], c = x[2 * i + 1];
		sum += a.v[0] * b.x + a.v[1] * b.y + a.v[2] * b.z + a.v[3] * b.w;
		sum += a.v[4] * c.x + a.v[5] * c.y + a.v[6] * c.z + a.v[7] * c.w;
	}
	sum = slice_sum(part, sum);
	if (LANE == 0) y[ROW] = sum;
}

KERNEL void gemv_q8(GLOBAL float *y, GLOBAL const uint4 *w, GLOBAL const float *w_scale,
    GLOBAL const uint4 *x, GLOBAL const float *x_scale, int cols)
{
	SHARED float part[GPU_GROUP];
	float sum = 0;
	w += ROW * (cols / 16);
	w_scale += ROW * (cols / 64);
	for (int i = LANE; i < cols / 16; i += SLICE) {
		uint4 a = w[i], b = x[i];
		int dot = dot4(a.x, b.x, dot4(a.y, b.y, dot4(a.z, b.z, dot4(a.w, b.w, 0))));
		sum += (float)dot * w_scale[i / 4] * x_scale[i / 4];
	}
	sum = slice_sum(part, sum);
	if (LANE == 0) y[ROW] = sum;
}

KERNEL void gemv_q4(GLOBAL float *y, GLOBAL const uint4 *w, GLOBAL const half *w_scale,
    GLOBAL const uint4 *x, GLOBAL const float *x_scale, GLOBAL const int *x_sum, int cols)
{
	const uint low = 0x0f0f0f0f;
	SHARED float part[GPU_GROUP];
	float sum = 0;
	w += ROW * (cols / 32);
	w_scale += ROW * (cols / 32);
	for (int i = LANE; i < cols / 32; i += SLICE) {
		uint4 a = w[i], b = x[2 * i], c = x[2 * i + 1];
		int dot = -8 * x_sum[i];
		dot = dot4(a.x & low, b.x, dot4(a.x >> 4 & low, c.x, dot));
		dot = dot4(a.y & low, b.y, dot4(a.y >> 4 & low, c.y, dot));
		dot = dot4(a.z & low, b.z, dot4(a.z >> 4 & low, c.z, dot));
		dot = dot4(a.w & low, b.w, dot4(a.w >> 4 & low, c.w, dot));
		sum += (float)dot * half_at(w_scale, i) * x_scale[i / 2];
	}
	sum = slice_sum(part, sum);
	if (LANE == 0) y[ROW] = sum;
}

/* ---- attention of one token's queries over cached keys and values ----
 *
 * A pair is a sequence and one of its key-value heads, with `group` query heads. Its
 * context is cut into pieces, each a group of work-items (Dao et al. 2023,
 * "Flash-Decoding"), which keep a running maximum (Milakov and Gimelshein 2018); then the
 * pieces are joined. Eight dimensions make a lane; head_dim is 32, 64 or 128.
 *     query  pair x group x head_dim, f32          out  as query
 *     keys, values  pair x context x head_dim, f16
 *     part   pair x piece x group x (head_dim + 2): greatest score, sum, values */
#define TILE 32             /* positions at a time */
#define LANES_MAX 17        /* 128 / 8, and one that keeps columns out of one bank */
#define GROUP_MAX 8

/* Places in a group's memory: state, queries, scores, and where dot products or, at last,
 * the values of all work-items lie. */
#define STATE(g, which) room[(which) * group + (g)]
#define QUERY(g, d) room[group * 3 + (g) * GPU_GROUP + (d)]
#define SCORE(g, p) room[group * (3 + GPU_GROUP) + (g) * TILE + (p)]
#define WORK(i) room[group * (3 + GPU_GROUP + TILE) + (i)]
#define DOT(g, p, lane) WORK(((g) * TILE + (p)) * LANES_MAX + (lane))
#define WORK_SIZE(group) \
	((group) * TILE * LANES_MAX > 8 * GPU_GROUP ? (group) * TILE * LANES_MAX : 8 * GPU_GROUP)
#define ROOM(group) ((group) * (3 + GPU_GROUP + TILE) + WORK_SIZE(group))
#define MOST(g) STATE(g, 0)   /* greatest score up to here */
#define SHRINK(g) STATE(g, 1) /* what older terms are worth in terms of it */
#define TOTAL(g) STATE(g, 2)  /* sum of exp2(score - MOST) */

/* The queries, ready for scores that exp2 takes; and the state of no positions. */
DEVICE void attention_begin(const int group, LOCAL float *room, GLOBAL const float *query,
    int head_dim)
{
	float scale = 1.44269504f / sqrt((float)head_dim); /* log2(e) / sqrt(d) */
	for (int i = LOCAL_ID; i < group * head_dim; i += GPU_GROUP)
		QUERY(i / head_dim, i % head_dim) = query[i] * scale;
	if (LOCAL_ID < group) {
		MOST(LOCAL_ID) = -INFINITY;
		TOTAL(LOCAL_ID) = 0;
	}
	SYNC();
}

/* Scores of `count` positions of a tile, those behind them -inf. */
DEVICE void attention_scores(const int group, LOCAL float *room, GLOBAL const half *keys,
    int head_dim, int count)
{
	int lanes = head_dim / 8, lane = LOCAL_ID % lanes;
	for (int p = LOCAL_ID / lanes; p < count; p += GPU_GROUP / lanes) {
		struct eight k = eight_at(keys, (size_t)p * lanes + lane);
		for (int g = 0; g < group; g++) {
			float dot = 0;
			for (int i = 0; i < 8; i++) dot += k.v[i] * QUERY(g, 8 * lane + i);
			DOT(g, p, lane) = dot;
		}
	}
	SYNC();
	for (int i = LOCAL_ID; i < group * TILE; i += GPU_GROUP) {
		int g = i / TILE, p = i % TILE;
		float score = 0;
		for (int l = 0; l < lanes; l++) score += p < count ? DOT(g, p, l) : 0;
		SCORE(g, p) = p < count ? score : -INFINITY;
	}
	SYNC();
}

/* Scores become exp2(score - MOST). */
DEVICE void attention_softmax(const int group, LOCAL float *room)
{
	if (LOCAL_ID < group) {
		float most = MOST(LOCAL_ID);
		for (int p = 0; p < TILE; p++) most = fmax(most, SCORE(LOCAL_ID, p));
		SHRINK(LOCAL_ID) = exp2(MOST(LOCAL_ID) - most);
		MOST(LOCAL_ID) = most;
	}
	SYNC();
	for (int i = LOCAL_ID; i < group * TILE; i += GPU_GROUP)
		SCORE(i / TILE, i % TILE) = exp2(SCORE(i / TILE, i % TILE) - MOST(i / TILE));
	SYNC();
	if (LOCAL_ID < group) {
		float total = TOTAL(LOCAL_ID) * SHRINK(LOCAL_ID);
		for (int p = 0; p < TILE; p++) total += SCORE(LOCAL_ID, p);
		TOTAL(LOCAL_ID) = total;
	}
}

DEVICE void attention_values(const int group, LOCAL float *room, GLOBAL const half *values,
    int head_dim, int count, float *sum)
{
	int lanes = head_dim / 8, lane = LOCAL_ID % lanes;
	for (int g = 0; g < group; g++)
		for (int i = 0; i < 8; i++) sum[8 * g + i] *= SHRINK(g);
	for (int p = LOCAL_ID / lanes; p < count; p += GPU_GROUP / lanes) {
		struct eight v = eight_at(values, (size_t)p * lanes + lane);
		for (int g = 0; g < group; g++)
			for (int i = 0; i < 8; i++) sum[8 * g + i] += SCORE(g, p) * v.v[i];
	}
}

/* Adds what the work-items of a lane have, and writes the piece. */
DEVICE void attention_end(const int group, LOCAL float *room, GLOBAL float *part, int head_dim,
    const float *sum)
{
	for (int g = 0; g < group; g++) {
		SYNC();
		for (int i = 0; i < 8; i++) WORK(8 * LOCAL_ID + i) = sum[8 * g + i];
		SYNC();
		GLOBAL float *out = part + g * (head_dim + 2);
		if (LOCAL_ID < head_dim) {
			float s = 0;
			for (int i = LOCAL_ID; i < 8 * GPU_GROUP; i += head_dim) s += WORK(i);
			out[2 + LOCAL_ID] = s;
		}
		if (LOCAL_ID == 0) {
			out[0] = MOST(g);
			out[1] = TOTAL(g);
		}
	}
}

DEVICE void attention_piece(const int group, LOCAL float *room, GLOBAL float *part,
    GLOBAL const float *query, GLOBAL const half *keys, GLOBAL const half *values, int head_dim,
    int context, int chunk)
{
	int pieces = (context + chunk - 1) / chunk;
	size_t pair = GROUP_ID / pieces;
	int first = (int)(GROUP_ID % pieces) * chunk;
	int end = first + chunk < context ? first + chunk : context;
	size_t cached = pair * context * head_dim;
	float sum[8 * GROUP_MAX];
	for (int i = 0; i < 8 * group; i++) sum[i] = 0;
	attention_begin(group, room, query + pair * group * head_dim, head_dim);
	for (int at = first; at < end; at += TILE) {
		int count = end - at < TILE ? end - at : TILE;
		size_t here = cached + (size_t)at * head_dim;
		attention_scores(group, room, keys + here, head_dim, count);
		attention_softmax(group, room);
		attention_values(group, room, values + here, head_dim, count, sum);
	}
	attention_end(group, room, part + GROUP_ID * group * (head_dim + 2), head_dim, sum);
}

#define ATTENTION(group) \
	KERNEL void attention_##group(GLOBAL float *part, GLOBAL const float *query, \
	    GLOBAL const half *keys, GLOBAL const half *values, int head_dim, int context, \
	    int chunk) \
	{ \
		SHARED float room[ROOM(group)]; \
		attention_piece(group, room, part, query, keys, values, head_dim, context, chunk); \
	}
ATTENTION(1)
ATTENTION(4)
ATTENTION(8)

/* One group for each query head of each pair. */
KERNEL void attention_join(GLOBAL float *out, GLOBAL const float *part, int group, int head_dim,
    int pieces)
{
	size_t step = (size_t)group * (head_dim + 2);
	part += GROUP_ID / group * pieces * step + GROUP_ID % group * (head_dim + 2);
	if (LOCAL_ID >= head_dim) return;
	float most = -INFINITY, total = 0, sum = 0;
	for (int i = 0; i < pieces; i++) most = fmax(most, part[i * step]);
	for (int i = 0; i < pieces; i++) {
		float worth = exp2(part[i * step] - most);
		total += worth * part[i * step + 1];
		sum += worth * part[i * step + 2 + LOCAL_ID];
	}
	out[GROUP_ID * head_dim + LOCAL_ID] = sum / total;
}
