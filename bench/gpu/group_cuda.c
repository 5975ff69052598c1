#include <stdlib.h>

#include "bench/gpu/cuda.h"
#include "bench/gpu/group.h"

#ifdef HAVE_CUDA

static void add_cuda(struct suite *s)
{
	char *said;
	struct gpu *g = cuda_open(suite_device(s), &said);
	suite_note(s, "%s", said);
	free(said);
	if (g) gpu_add_cases(s, g, "cuda", cuda_products);
}

bool gpu_cuda_bus(const char *wanted, char *to, int size)
{
	char *said;
	struct gpu *g = cuda_open(wanted, &said);
	free(said);
	if (g) cuda_bus(g, to, size);
	gpu_close(g);
	return g;
}

#else

bool gpu_cuda_bus(const char *wanted, char *to, int size)
{
	(void)wanted, (void)to, (void)size;
	return false;
}

static void add_cuda(struct suite *s)
{
	suite_note(s, "built without CUDA: configure --with-cuda");
}

#endif

const struct bench_group bench_cuda = {
	.name = "cuda",
	.about = "memory, products and attention on an NVIDIA device by CUDA, timed by its own clock",
	.add = add_cuda,
};
