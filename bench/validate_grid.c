#include "bench/validate_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "models/grid/network_csv.h"

struct network *validate_network(struct validate_job *j, const char *folder)
{
	char *source = mem_print("%s/source.csv", folder), *table = validate_table(j, source);
	struct network *n = NULL;
	if (table) {
		char *path = mem_print("%s/%s", j->folder, folder);
		n = network_read_csv(path, j->e);
		free(path);
	}
	free(table);
	free(source);
	return n;
}

struct nodal *validate_solve(struct validate_job *j, const struct network *n, const char *name)
{
	struct nodal *s = nodal_new(n, (struct err_pos){ name, 0, 0 }, j->e);
	if (s && !nodal_solve(s, VALIDATE_TOLERANCE_PU).converged)
		err_at(j->e, (struct err_pos){ name, 0, 0 }, "the flow did not converge");
	else if (s)
		validate_gap(j->gap, n, s);
	return s;
}

static double complex phase_v(const struct nodal *s, const struct net_bus *b, char phase)
{
	uint32_t node = phase >= 'a' && phase <= 'c' ? b->node[phase - 'a'] : NET_NONE;
	return node == NET_NONE ? NAN : nodal_v(s)[node];
}

double complex validate_voltage(const struct nodal *s, const struct net_bus *b, const char *phases)
{
	double complex v = phase_v(s, b, phases[0]);
	return strlen(phases) > 1 ? v - phase_v(s, b, phases[1]) : v;
}

/* ---- IEEE 13, 34 and 37 nodes ---- */

struct ieee {
	const char *folder, *published, *engine;
	bool line_to_line;
	double limit_pu; /* of the published voltages, which have 4 decimals */
};

static const struct ieee ieee[] = {
	{ "feeders/ieee13", "IEEE 13 nodes: published voltages",
	    "IEEE 13 nodes: OpenDSS, every phasor", false, 2e-4 },
	{ "feeders/ieee34", "IEEE 34 nodes: published voltages",
	    "IEEE 34 nodes: OpenDSS, every phasor", false, 3e-4 },
	{ "feeders/ieee37", "IEEE 37 nodes: published voltages, line to line",
	    "IEEE 37 nodes: OpenDSS, every phasor, line to line", true, 1e-4 },
};

/* Opens a table below the network's folder; false when it is not there. */
static bool open_table(struct validate_job *j, struct sheet *t, const char *folder,
    const char *file, const char *const *columns, char **path)
{
	char *name = mem_print("%s/%s", folder, file);
	*path = validate_table(j, name);
	free(name);
	return *path && sheet_open(t, *path, columns, j->e);
}

/* The bus that a published name stands for. */
static char *bus_alias(struct validate_job *j, const struct ieee *c, const char *published)
{
	static const char *const columns[] = { "published_name", "bus", NULL };
	struct sheet t;
	char *path, *bus = NULL;
	if (open_table(j, &t, c->folder, "bus_alias.csv", columns, &path))
		while (!bus && sheet_next(&t))
			if (sheet_is(&t, "published_name", published))
				bus = mem_text(sheet_text(&t, "bus"));
	if (path) sheet_close(&t);
	free(path);
	return bus;
}

static void add_published(
    struct validate_job *j, const struct ieee *c, const struct network *n, const struct nodal *s)
{
	static const char *const columns[] = { "bus", "phase", "v_pu", NULL };
	struct worst w = { 0 };
	struct sheet t;
	char *path;
	if (open_table(j, &t, c->folder, "published_voltages.csv", columns, &path))
		while (sheet_next(&t)) {
			char *name = bus_alias(j, c, sheet_text(&t, "bus"));
			const struct net_bus *b = name ? network_find(n, name) : NULL;
			double base_v = b ? b->nominal_v * (c->line_to_line ? sqrt(3) : 1) : NAN;
			worst_add(
			    &w, b ? cabs(validate_voltage(s, b, sheet_text(&t, "phase"))) / base_v -
					sheet_number(&t, "v_pu")
				  : NAN);
			free(name);
		}
	if (path) sheet_close(&t);
	free(path);
	validate_worst(j, c->published, "published_voltages.csv", w, "pu", c->limit_pu);
}

/* Phasors of three nodes of a bus, by phase; NAN: not there. */
struct phasors {
	char bus[64];
	double complex v[NET_PHASES];
};

static void compare_bus(const struct ieee *c, const struct network *n, const struct nodal *s,
    const struct phasors *p, struct worst *w)
{
	static const char *const pair[] = { "ab", "bc", "ca" }, *const phase[] = { "a", "b", "c" };
	const struct net_bus *b = network_find(n, p->bus);
	for (int k = 0; k < NET_PHASES; k++) {
		double complex v = p->v[k];
		if (c->line_to_line) v -= p->v[(k + 1) % NET_PHASES];
		if (isnan(creal(v))) continue;
		double base_v = b ? b->nominal_v * (c->line_to_line ? sqrt(3) : 1) : NAN;
		worst_add(
		    w, b ? cabs(validate_voltage(s, b, c->line_to_line ? pair[k] : phase[k]) - v) /
			       base_v
			 : NAN);
	}
}

static void add_engine(
    struct validate_job *j, const struct ieee *c, const struct network *n, const struct nodal *s)
{
	static const char *const columns[] = { "bus", "phase", "v_re_volt", "v_im_volt", NULL };
	static const struct phasors none = { "", { NAN, NAN, NAN } };
	struct phasors p = none;
	struct worst w = { 0 };
	struct sheet t;
	char *path;
	if (open_table(j, &t, c->folder, "opendss_voltages.csv", columns, &path))
		while (sheet_next(&t)) {
			const char *bus = sheet_text(&t, "bus"), *phase = sheet_text(&t, "phase");
			if (strcmp(p.bus, bus)) {
				if (*p.bus) compare_bus(c, n, s, &p, &w);
				p = none;
				snprintf(p.bus, sizeof p.bus, "%s", bus);
			}
			if (*phase >= 'a' && *phase <= 'c')
				p.v[*phase - 'a'] = sheet_number(&t, "v_re_volt") +
						    I * sheet_number(&t, "v_im_volt");
		}
	if (*p.bus) compare_bus(c, n, s, &p, &w);
	if (path) sheet_close(&t);
	free(path);
	validate_worst(j, c->engine, "opendss_voltages.csv", w, "pu", 1e-6);
}

void validate_ieee(struct validate_job *j)
{
	for (size_t i = 0; i < sizeof ieee / sizeof *ieee; i++) {
		struct network *n = validate_network(j, ieee[i].folder);
		struct nodal *s = n ? validate_solve(j, n, ieee[i].folder) : NULL;
		if (s) {
			add_engine(j, &ieee[i], n, s);
			add_published(j, &ieee[i], n, s);
		}
		nodal_free(s);
		network_free(n);
	}
}

bool validate_grid(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e)
{
	struct engine_gap gap = { 0 };
	struct validate_job j = {
		.v = v, .catalogue = catalogue, .folder = folder, .e = e, .gap = &gap
	};
	validate_ieee(&j);
	validate_regulators(&j);
	validate_ieee4(&j);
	validate_lv_day(&j);
	validate_matpower(&j);
	validate_engines(&j);
	validate_collapse(&j);
	validate_thermal(&j);
	validate_frequency(&j);
	*missing = j.missing;
	return err_count(e) == 0;
}
