#include "models/grid/network_csv_field.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* Beyond any network in volt, ohm, metre or watt, and far from where products of some of them
 * would overflow. */
static const double number_max = 1e12;

void csv_refuse(const struct csv_reader *r, const char *column, const char *remedy)
{
	err_at(r->e, sheet_pos(&r->t), "%s: '%s' %s", column, sheet_text(&r->t, column), remedy);
}

double csv_number(struct csv_reader *r, const char *column)
{
	double value = sheet_number(&r->t, column);
	if (fabs(value) <= number_max) return value;
	csv_refuse(r, column,
	    isfinite(value) ? "is beyond any network; write at most 1e12"
			    : "is no finite number; write one");
	return 1;
}

double csv_positive(struct csv_reader *r, const char *column)
{
	double value = csv_number(r, column);
	if (value >= 1 / number_max) return value;
	csv_refuse(r, column, "must be above 0, at least 1e-12");
	return 1;
}

bool csv_code_name(struct csv_reader *r, char name[CODE_MAX])
{
	const char *text = sheet_text(&r->t, "code");
	if (!*text || strlen(text) >= CODE_MAX) {
		csv_refuse(r, "code", "must be a name of at most 63 bytes");
		return false;
	}
	strcpy(name, text);
	return true;
}

const char *csv_name(struct csv_reader *r, const char *column)
{
	const char *text = sheet_text(&r->t, column);
	if (!*r->prefix) return text;
	r->name = mem_grow(r->name, r->names, &r->name_cap, sizeof *r->name);
	r->name[r->names] = mem_print("%s%s", *text ? r->prefix : "", text);
	return r->name[r->names++];
}

bool csv_is_name(struct csv_reader *r, const char *column, const char *name)
{
	return !strcmp(csv_name(r, column), name);
}

/* -1: neither a phase nor a leg. */
static int phase_of(char letter)
{
	static const char letters[] = "abc12";
	const char *at = strchr(letters, letter);
	return at ? (int)(at - letters) : -1;
}

/* Phases or legs, each once; else 0. */
static int read_phases(const char *text, int phase[NET_PHASES])
{
	int count = 0;
	for (const char *p = text; *p; p++) {
		int is = phase_of(*p);
		if (is < 0 || count == NET_PHASES) return 0;
		for (int i = 0; i < count; i++)
			if (phase[i] == is || (phase[i] >= CSV_LEG) != (is >= CSV_LEG)) return 0;
		phase[count++] = is;
	}
	return count;
}

int csv_phases(struct csv_reader *r, const char *column, int phase[NET_PHASES])
{
	int count = read_phases(sheet_text(&r->t, column), phase);
	if (!count)
		csv_refuse(r, column,
		    "names no phases; write some of a, b and c, as abc, or the legs 1, 2 or 12 of "
		    "a "
		    "split-phase bus");
	return count;
}

static bool is_bare(const struct net_bus *b)
{
	for (int k = 0; k < NET_PHASES; k++)
		if (b->node[k] != NET_NONE) return false;
	return true;
}

/* Once a row, for all its phases are alike. */
static void refuse_mixed(struct csv_reader *r, const char *column, bool leg)
{
	int line = sheet_pos(&r->t).line;
	if (line == r->mixed_line) return;
	r->mixed_line = line;
	csv_refuse(r, column,
	    leg ? "has phases in another row; legs 1 and 2 are of a bus behind a centre-tapped "
		  "transformer alone"
		: "is a split-phase bus in another row; write its legs, 1, 2 or 12");
}

uint32_t csv_node(struct csv_reader *r, const char *column, int phase)
{
	bool leg = phase >= CSV_LEG;
	if (sheet_is(&r->t, column, "")) csv_refuse(r, column, "names no bus");
	bool is_source = r->source_bus && sheet_is(&r->t, column, r->source_bus);
	uint32_t bus = network_bus(r->n, is_source ? r->above : csv_name(r, column));
	struct net_bus *b = r->n->bus[bus];
	if (is_bare(b))
		b->split = leg;
	else if (b->split != leg)
		refuse_mixed(r, column, leg);
	return network_node(r->n, bus, leg ? phase - CSV_LEG : phase);
}

void csv_check_ends(const struct csv_reader *r)
{
	if (sheet_is(&r->t, "from", sheet_text(&r->t, "to")))
		csv_refuse(r, "to", "is where it begins; name another bus");
}

void csv_side(struct csv_reader *r, const char *column, uint32_t at[NET_PHASES])
{
	for (int k = 0; k < NET_PHASES; k++) at[k] = csv_node(r, column, k);
}

static double rating_of(struct csv_reader *r, const char *column)
{
	return *sheet_text(&r->t, column) ? csv_positive(r, column) : NAN;
}

struct csv_rating csv_ratings(struct csv_reader *r)
{
	return (struct csv_rating){ rating_of(r, "rating_a"), rating_of(r, "neutral_a") };
}

double csv_no_load_w(struct csv_reader *r)
{
	double w = sheet_has(&r->t, "no_load_kw") ? csv_number(r, "no_load_kw") * 1e3 : 0;
	if (w >= 0) return w;
	csv_refuse(r, "no_load_kw", "must not be below 0");
	return 0;
}

void csv_nameplate(struct csv_reader *r, double s_va, double complex z_pu, double no_load_w)
{
	struct transformer_par plate = transformer_distribution();
	plate.rating_va = s_va;
	plate.load_w = creal(z_pu) * s_va;
	plate.no_load_w = no_load_w;
	plate.impedance_pu = cabs(z_pu);
	if (plate.load_w + no_load_w > 0) network_nameplate(r->n, &plate);
}
