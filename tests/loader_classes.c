#include "tests/loader_classes.h"

static const struct attr root_attrs[] = {
	ATTR_TEXT(struct root_par, name, "name", REQUIRED, "short name"),
	ATTR_INT(struct root_par, seed, "seed", "1", 0, 9e15, "seed of every stream"),
	ATTR_END,
};
static const struct class root = {
	.element = "scenario", .parents = "", .about = "A scenario.",
	.par_size = sizeof(struct root_par), .attrs = root_attrs,
};

static const struct attr words_attrs[] = {
	ATTR_BODY(struct words_par, text, "a sentence"),
	ATTR_END,
};
static const struct class words = {
	.element = "about", .parents = "scenario", .about = "In words.",
	.par_size = sizeof(struct words_par), .attrs = words_attrs, .max = 1,
};

static const struct attr clock_attrs[] = {
	ATTR_TIME(struct clock_par, start, "start", REQUIRED, "first instant"),
	ATTR_QTY(struct clock_par, step_s, "step", DIM_TIME, "1 min", 1, 3600, "length of a step"),
	ATTR_END,
};
static const struct class clock_class = {
	.element = "time", .parents = "scenario", .about = "When it begins.",
	.par_size = sizeof(struct clock_par), .attrs = clock_attrs, .min = 1, .max = 1,
};

static const struct attr homes_attrs[] = {
	ATTR_INT(struct homes_par, count, "count", REQUIRED, 1, 1000, "how many"),
	ATTR_BOOL(struct homes_par, heated, "heated", "no", "whether heat pumps heat them"),
	ATTR_END,
};
static const struct class homes = {
	.element = "homes", .parents = "scenario", .about = "Homes.",
	.par_size = sizeof(struct homes_par), .attrs = homes_attrs,
};

static const struct attr battery_attrs[] = {
	ATTR_QTY(struct battery_par, energy_j, "capacity", DIM_ENERGY, REQUIRED, 3.6e6, 3.6e8,
	    "usable energy"),
	ATTR_DIST(struct battery_par, power_w, "power", DIM_POWER, "5 kW", 100, 20e3, "rating"),
	ATTR_ENUM(struct battery_par, chemistry, "chemistry", "lfp", "lfp nmc sodium", "cells"),
	ATTR_QTY(struct battery_par, efficiency_frac, "efficiency", DIM_FRACTION, OPTIONAL, 0.3, 1,
	    "round trip"),
	ATTR_END,
};
/* A rule between two attributes: at most 2 h^-1. */
static void battery_check(const struct object *o, struct err_list *e)
{
	const struct battery_par *p = o->par;
	if (dist_mean(&p->power_w) > 2 * p->energy_j / 3600)
		err_at(e, object_attr_pos(o, "power"), "battery: power empties it in half an hour");
}
static const struct class battery = {
	.element = "battery", .parents = "homes site", .about = "A battery.",
	.par_size = sizeof(struct battery_par), .attrs = battery_attrs, .check = battery_check,
};

static const struct class site = {
	.element = "site", .parents = "scenario", .about = "A site.",
};

static const struct attr chip_attrs[] = {
	ATTR_TEXT(struct chip_par, name, "name", REQUIRED, "name"),
	ATTR_QTY(struct chip_par, power_w, "power", DIM_POWER, REQUIRED, 1, 2000, "rating"),
	ATTR_TEXT(struct chip_par, source, "source", REQUIRED, "where the figures come from"),
	ATTR_END,
};
static const struct class chip = {
	.element = "chip", .parents = "catalogue", .about = "An accelerator.",
	.par_size = sizeof(struct chip_par), .attrs = chip_attrs,
};

static const struct attr node_attrs[] = {
	ATTR_TEXT(struct node_par, name, "name", OPTIONAL, "name"),
	ATTR_REF(struct node_par, chip, "chip", REQUIRED, "chip", "its accelerator"),
	ATTR_REF(struct node_par, spare, "spare", OPTIONAL, "chip", "another one"),
	ATTR_FILE(struct node_par, trace, "trace", OPTIONAL, "what it replays"),
	ATTR_END,
};
static const struct class node = {
	.element = "node", .parents = "homes site", .about = "A computer.",
	.par_size = sizeof(struct node_par), .attrs = node_attrs,
};

static const struct attr tariff_attrs[] = {
	ATTR_QTY(struct tariff_par, price_per_j, "price", DIM_MONEY_PER_ENERGY, REQUIRED, 0, 1e-5,
	    "price of energy"),
	ATTR_QTY(struct tariff_par, export_per_j, "export", DIM_MONEY_PER_ENERGY, "0.08 EUR/kWh", 0,
	    1e-5, "paid for what is fed in"),
	ATTR_QTY(struct tariff_par, fee, "fee", DIM_MONEY, "0 EUR", 0, 1e6, "once"),
	ATTR_END,
};
static const struct class tariff = {
	.element = "tariff", .parents = "scenario", .about = "Prices.",
	.par_size = sizeof(struct tariff_par), .attrs = tariff_attrs,
};

const struct class *const test_classes[] = {
	&words, &battery, &chip, &homes, &node, &root, &site, &tariff, &clock_class, NULL,
};
