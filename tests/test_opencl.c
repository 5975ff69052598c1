#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gpu/opencl.h"
#include "bench/gpu/work.h"

/* A device with a memory so small that the cases are; or the test is skipped. */
static struct gpu *open_small(void)
{
	char *said;
	struct gpu *g = opencl_open(NULL, opencl_kernels, &said);
	if (!g && !strstr(said, "compile")) cr_skip_test("%s", said);
	cr_assert_not_null(g, "%s", said);
	free(said);
	g->memory_bytes = 32 * (3 << 19); /* buffers of 1.5 MiB */
	g->cache_bytes = fmin(g->cache_bytes, 1 << 20);
	return g;
}

/* Both notice a case that never ran, and see that it is right once it did. */
static void check_case(void *to, const struct gpu_case *c)
{
	cr_expect_gt(c->error(c->ctx), c->error_max, "%s %s before it ran", c->kernel, c->shape);
	cr_expect_gt(c->run(c->ctx, 3), 0);
	cr_expect_leq(c->error(c->ctx), c->error_max, "%s %s", c->kernel, c->shape);
	c->free(c->ctx);
	++*(int *)to;
}

Test(opencl, all_cases_give_what_their_twins_give)
{
	struct gpu *g = open_small();
	int cases = 0;
	cr_expect(gpu_cases(g, false, check_case, &cases), "%s", g->fault);
	cr_expect_eq(cases, 3 + 4 * 2 + 3 * 2 + 1); /* memory, formats x columns, heads x contexts, one request */
	gpu_close(g);
}

/* Contexts that end amid a tile of 32 and a piece of 256. */
Test(opencl, attention_ends_where_the_context_ends)
{
	static const size_t context[] = { 1, 31, 33, 255, 257, 777 };
	struct gpu *g = open_small();
	int cases = 0;
	for (size_t i = 0; i < 6; i++)
		for (size_t head_dim = 32; head_dim <= 128; head_dim *= 2)
			cr_expect(gpu_attention(g, head_dim, i % 3 ? 4u * (i % 3) : 1, context[i], 0,
			    check_case, &cases), "%s", g->fault);
	cr_expect_eq(cases, 18);
	gpu_close(g);
}

Test(opencl, the_compilers_words_are_told)
{
	gpu_close(open_small());
	char *said;
	cr_expect_null(opencl_open(NULL, "kernel void f(global int *a) { *a = missing_name; }", &said));
	cr_expect_not_null(strstr(said, "do not compile"), "%s", said);
	cr_expect_not_null(strstr(said, "missing_name"), "%s", said);
	free(said);
}

Test(opencl, a_kernel_that_is_not_there_is_named)
{
	gpu_close(open_small());
	char *said;
	cr_expect_null(opencl_open(NULL, "kernel void f(global int *a) { *a = 1; }", &said));
	cr_expect_not_null(strstr(said, "read_sum"), "%s", said);
	free(said);
}

Test(opencl, a_device_is_chosen_by_a_part_of_its_name)
{
	struct gpu *g = open_small();
	char wanted[6] = "", *said;
	memcpy(wanted, g->name + 1, 5);
	for (char *p = wanted; *p; p++)
		if (*p >= 'a' && *p <= 'z') *p -= 'a' - 'A';
	struct gpu *again = opencl_open(wanted, opencl_kernels, &said);
	cr_assert_not_null(again);
	cr_expect_str_eq(again->name, g->name);
	gpu_close(again);
	free(said);
	cr_expect_null(opencl_open("Babbage", opencl_kernels, &said));
	cr_expect_not_null(strstr(said, "no device named 'Babbage'; there is "));
	cr_expect_not_null(strstr(said, g->name));
	free(said);
	gpu_close(g);
}

Test(opencl, too_much_memory_is_a_fault_and_no_crash)
{
	struct gpu *g = open_small();
	cr_expect_null(g->ops->alloc(g, (size_t)(64 * g->buffer_bytes)));
	cr_expect_not_null(strstr(g->fault, "clCreateBuffer"), "%s", g->fault);
	gpu_close(g);
}
