#include "bench/suite/energy_table.h"

#include <math.h>

/* Of one call; "-" for what nobody knows. */
static const char *energy_text(double window_j, double calls, char *buf, size_t size)
{
	if (isnan(window_j))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%.3g J", window_j / calls);
	return buf;
}

static void print_row(const struct bench_row *r, FILE *out)
{
	const struct bench_energy *e = &r->energy;
	char b[5][24], interval[64] = "-", power[24] = "-";
	if (!isnan(e->estimated_low_j))
		snprintf(interval, sizeof interval, "%s to %s",
		    energy_text(e->estimated_low_j, e->calls, b[0], sizeof b[0]),
		    energy_text(e->estimated_high_j, e->calls, b[1], sizeof b[1]));
	if (!isnan(e->measured_j)) snprintf(power, sizeof power, "%.1f W", e->measured_j / e->window_s);
	fprintf(out, "%-18s %-20s %3d %-5s %10s %10s %8s %10s %-22s %s", r->kernel, r->shape,
	    r->threads, *r->pages ? r->pages : "-",
	    energy_text(e->measured_j, e->calls, b[2], sizeof b[2]),
	    energy_text(e->measured_j - e->idle_j, e->calls, b[3], sizeof b[3]), power,
	    energy_text(e->estimated_j, e->calls, b[4], sizeof b[4]), interval, e->source);
	if (isnan(e->measured_j))
		fputs(", an estimate\n", out);
	else
		fprintf(out, ", %s, %s\n", e->scope, e->method);
}

void energy_table_print(const struct bench_file *f, FILE *out)
{
	bool headed = false;
	for (size_t i = 0; i < f->rows; i++) {
		const struct bench_energy *e = &f->row[i].energy;
		if (isnan(e->measured_j) && isnan(e->estimated_j)) continue;
		if (!headed)
			fprintf(out, "\n%-18s %-20s %3s %-5s %10s %10s %8s %10s %-22s %s\n",
			    "energy of a call", "shape", "thr", "pages", "measured", "above idle", "power",
			    "estimated", "rest to full load", "by");
		headed = true;
		print_row(&f->row[i], out);
	}
}
