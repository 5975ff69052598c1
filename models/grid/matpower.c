#include "models/grid/matpower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "models/grid/branch.h"

/* ---- network ---- */

/* Phase to neutral; a case without base voltages is told in kV of its own. */
static double nominal_v(const struct mp_bus *b)
{
	return (b->base_kv > 0 ? b->base_kv : 1) * 1e3 / sqrt(3);
}

void mp_add_bus(struct network *n, const struct mp_bus *b)
{
	double v = nominal_v(b);
	uint32_t bus = network_bus(n, b->name), node = network_node(n, bus, 0);
	n->alike = NET_PHASES;
	n->bus[bus]->nominal_v = v;
	n->node[node].nominal_v = v;
	if (b->type == MP_REFERENCE)
		network_source(n, node, b->vm_pu * v * cexp(I * b->va_deg * M_PI / 180), v);
	if (b->pd_mw != 0 || b->qd_mvar != 0) {
		struct net_load l = { .name = (char *)b->name,
			.plus = node,
			.minus = NET_GROUND,
			.s_va = (b->pd_mw + I * b->qd_mvar) * 1e6 / n->alike,
			.nominal_v = v,
			.power = 1 };
		network_load(n, &l);
	}
	if (b->gs_mw != 0 || b->bs_mvar != 0)
		branch_shunt(n, b->name, node, NET_GROUND,
		    (b->gs_mw + I * b->bs_mvar) * 1e6 / n->alike / (v * v));
}

void mp_add_branch(struct network *n, const struct mp_branch *b, double base_mva)
{
	uint32_t from = network_node(n, network_bus(n, b->from), 0);
	uint32_t to = network_node(n, network_bus(n, b->to), 0);
	double v = n->node[to].nominal_v, turns = n->node[from].nominal_v / v;
	double base_ohm = v * v / (base_mva * 1e6 / n->alike);
	double tap = b->tap > 0 ? b->tap : 1;
	if (b->closed)
		branch_tapped(n, b->to, from, to, (b->r_pu + I * b->x_pu) * base_ohm,
		    b->b_pu / base_ohm, tap * turns * cexp(I * b->shift_deg * M_PI / 180));
}

/* ---- file ---- */

enum { ROW_MAX = 32 };

struct matrix {
	const char *name;
	size_t columns; /* that are needed */
	double *value;  /* rows of ROW_MAX */
	int *line;      /* [rows] */
	size_t rows, cap, line_cap;
	bool seen;
};

struct parse {
	const char *path;
	char *next;
	int line;
	double base_mva;
	struct matrix bus, gen, branch;
	struct err_list *e;
};

static struct err_pos pos_of(const struct parse *p, int line)
{
	return (struct err_pos){ p->path, line, 1 };
}

/* Cuts off a comment and spaces around what is left. */
static char *statement_of(char *line)
{
	line[strcspn(line, "%\r")] = 0;
	line += strspn(line, " \t");
	for (size_t n = strlen(line); n > 0 && strchr(" \t", line[n - 1]); n--) line[n - 1] = 0;
	return line;
}

static char *next_line(struct parse *p)
{
	if (!*p->next) return NULL;
	char *line = p->next;
	size_t n = strcspn(line, "\n");
	p->next += n + (line[n] == '\n');
	line[n] = 0;
	p->line++;
	return statement_of(line);
}

/* "1 2 3;" or "1,2,3": one row; adds it when there is something in it. */
static void read_row(struct parse *p, struct matrix *m, char *text)
{
	double row[ROW_MAX] = { 0 };
	size_t n = 0;
	char *rest = text;
	for (char *word; (word = strsep(&rest, " \t,")) && n < ROW_MAX;) {
		if (!*word) continue;
		if (text_to_number(word, &row[n]) && isfinite(row[n]))
			n++;
		else {
			err_at(p->e, pos_of(p, p->line), "mpc.%s: '%s' is not a number; write one",
			    m->name, word);
			return;
		}
	}
	if (!n) return;
	if (n < m->columns) {
		err_at(p->e, pos_of(p, p->line), "mpc.%s: %zu columns are not enough; write %zu",
		    m->name, n, m->columns);
		return;
	}
	m->value = mem_grow(m->value, m->rows, &m->cap, sizeof row);
	m->line = mem_grow(m->line, m->rows, &m->line_cap, sizeof *m->line);
	memcpy(&m->value[m->rows * ROW_MAX], row, sizeof row);
	m->line[m->rows++] = p->line;
}

/* From behind "[" to "]". */
static void read_matrix(struct parse *p, struct matrix *m, char *text)
{
	int begin = p->line;
	m->seen = true;
	for (; text; text = next_line(p)) {
		char *end = strchr(text, ']');
		if (end) *end = 0;
		for (char *row; (row = strsep(&text, ";"));) read_row(p, m, row);
		if (end) return;
	}
	err_at(p->e, pos_of(p, begin), "mpc.%s: the matrix has no end; write ];", m->name);
}

static struct matrix *matrix_of(struct parse *p, const char *name, size_t size)
{
	struct matrix *all[] = { &p->bus, &p->gen, &p->branch };
	for (size_t i = 0; i < 3; i++)
		if (strlen(all[i]->name) == size && !strncmp(all[i]->name, name, size))
			return all[i];
	return NULL;
}

/* "mpc.NAME = VALUE". Assignments to parts of a matrix compute something. */
static void read_field(struct parse *p, char *text)
{
	char *name = text + strlen("mpc."), *equals = strchr(name, '=');
	size_t size = strcspn(name, " \t=(");
	struct matrix *m = matrix_of(p, name, size);
	if (name[size] == '(' && (m || !equals)) {
		err_at(p->e, pos_of(p, p->line),
		    "mpc.%.*s is computed here; load the case in MATPOWER and write it with "
		    "savecase, which leaves numbers only",
		    (int)size, name);
		return;
	}
	if (!equals) return;
	char *value = equals + 1 + strspn(equals + 1, " \t");
	if (*value == '[') {
		if (m)
			read_matrix(p, m, value + 1);
		else
			while (!strchr(value, ']') && (value = next_line(p))) continue;
	} else if (size == strlen("baseMVA") && !strncmp(name, "baseMVA", size)) {
		value[strcspn(value, "; \t")] = 0;
		if (!text_to_number(value, &p->base_mva) || !(p->base_mva > 0))
			err_at(p->e, pos_of(p, p->line), "mpc.baseMVA: '%s' is no number above 0",
			    value);
	}
}

static void read_case(struct parse *p)
{
	bool fields = false;
	for (char *line; (line = next_line(p));)
		if (!strncmp(line, "mpc.", 4)) {
			fields = true;
			read_field(p, line);
		}
	if (!fields)
		err_at(p->e, pos_of(p, 0),
		    "no MATPOWER case: no line begins with mpc.; name a case file, or a folder of "
		    "tables with a source.csv");
	else if (!(p->base_mva > 0))
		err_at(p->e, pos_of(p, 0), "no mpc.baseMVA; write mpc.baseMVA = 100;");
	if (fields && (!p->bus.seen || !p->branch.seen || !p->gen.seen))
		err_at(p->e, pos_of(p, 0), "mpc.bus, mpc.gen and mpc.branch must all be there");
}

/* ---- from one to the other ---- */

static const double *row_of(const struct matrix *m, size_t i)
{
	return &m->value[i * ROW_MAX];
}

static const char *bus_name(double number, char buf[24])
{
	snprintf(buf, 24, "%.0f", number);
	return buf;
}

static bool gen_runs(const double *gen)
{
	return gen[7] > 0;
}

/* At the reference its voltage holds, elsewhere it is a negative load. */
static void add_generators(const struct parse *p, struct mp_bus *b, double number)
{
	for (size_t i = 0; i < p->gen.rows; i++) {
		const double *gen = row_of(&p->gen, i);
		if (gen[0] != number || !gen_runs(gen)) continue;
		if (b->type == MP_REFERENCE) {
			b->vm_pu = gen[5];
			continue;
		}
		b->pd_mw -= gen[1];
		b->qd_mvar -= gen[2];
	}
}

static void add_bus(struct parse *p, struct network *n, size_t i)
{
	char name[24];
	const double *row = row_of(&p->bus, i);
	struct mp_bus b = { bus_name(row[0], name), (int)row[1], row[2], row[3], row[4], row[5],
		row[9], row[7], row[8] };
	if (b.type == MP_PV)
		err_at(p->e, pos_of(p, p->bus.line[i]),
		    "bus %s: a generator holds its voltage (type 2), which the flow of a "
		    "distribution network does not have; make it type 1",
		    name);
	if (network_find(n, name))
		err_at(p->e, pos_of(p, p->bus.line[i]), "bus %s is there already; number it anew",
		    name);
	if (b.type == MP_ISOLATED) return;
	add_generators(p, &b, row[0]);
	mp_add_bus(n, &b);
}

static void add_branch(struct parse *p, struct network *n, size_t i)
{
	char from[24], to[24];
	const double *row = row_of(&p->branch, i);
	struct mp_branch b = { bus_name(row[0], from), bus_name(row[1], to), row[2], row[3], row[4],
		row[8], row[9], row[10] > 0 };
	if (!network_find(n, from) || !network_find(n, to)) {
		err_at(p->e, pos_of(p, p->branch.line[i]),
		    "branch %s - %s ends at a bus that is not in mpc.bus", from, to);
		return;
	}
	if (b.r_pu == 0 && b.x_pu == 0)
		err_at(p->e, pos_of(p, p->branch.line[i]),
		    "branch %s - %s has no impedance; merge its buses", from, to);
	else
		mp_add_branch(n, &b, p->base_mva);
}

static struct network *network_of(struct parse *p)
{
	struct network *n = network_new();
	size_t before = err_count(p->e);
	for (size_t i = 0; i < p->bus.rows; i++) add_bus(p, n, i);
	for (size_t i = 0; i < p->branch.rows; i++) add_branch(p, n, i);
	if (!n->sources && err_count(p->e) == before)
		err_at(
		    p->e, pos_of(p, 0), "no bus is the reference (type 3), which feeds the others");
	if (err_count(p->e) == before) return n;
	network_free(n);
	return NULL;
}

static void free_matrix(struct matrix *m)
{
	free(m->value);
	free(m->line);
}

struct network *mp_read(const char *path, struct err_list *e)
{
	size_t size, before = err_count(e);
	char *text = file_read(path, FILE_TABLE_MAX, &size, e);
	if (!text) return NULL;
	struct parse p = { .path = path,
		.next = text,
		.e = e,
		.bus = { "bus", 10 },
		.gen = { "gen", 8 },
		.branch = { "branch", 11 } };
	read_case(&p);
	struct network *n = err_count(e) == before ? network_of(&p) : NULL;
	free_matrix(&p.bus);
	free_matrix(&p.gen);
	free_matrix(&p.branch);
	free(text);
	return n;
}
