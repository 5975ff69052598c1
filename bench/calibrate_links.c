/* Constants of an engine's all-reduce from times of single calls. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/calibrate_parts.h"
#include "base/sheet.h"
#include "models/compute/collective.h"

struct call {
	int64_t devices;
	double bytes, time_s;
};

/* The context of the fit. */
struct calls {
	struct call *call;
	size_t count, cap;
	double link_bytes_s; /* peak */
};

static const struct fit_constant constants[] = {
	{ "collective-time", "s", 0, 500e-6, { 5e-6, 30e-6, 100e-6 },
	    "measure messages of some kilobytes too", false },
	{ "link-share", "", 0.01, 1, { 0.6, 0.3, 0.9 }, "measure messages of 64 MB and more too",
	    false },
};

static double call_s(const void *ctx, const double *value, size_t row)
{
	const struct calls *s = ctx;
	struct collective c = { value[0], value[1] * s->link_bytes_s };
	return collective_all_reduce_s(&c, s->call[row].devices, s->call[row].bytes);
}

static const char *const regime_name[] = { "up to 1 MB", "1 to 64 MB", "64 MB and more" };

static size_t regime_of(const void *ctx, size_t row)
{
	double bytes = ((const struct calls *)ctx)->call[row].bytes;
	return bytes > 64e6 ? 2 : bytes > 1e6;
}

static const char *const columns[] = { "op", "dtype", "num_gpus", "message_elements", "latency_ms",
	NULL };

static void read_call(struct calls *s, const struct sheet *t)
{
	double element_bytes = sheet_is(t, "dtype", "int8") ? 1 : 2; /* else half or bfloat16 */
	struct call c = { (int64_t)sheet_number(t, "num_gpus"),
		element_bytes * sheet_number(t, "message_elements"),
		1e-3 * sheet_number(t, "latency_ms") };
	if (c.devices < 2 || !(c.bytes > 0) || !(c.time_s > 0)) {
		err_at(t->e, sheet_pos(t),
		    "an all-reduce of %lld devices, %g bytes and %g ms; write 2 devices and more, "
		    "and sizes and times above 0",
		    (long long)c.devices, c.bytes, 1e3 * c.time_s);
		return;
	}
	s->call = mem_grow(s->call, s->count, &s->cap, sizeof *s->call);
	s->call[s->count++] = c;
}

static bool read_calls(struct calls *s, const struct calibrate_input *in, struct err_list *e)
{
	size_t before = err_count(e);
	struct sheet t;
	bool good = sheet_open(&t, in->table, columns, e) && sheet_require_where(&t, in->where);
	while (good && sheet_next(&t))
		if (sheet_holds(&t, in->where) && sheet_is(&t, "op", "all_reduce"))
			read_call(s, &t);
	sheet_close(&t);
	return err_count(e) == before;
}

bool calibrate_collectives(
    struct calibration *c, const struct calibrate_input *in, struct err_list *e)
{
	static const struct calibrate_kind kind = { "collectives", constants, 2, call_s, regime_of,
		regime_name, 3, 3 };
	struct calls s = { .link_bytes_s = in->device->link_bytes_s };
	if (isnan(s.link_bytes_s)) {
		err_at(e, (struct err_pos){ 0 },
		    "%s has no link to its peers; give its row link=, the peak in one direction",
		    in->device->name);
		return false;
	}
	bool good = read_calls(&s, in, e);
	double *measured = mem_new(s.count, sizeof *measured);
	for (size_t i = 0; i < s.count; i++) measured[i] = s.call[i].time_s;
	if (good) good = calibrate_rows(c, &kind, &s, measured, s.count, in, e);
	c->is_engine = true;
	free(measured);
	free(s.call);
	return good;
}
