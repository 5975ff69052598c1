/* What the readers of a network's tables share: the reader's state and its fields.
 *
 * Every fault is put into the reader's list, at the row; what is returned then lets the
 * reading go on, so that all faults are told at once. */
#ifndef HEARTH_MODELS_GRID_NETWORK_CSV_FIELD_H
#define HEARTH_MODELS_GRID_NETWORK_CSV_FIELD_H

#include "base/sheet.h"
#include "models/grid/network.h"

enum { CODE_MAX = 64 };

/* Continuous, of a conductor and of a neutral that carries the sum; NAN: not stated. */
struct csv_rating {
	double a, neutral_a;
};

/* A sequence-form line code, ohm per metre. */
struct code {
	char name[CODE_MAX];
	double complex z1_ohm_m, z0_ohm_m;
	double b_s_m; /* to earth, of each phase */
	struct csv_rating rating;
};

/* Of the legs of a triplex cable, its earthed neutral eliminated, ohm per metre. */
struct triplex {
	char name[CODE_MAX];
	double complex self_ohm_m, mutual_ohm_m;
	struct csv_rating rating;
};

struct csv_reader {
	const char *folder;
	struct network *n;
	struct err_list *e;
	struct sheet t; /* the table that is being read */
	struct code *code;
	size_t codes, code_cap;
	struct triplex *triplex;
	size_t triplexes, triplex_cap;
	int mixed_line; /* of a fault that need not be told of each phase */
	/* Of a network below another: what its names begin with, the bus of the whole network
	 * that stands for that of its source, and the latter. At the top "", NULL, NULL. */
	const char *prefix, *above;
	char *source_bus;
	char **name; /* those that csv_name made */
	size_t names, name_cap;
};

/* "COLUMN: 'what stands there' REMEDY" at the row. */
void csv_refuse(const struct csv_reader *r, const char *column, const char *remedy);

double csv_number(struct csv_reader *r, const char *column);   /* to +-1e12; 1 after a fault */
double csv_positive(struct csv_reader *r, const char *column); /* 1e-12 on; 1 after a fault */

/* Leg 1 in the place of a phase; leg 2 is the next. */
enum { CSV_LEG = NET_PHASES };

/* The column `code`; false after a fault. */
bool csv_code_name(struct csv_reader *r, char name[CODE_MAX]);

/* What the column names, a bus, a line or a load, as the whole network calls it; lent until
 * the table ends. "" where it is empty. */
const char *csv_name(struct csv_reader *r, const char *column);
bool csv_is_name(struct csv_reader *r, const char *column, const char *name);

/* Phases of "abc", "ac" or "b", or legs of "12" or "1"; their number, 0 after a fault. */
int csv_phases(struct csv_reader *r, const char *column, int phase[NET_PHASES]);

/* The node of that phase or leg of the bus that the column names; added when missing. A bus
 * that has the others is a fault. */
uint32_t csv_node(struct csv_reader *r, const char *column, int phase);
void csv_check_ends(const struct csv_reader *r); /* from and to are two buses */
void csv_side(struct csv_reader *r, const char *column, uint32_t at[NET_PHASES]); /* all three */

/* The columns rating_a and neutral_a of the row. */
struct csv_rating csv_ratings(struct csv_reader *r);

/* The no_load_kw of a transformer, 0 without such a column. */
double csv_no_load_w(struct csv_reader *r);

/* What stands on the transformer that was added last. Temperatures come from losses: where
 * there are none, nothing is known of them, and it has no nameplate. */
void csv_nameplate(struct csv_reader *r, double s_va, double complex z_pu, double no_load_w);

#endif
