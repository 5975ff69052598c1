#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/gpu/cuda.h"

/* ---- the library: of the size of a disk, and absent from many machines ---- */

#define CUBLASLT_LIST(X) \
	X(cublasLtCreate) \
	X(cublasLtDestroy) \
	X(cublasLtMatmul) \
	X(cublasLtMatmulAlgoGetHeuristic) \
	X(cublasLtMatmulDescCreate) \
	X(cublasLtMatmulDescDestroy) \
	X(cublasLtMatmulDescSetAttribute) \
	X(cublasLtMatmulPreferenceCreate) \
	X(cublasLtMatmulPreferenceDestroy) \
	X(cublasLtMatmulPreferenceSetAttribute) \
	X(cublasLtMatrixLayoutCreate) \
	X(cublasLtMatrixLayoutDestroy)

struct calls {
#define X(name) __typeof__(&name) name;
	CUBLASLT_LIST(X)
#undef X
};

static void *open_library(void)
{
	char name[64], path[512];
	snprintf(name, sizeof name, "libcublasLt.so.%d", CUBLAS_VER_MAJOR);
	snprintf(path, sizeof path, "%s/%s", HEARTH_CUDA_LIBDIR, name); /* where it was built */
	void *lib = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	return lib ? lib : dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* It stays loaded. */
static bool load(struct calls *c, struct gpu *g)
{
	void *lib = open_library();
	if (!lib) gpu_fault(g, "no products of many tokens: %s", dlerror());
	if (!lib) return false;
#define X(name) \
	c->name = (__typeof__(&name))dlsym(lib, #name); \
	if (!c->name) gpu_fault(g, "cuBLASLt has no " #name);
	CUBLASLT_LIST(X)
#undef X
	return !*g->fault;
}

/* ---- formats ---- */

enum { TILE_ROWS = 64, TILE_TOKENS = 8 }; /* that are drawn, the rest repeats them */

static const struct format {
	const char *kernel, *word;
	cudaDataType_t in, out;
	size_t bytes;           /* of a weight; results have 2 */
	int mantissa, bias;     /* bits, and of the exponent */
} formats[] = {
	{ "gemm_bf16", "bf16", CUDA_R_16BF, CUDA_R_16BF, 2, 7, 127 },
	{ "gemm_f16", "fp16", CUDA_R_16F, CUDA_R_16F, 2, 10, 15 },
	{ "gemm_f8", "fp8", CUDA_R_8F_E4M3, CUDA_R_16BF, 1, 3, 7 },
};
enum { FORMATS = sizeof formats / sizeof *formats };

/* A number that all formats hold: a sign, 3 bits of mantissa, 2^0 to 2^-3. */
static unsigned draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
	return (unsigned)(*state >> 58);
}

static double value_of(unsigned drawn)
{
	double size = ldexp(8 + (drawn & 7), -3 - (int)(drawn >> 3 & 3));
	return drawn & 32 ? -size : size;
}

static unsigned bits_of(unsigned drawn, const struct format *f)
{
	unsigned exponent = (unsigned)f->bias - (drawn >> 3 & 3), sign = drawn >> 5;
	unsigned mantissa = (drawn & 7) << (f->mantissa - 3);
	return sign << (8 * f->bytes - 1) | exponent << f->mantissa | mantissa;
}

static double result_value(uint16_t bits, cudaDataType_t type)
{
	int mantissa = type == CUDA_R_16BF ? 7 : 10, bias = type == CUDA_R_16BF ? 127 : 15;
	int exponent = (bits & 0x7fff) >> mantissa, part = bits & ((1 << mantissa) - 1);
	if (exponent == 2 * bias + 1) return NAN; /* or infinite: neither is a result here */
	double size = exponent ? ldexp((1 << mantissa) + part, exponent - bias - mantissa)
	                       : ldexp(part, 1 - bias - mantissa);
	return bits & 0x8000 ? -size : size;
}

/* ---- a product: result[token][row] = sum_c weight[row][c] token[c] ---- */

struct product {
	struct gpu *g;
	struct calls call;
	const struct format *f;
	size_t rows, cols, tokens, space_bytes;
	unsigned char *weight, *token; /* drawn: TILE_ROWS x cols, TILE_TOKENS x cols */
	void *w, *x, *y, *space;       /* on the device */
	cublasLtHandle_t handle;
	cublasLtMatmulDesc_t desc;
	cublasLtMatrixLayout_t lw, lx, ly;
	cublasLtMatmulAlgo_t algo;
	cudaEvent_t begin, end;
};

static bool good(struct product *p, bool done, const char *doing)
{
	if (!done) gpu_fault(p->g, "%s of %s: failed", doing, p->f->kernel);
	return done;
}

static void free_product(void *ctx)
{
	struct product *p = ctx;
	void *buffer[] = { p->w, p->x, p->y, p->space };
	for (size_t i = 0; i < 4; i++) p->g->ops->release(p->g, buffer[i]);
	if (p->lw) p->call.cublasLtMatrixLayoutDestroy(p->lw);
	if (p->lx) p->call.cublasLtMatrixLayoutDestroy(p->lx);
	if (p->ly) p->call.cublasLtMatrixLayoutDestroy(p->ly);
	if (p->desc) p->call.cublasLtMatmulDescDestroy(p->desc);
	if (p->handle) p->call.cublasLtDestroy(p->handle);
	if (p->begin) cudaEventDestroy(p->begin);
	if (p->end) cudaEventDestroy(p->end);
	free(p->weight);
	free(p->token);
	free(p);
}

static double run_product(void *ctx, int times)
{
	struct product *p = ctx;
	const float one = 1, zero = 0;
	float ms = 0;
	bool going = good(p, !cudaEventRecord(p->begin, 0), "cudaEventRecord");
	for (int i = 0; going && i < times; i++)
		going = good(p, !p->call.cublasLtMatmul(p->handle, p->desc, &one, p->w, p->lw, p->x,
		    p->lx, &zero, p->y, p->ly, p->y, p->ly, &p->algo, p->space, p->space_bytes, 0),
		    "cublasLtMatmul");
	going = going && good(p, !cudaEventRecord(p->end, 0), "cudaEventRecord") &&
	    good(p, !cudaEventSynchronize(p->end), "cudaEventSynchronize") &&
	    good(p, !cudaEventElapsedTime(&ms, p->begin, p->end), "cudaEventElapsedTime");
	return going ? 1e-3 * ms : NAN;
}

static double product_error(void *ctx)
{
	struct product *p = ctx;
	double expected[TILE_TOKENS][TILE_ROWS] = { 0 }, worst = 0, largest = 0;
	for (size_t t = 0; t < TILE_TOKENS; t++)
		for (size_t r = 0; r < TILE_ROWS; r++) {
			for (size_t c = 0; c < p->cols; c++)
				expected[t][r] += value_of(p->weight[r * p->cols + c]) *
				    value_of(p->token[t * p->cols + c]);
			largest = fmax(largest, fabs(expected[t][r]));
		}
	size_t n = p->rows * p->tokens;
	uint16_t *y = mem_new(n, sizeof *y);
	bool got = !*p->g->fault && p->g->ops->get(p->g, y, p->y, 0, n * sizeof *y);
	for (size_t i = 0; got && i < n; i++) {
		double off = fabs(result_value(y[i], p->f->out) -
		    expected[i / p->rows % TILE_TOKENS][i % p->rows % TILE_ROWS]);
		worst = isnan(off) ? INFINITY : fmax(worst, off);
	}
	free(y);
	return got ? worst / largest : INFINITY;
}

/* ---- making one ---- */

/* `count` rows, of which `tile` are drawn. */
static void *upload(struct product *p, const unsigned char *drawn, size_t tile, size_t count)
{
	size_t n = tile * p->cols, bytes = n * p->f->bytes;
	unsigned char *packed = mem_new(n, p->f->bytes);
	for (size_t i = 0; i < n; i++) {
		unsigned bits = bits_of(drawn[i], p->f);
		for (size_t b = 0; b < p->f->bytes; b++)
			packed[i * p->f->bytes + b] = (unsigned char)(bits >> 8 * b);
	}
	void *buffer = p->g->ops->alloc(p->g, count / tile * bytes);
	for (size_t i = 0; buffer && i < count / tile; i++)
		p->g->ops->put(p->g, buffer, i * bytes, packed, bytes);
	free(packed);
	return buffer;
}

static unsigned char *draw_all(size_t n, uint64_t seed)
{
	unsigned char *to = mem_new(n, 1);
	for (size_t i = 0; i < n; i++) to[i] = (unsigned char)draw(&seed);
	return to;
}

static bool make_data(struct product *p)
{
	p->weight = draw_all(TILE_ROWS * p->cols, 1);
	p->token = draw_all(TILE_TOKENS * p->cols, 2);
	p->space_bytes = 32 << 20; /* as cuBLAS itself takes on Hopper */
	p->w = upload(p, p->weight, TILE_ROWS, p->rows);
	p->x = upload(p, p->token, TILE_TOKENS, p->tokens);
	p->y = p->g->ops->alloc(p->g, 2 * p->rows * p->tokens);
	p->space = p->g->ops->alloc(p->g, p->space_bytes);
	return !*p->g->fault;
}

/* Matrices are stored by columns there: weights are cols x rows and transposed, the only
 * arrangement that fp8 has; tokens cols x tokens; the result rows x tokens. */
static bool describe(struct product *p)
{
	const cublasOperation_t transposed = CUBLAS_OP_T;
	struct calls *c = &p->call;
	return good(p, !c->cublasLtCreate(&p->handle), "cublasLtCreate") &&
	    good(p, !c->cublasLtMatmulDescCreate(&p->desc, CUBLAS_COMPUTE_32F, CUDA_R_32F) &&
	    !c->cublasLtMatmulDescSetAttribute(p->desc, CUBLASLT_MATMUL_DESC_TRANSA, &transposed,
	    sizeof transposed), "description") &&
	    good(p, !c->cublasLtMatrixLayoutCreate(&p->lw, p->f->in, p->cols, p->rows,
	    (int64_t)p->cols) &&
	    !c->cublasLtMatrixLayoutCreate(&p->lx, p->f->in, p->cols, p->tokens, (int64_t)p->cols) &&
	    !c->cublasLtMatrixLayoutCreate(&p->ly, p->f->out, p->rows, p->tokens,
	    (int64_t)p->rows), "layout") &&
	    good(p, !cudaEventCreate(&p->begin) && !cudaEventCreate(&p->end), "cudaEventCreate");
}

/* The library's first choice. */
static bool choose(struct product *p)
{
	struct calls *c = &p->call;
	cublasLtMatmulPreference_t wish = NULL;
	cublasLtMatmulHeuristicResult_t best;
	int found = 0;
	if (!good(p, !c->cublasLtMatmulPreferenceCreate(&wish), "preference")) return false;
	c->cublasLtMatmulPreferenceSetAttribute(wish, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
	    &p->space_bytes, sizeof p->space_bytes);
	cublasStatus_t status = c->cublasLtMatmulAlgoGetHeuristic(p->handle, p->desc, p->lw, p->lx,
	    p->ly, p->ly, wish, 1, &best, &found);
	c->cublasLtMatmulPreferenceDestroy(wish);
	if (status || !found)
		gpu_fault(p->g, "cuBLASLt has no product in %s for this device", p->f->word);
	else
		p->algo = best.algo;
	return !status && found;
}

static bool add_product(struct gpu *g, const struct calls *call, const struct format *f,
    size_t side, size_t tokens, gpu_take *take, void *to)
{
	struct product *p = mem_new(1, sizeof *p);
	p->g = g;
	p->call = *call;
	p->f = f;
	p->rows = p->cols = side;
	p->tokens = tokens;
	bool made = describe(p) && choose(p) && make_data(p);
	struct gpu_case c = { .kernel = f->kernel, .ctx = p, .run = run_product,
		.error = product_error, .free = free_product };
	c.error_max = 0.01; /* results are rounded to 8 bits, fp8 summed in fewer than 32 */
	c.flops = 2.0 * (double)p->rows * (double)p->cols * (double)tokens;
	c.bytes = (double)f->bytes * (double)(p->cols * (p->rows + tokens)) +
	    2.0 * (double)(p->rows * tokens);
	snprintf(c.shape, sizeof c.shape, "%zu x %zu, %zu tokens", p->rows, p->cols, tokens);
	gpu_case_key(&c, "rows", (double)p->rows);
	gpu_case_key(&c, "cols", (double)p->cols);
	gpu_case_key(&c, "tokens", (double)tokens);
	if (made) take(to, &c);
	else free_product(p);
	return made;
}

/* Large ones for the arithmetic, few tokens for the memory, small ones for what a call
 * costs at least. A format that is not to be had does not keep the others out. */
bool cuda_products(struct gpu *g, bool quick, gpu_take *take, void *to)
{
	static const struct {
		bool large;
		size_t tokens;
	} shape[] = { { true, 512 }, { true, 4096 }, { true, 1024 }, { true, 256 }, { true, 128 },
		{ true, 64 }, { true, 16 }, { false, 512 }, { false, 64 }, { false, 16 } };
	size_t shapes = quick ? 1 : sizeof shape / sizeof *shape;
	size_t large = g->memory_bytes < 32e9 ? 8192 : 16384; /* ten of them fit; no cache holds one */
	struct calls call;
	char fault[GPU_FAULT_SIZE] = "";
	if (!load(&call, g)) return false;
	for (size_t f = 0; f < FORMATS; f++) {
		bool made = true;
		for (size_t i = 0; made && i < shapes; i++)
			made = add_product(g, &call, &formats[f], shape[i].large ? large : 1024,
			    shape[i].tokens, take, to);
		if (!made && !*fault) snprintf(fault, sizeof fault, "%s", g->fault);
		*g->fault = '\0';
	}
	snprintf(g->fault, sizeof g->fault, "%s", fault);
	return !*fault;
}
