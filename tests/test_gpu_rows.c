#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gpu/rows.h"
#include "bench/suite/record.h"

/* Two rows as a device could give them, and one that failed. */
static void fill(struct gpu_record *r, struct gpu_row *row)
{
	static const double device_s[] = { 3.1e-4, 3.7e-4, 3.3e-4 };
	*r = (struct gpu_record){ .date = "2026-03-07T12:30:05+00:00", .host = "rack-7",
		.cpu_model = "AMD EPYC 9554", .system = "Linux 6.1.0", .compiler = "12.2.0",
		.version = "gpu-bench 1", .device = "NVIDIA \"H100\" 80GB\\HBM3",
		.driver = "CUDA 13.0, driver 13.0, sm_90", .processors = 31, .duration_s = 71.5,
		.row = row, .rows = 3 };
	for (int i = 0; i < 3; i++)
		row[i] = (struct gpu_row){ .error = 3e-7, .energy_j = NAN, .idle_j = NAN,
			.window_s = NAN, .energy_calls = NAN,
			.c = { .kernel = "read", .shape = "773 MiB", .bytes = 773e6, .error_max = 1e-5 } };
	row[0].samples = 3;
	for (int k = 0; k < 3; k++)
		row[0].sample[k] = (struct gpu_sample){ device_s[k], 1.7e-6, 41 + k };
	row[1].c = (struct gpu_case){ .kernel = "gemv_q4", .shape = "5824 x 4096", .flops = 47e6,
		.bytes = 13e6, .items = 23e6, .item = "weight", .error_max = 1e-5 };
	gpu_case_key(&row[1].c, "rows", 5824);
	gpu_case_key(&row[1].c, "cols", 4096);
	row[1].samples = 1;
	row[1].sample[0] = (struct gpu_sample){ 7.3e-6, 7.9e-6, 2741 };
	row[1].energy_j = 3301.25;
	row[1].idle_j = 353.5;
	row[1].window_s = 5.0625;
	row[1].energy_calls = 690001;
}

static void read_back(struct gpu_record *r, struct bench_file *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	gpu_record_write(out, r);
	fclose(out);
	struct err_list *e = err_new();
	bool good = bench_json_parse("gpu.json", text, size, f, e);
	err_print(e, stderr);
	cr_assert(good, "%s", text);
	err_free(e);
	free(text);
}

Test(gpu_rows, hearth_reads_what_the_bench_alone_wrote)
{
	struct gpu_record r;
	struct gpu_row row[3];
	struct bench_file f;
	fill(&r, row);
	read_back(&r, &f);
	cr_expect_str_eq(f.context.host_name, "rack-7");
	cr_expect_str_eq(f.context.isa, "CUDA 13.0, driver 13.0, sm_90");
	cr_expect_eq(f.context.num_cpus, 31);
	cr_expect_eq(f.context.duration_s, 71.5);
	cr_assert_eq(f.rows, 2); /* the third has no sample */
	const struct bench_row *read = &f.row[0], *q4 = &f.row[1];
	cr_expect_str_eq(read->group, "cuda");
	cr_expect_str_eq(read->kernel, "cuda_read");
	cr_expect_str_eq(read->device, "NVIDIA \"H100\" 80GB\\HBM3");
	cr_assert_eq(read->samples, 3);
	cr_expect_eq(read->sample[1].wall_s, 3.7e-4);
	cr_expect_eq(read->sample[2].calls, 43);
	cr_expect_eq(bench_row_wall_s(read), 3.3e-4);
	cr_expect(isnan(read->energy.measured_j));
	cr_expect(bench_row_right(read));
	cr_expect_str_eq(q4->shape, "5824 x 4096");
	cr_expect_str_eq(q4->item, "weight");
	cr_expect_eq(q4->items, 23e6);
	cr_expect_eq(bench_row_key(q4, "cols"), 4096);
	cr_expect_eq(q4->energy.measured_j, 3301.25);
	cr_expect_eq(q4->energy.idle_j, 353.5);
	cr_expect_eq(q4->energy.calls, 690001);
	cr_expect_str_eq(q4->energy.source, "nvml");
	bench_file_fini(&f);
}

/* Samples 310, 370, 330 us: distances from 330 are 20, 40, 0, so that the middle is 20. */
Test(gpu_rows, a_spread_above_5_percent_is_noisy)
{
	struct gpu_record r;
	struct gpu_row row[3];
	struct bench_file f;
	fill(&r, row);
	cr_expect_float_eq(gpu_row_spread(&row[0]), 20.0 / 330, 1e-12);
	cr_expect(gpu_row_noisy(&row[0]));
	cr_expect(gpu_record_noisy(&r));
	read_back(&r, &f);
	cr_expect(f.row[0].noisy && !f.row[1].noisy && f.context.noisy);
	bench_file_fini(&f);
	row[0].sample[0].device_s = 3.2e-4;
	cr_expect_not(gpu_row_noisy(&row[0]));
}

Test(gpu_rows, what_is_wrong_stays_wrong)
{
	struct gpu_record r;
	struct gpu_row row[3];
	struct bench_file f;
	fill(&r, row);
	row[1].error = INFINITY;
	cr_expect_not(gpu_row_right(&row[1]));
	read_back(&r, &f);
	cr_expect_not(bench_row_right(&f.row[1]));
	bench_file_fini(&f);
}

Test(gpu_rows, products_are_a_table_without_what_is_wrong)
{
	struct gpu_record r;
	struct gpu_row row[3];
	char text[256] = "";
	fill(&r, row);
	r.device[6] = '\0'; /* NVIDIA */
	for (int i = 0; i < 3; i++) {
		row[i].c.kernel = i ? "gemm_f8" : "gemm_bf16";
		row[i].c.keys = 0;
		gpu_case_key(&row[i].c, "rows", 8192);
		gpu_case_key(&row[i].c, "cols", 1024);
		gpu_case_key(&row[i].c, "tokens", 48);
	}
	row[1].error = 0.5;
	FILE *out = fmemopen(text, sizeof text, "w");
	gpu_products_write(out, &r);
	fclose(out);
	cr_expect_str_eq(text,
	    "gpu,dtype,m,n,k,latency_ms\nNVIDIA,bfloat16,48,8192,1024,0.33\n"); /* 330 us */
}
