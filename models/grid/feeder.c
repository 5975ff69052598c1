#include "models/grid/feeder.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/feeder_network.h"

/* ---- life ---- */

static void number_names(struct network *n, uint32_t number)
{
	char *prefix = mem_print("feeder %u, ", number);
	network_prefix(n, prefix);
	free(prefix);
}

struct feeder *feeder_new(const struct object *o, uint32_t customers, struct err_list *e)
{
	const struct feeder_par *par = o->par;
	uint32_t networks = (uint32_t)par->count, left = customers, made = 0;
	struct network **network = mem_new(networks, sizeof *network);
	while (made < networks && (network[made] = feeder_network_of(o, &left, e))) {
		if (networks > 1) number_names(network[made], made + 1);
		made++;
	}
	struct feeder *f = NULL;
	if (made < networks || left > 0)
		for (uint32_t i = 0; i < made; i++) network_free(network[i]);
	else
		f = feeder_build(par, network, networks, o->pos, e);
	if (made == networks && left > 0)
		err_at(e, o->pos,
		    "feeder: it has %u service points and there are %u homes; take a larger one, "
		    "write count=, or take fewer homes",
		    customers - left, customers);
	free(network);
	return f;
}

static void count_circuit(struct feeder *f, const struct circuit *c)
{
	f->customers += c->customers;
	f->lines += c->lines;
	f->places += c->places;
	f->transformers += c->transformers;
}

static void make_room(struct feeder *f)
{
	f->at.v_pu = mem_new(f->customers, sizeof *f->at.v_pu);
	f->at.dark = mem_new(f->customers, sizeof *f->at.dark);
	f->at.served_w = mem_new(f->customers, sizeof *f->at.served_w);
	f->at.line_pu = mem_new(f->lines, sizeof *f->at.line_pu);
	f->at.unbalance2 = mem_new(f->places, sizeof *f->at.unbalance2);
	f->at.transformer = mem_new(f->transformers, sizeof *f->at.transformer);
	f->transformer = mem_new(f->transformers, sizeof *f->transformer);
	f->line_name = mem_new(f->lines, sizeof *f->line_name);
	f->place_name = mem_new(f->places, sizeof *f->place_name);
}

static void name_parts(struct feeder *f, const struct circuit *c)
{
	const struct network *n = c->network;
	for (uint32_t i = 0; i < c->lines; i++)
		f->line_name[f->lines + i] = n->element[c->line[i]].name;
	for (uint32_t i = 0; i < c->places; i++)
		f->place_name[f->places + i] = n->bus[c->place[i]]->name;
	for (uint32_t i = 0; i < c->transformers; i++)
		f->transformer[f->transformers + i] =
		    &n->nameplate[n->element[c->element[i]].nameplate];
}

/* Counts anew, and tells each circuit where its part begins. */
static void share_room(struct feeder *f)
{
	f->customers = f->lines = f->places = f->transformers = 0;
	for (uint32_t i = 0; i < f->circuits; i++) {
		struct circuit *c = f->circuit[i];
		c->at = (struct circuit_results){
			.v_pu = f->at.v_pu + f->customers,
			.dark = f->at.dark + f->customers,
			.served_w = f->at.served_w + f->customers,
			.line_pu = f->at.line_pu + f->lines,
			.unbalance2 = f->at.unbalance2 + f->places,
			.transformer = f->at.transformer + f->transformers,
		};
		f->first[i] = f->customers;
		name_parts(f, c);
		count_circuit(f, c);
	}
}

struct feeder *feeder_build(const struct feeder_par *par, struct network **network,
    uint32_t networks, struct err_pos pos, struct err_list *e)
{
	struct feeder *f = mem_new(1, sizeof *f);
	bool good = true;
	f->par = *par;
	f->circuits = networks;
	f->threads = 1;
	f->first = mem_new(networks, sizeof *f->first);
	f->circuit = mem_new(networks, sizeof(struct circuit *));
	for (uint32_t i = 0; i < networks; i++) {
		f->circuit[i] = circuit_new(network[i], par->v_low_pu, pos, e);
		if (f->circuit[i])
			count_circuit(f, f->circuit[i]);
		else
			good = false;
	}
	if (!good) {
		feeder_free(f);
		return NULL;
	}
	make_room(f);
	share_room(f);
	return f;
}

void feeder_free(struct feeder *f)
{
	if (!f) return;
	for (uint32_t i = 0; i < f->circuits; i++) circuit_free(f->circuit[i]);
	free(f->circuit);
	free(f->first);
	free(f->at.v_pu);
	free(f->at.dark);
	free(f->at.served_w);
	free(f->at.line_pu);
	free(f->at.unbalance2);
	free(f->at.transformer);
	free(f->transformer);
	free(f->line_name);
	free(f->place_name);
	free(f);
}

/* ---- solution ---- */

static void add_circuit(struct feeder *f, const struct circuit *c)
{
	const struct circuit_sums *s = &c->sums;
	f->converged &= c->converged;
	f->sums.meter_w += s->meter_w;
	f->sums.meter_var += s->meter_var;
	f->sums.line_loss_w += s->line_loss_w;
	f->sums.transformer_loss_w += s->transformer_loss_w;
	f->sums.delivered_w += s->delivered_w;
	f->sums.collected_w += s->collected_w;
	f->sums.plant_w += s->plant_w;
	f->sums.unserved_w += s->unserved_w;
	f->sums.curtailed_w += s->curtailed_w;
	f->sums.low += s->low;
	f->sums.dark_w += s->dark_w;
	f->sums.lvur_pu = fmax(f->sums.lvur_pu, s->lvur_pu);
	if (!c->converged) f->tripped_w += s->unserved_w;
	f->solves++;
	f->iterations += c->iterations;
	f->failures += !c->converged;
	f->low_solves += s->low > 0;
}

static void find_worst(struct feeder *f)
{
	double most2 = 0;
	f->transformer_pu = 0;
	for (uint32_t i = 0; i < f->transformers; i++)
		f->transformer_pu = fmax(f->transformer_pu, f->at.transformer[i].pu);
	f->unbalance_place = 0;
	for (uint32_t i = 0; i < f->places; i++) {
		if (f->at.unbalance2[i] <= most2) continue;
		most2 = f->at.unbalance2[i];
		f->unbalance_place = i;
	}
	f->unbalance_pu = sqrt(most2);
}

bool feeder_solve(struct feeder *f, const double *p_w, const double *q_var)
{
	f->sums = (struct circuit_sums){ 0 };
	f->tripped_w = 0;
	f->converged = true;
	/* Each writes its own part of the results only; sums are taken in order below. */
#ifdef _OPENMP
#pragma omp parallel for schedule(static) num_threads(f->threads) if (f->threads > 1)
#endif
	for (uint32_t i = 0; i < f->circuits; i++)
		circuit_solve(f->circuit[i], p_w + f->first[i], q_var + f->first[i]);
	for (uint32_t i = 0; i < f->circuits; i++) add_circuit(f, f->circuit[i]);
	f->source_va = hypot(f->sums.meter_w, f->sums.meter_var);
	find_worst(f);
	return f->converged;
}

double feeder_residual(const struct feeder *f)
{
	const struct circuit_sums *s = &f->sums;
	double in_w = fmax(s->meter_w, 0) + s->collected_w + s->plant_w + s->unserved_w;
	double out_w = fmax(-s->meter_w, 0) + s->delivered_w + s->curtailed_w + s->line_loss_w +
		       s->transformer_loss_w;
	double throughput_w = fmax(in_w, out_w);
	return throughput_w > 0 ? fabs(in_w - out_w) / throughput_w : 0;
}

void feeder_book(const struct feeder *f, const struct step *step, struct ledger *l)
{
	const struct circuit_sums *s = &f->sums;
	ledger_meter(l, s->meter_w * step->dt_s);
	ledger_add(l, LEDGER_COLLECTED, s->collected_w * step->dt_s);
	ledger_add(l, LEDGER_PV, s->plant_w * step->dt_s);
	ledger_add(l, LEDGER_DELIVERED, s->delivered_w * step->dt_s);
	ledger_add(l, LEDGER_UNSERVED, s->unserved_w * step->dt_s);
	ledger_add(l, LEDGER_CURTAILED, s->curtailed_w * step->dt_s);
	ledger_add(l, LEDGER_LINE_LOSS, s->line_loss_w * step->dt_s);
	ledger_add(l, LEDGER_TRANSFORMER_LOSS, s->transformer_loss_w * step->dt_s);
}

/* What a street is fed by; a network's tables say it themselves. */
static void refuse_of_street(const struct object *o, struct err_list *e)
{
	static const char *const of_street[] = { "voltage", "source", "fault-level", "fault-x-r" };
	for (size_t i = 0; i < sizeof of_street / sizeof *of_street; i++)
		if (object_attr_is_written(o, of_street[i]))
			err_at(e, object_attr_pos(o, of_street[i]),
			    "feeder: %s= is of a street; that of a network stands in its "
			    "source.csv",
			    of_street[i]);
	const struct object *t = object_child(o, &transformer_class);
	if (t)
		err_at(e, t->pos,
		    "transformer: those of a network stand in its transformers.csv; take this "
		    "one out");
}

static void check_feeder(const struct object *o, struct err_list *e)
{
	const struct feeder_par *par = o->par;
	if (!par->street == !par->network)
		err_at(e, o->pos,
		    "feeder: write street=, a low-voltage street behind a transformer, or network=, "
		    "a folder of tables%s",
		    par->street ? ", not both" : "");
	else if (par->network)
		refuse_of_street(o, e);
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct feeder_par, name, "name", "feeder", "what reports call it"),
	ATTR_REF(struct feeder_par, street, "street", OPTIONAL, "street",
	    "the street it supplies; customers hang at its service points in order"),
	ATTR_FOLDER(struct feeder_par, network, "network", OPTIONAL,
	    "the network it is instead of a street: a folder of tables as hearth grid solve reads "
	    "them, whose loads are the service points and whose controls act; inverters of its "
	    "tables give what stands there throughout the run"),
	ATTR_QTY(struct feeder_par, v_ll_v, "voltage", DIM_VOLTAGE, "400 V", 100, 1000,
	    "nominal voltage between two phases of the low side"),
	ATTR_QTY(struct feeder_par, source_pu, "source", DIM_NUMBER, "1", 0.8, 1.2,
	    "voltage of the source, in parts of the nominal (tap position included)"),
	ATTR_QTY(struct feeder_par, fault_va, "fault-level", DIM_APPARENT, OPTIONAL, 1e5, 1e11,
	    "three-phase short-circuit power of the source; stiff when absent"),
	ATTR_QTY(struct feeder_par, fault_x_r, "fault-x-r", DIM_NUMBER, "10", 0.01, 100,
	    "reactance by resistance of the source (10: IEC 60909-0, where nothing else is known)"),
	ATTR_QTY(struct feeder_par, v_low_pu, "low-voltage-limit", DIM_NUMBER, "0.8", 0.3, 0.95,
	    "below this part of the nominal voltage loads turn from constant power to impedance"),
	ATTR_ENUM(struct feeder_par, limits, "voltage-limits", "en50160", "en50160 ansi-a ansi-b",
	    "whose limits of the customers' voltage the margin is to: +-10 % of EN 50160, range A or "
	    "range B of ANSI C84.1"),
	ATTR_INT(struct feeder_par, count, "count", "1", 1, 10000,
	    "how many such feeders stand side by side; homes fill one after another"),
	ATTR_BOOL(struct feeder_par, volt_var, "volt-var", "no",
	    "whether inverters of solar modules give reactive power by the voltage, as IEEE "
	    "1547-2018, category B, has it by default"),
	ATTR_BOOL(struct feeder_par, volt_watt, "volt-watt", "no",
	    "whether they give less active power above 1.06 of the nominal voltage, as IEEE "
	    "1547-2018 has it by default"),
	ATTR_END,
};

const struct class feeder_class = {
	.element = "feeder",
	.parents = "scenario",
	.about =
	    "The local grid that the homes hang on: a street of cables behind a transformer, or a "
	    "network from tables, medium voltage and all.",
	.par_size = sizeof(struct feeder_par),
	.attrs = attrs,
	.max = 1,
	.check = check_feeder,
};
