/* Events, energies and times of neuromorphic chips, against another simulator and against what
 * the sources of data/chips.xml measured. The peer's own table is not part of hearth: the one
 * test that reads it is skipped without HEARTH_SHARED. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/bed.h"
#include "bench/spike_peers.h"
#include "loader/scenario.h"

static struct scenario *shipped;

static void read_catalogues(void)
{
	struct err_list *e = err_new();
	shipped = scenario_catalogues(e);
	err_print(e, stderr);
	err_free(e);
	cr_assert(shipped != NULL);
}

static void free_catalogues(void)
{
	scenario_free(shipped);
}

static const struct chip_par *chip(const char *name)
{
	struct err_list *e = err_new();
	const struct object *o = bed_row(scenario_catalogue(shipped), &chip_class, name, e);
	err_print(e, stderr);
	err_free(e);
	cr_assert(o != NULL);
	return o->par;
}

static void expect_near(const char *what, double value, double wanted, double share)
{
	cr_expect(fabs(value - wanted) <= share * fabs(wanted), "%s: %.9g, not %.9g", what, value,
	    wanted);
}

/* bench/spike_peers.h: what SANA-FE printed. */
Test(chip, energies_are_those_of_sana_fe)
{
	for (int i = 0; i < SPIKE_PEERS; i++) {
		const struct spike_peer *p = &spike_peers[i];
		struct spike_energy e = spike_energy_of(&p->chip, &p->run, 0, 0);
		expect_near(p->name, e.synapse_j, p->synapse_j, 1e-6);
		expect_near(p->name, e.soma_j, p->soma_j, 1e-6);
		expect_near(p->name, e.network_j, p->network_j, 1e-6);
		expect_near(p->name, spike_energy_sum(&e), p->total_j, 1e-6);
	}
}

/* The table above holds what the published runs were: energies and counts row by row. */
Test(chip, the_peers_table_is_as_recorded)
{
	static const char *const columns[] = { "timing_model", "synaptic_ops", "messages",
		"neurons_updated", "e_synapse_j", "e_soma_j", "e_network_j", "sim_time_s", NULL };
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/hardware/snn-peer-sanafe.csv", shared ? shared : "");
	FILE *f = shared ? fopen(path, "r") : NULL;
	if (!f) cr_skip_test("needs %s: set HEARTH_SHARED to the folder with data/", path);
	fclose(f);
	struct err_list *e = err_new();
	struct sheet t;
	cr_assert(sheet_open(&t, path, columns, e));
	int rows = 0;
	for (; sheet_next(&t) && rows < SPIKE_PEERS; rows++) {
		const struct spike_peer *p = &spike_peers[rows];
		struct spike_energy j = spike_energy_of(&p->chip, &p->run, 0, 0);
		cr_expect_str_eq(sheet_text(&t, "timing_model"), p->timing);
		cr_expect_eq(p->run.synops, sheet_number(&t, "synaptic_ops"));
		cr_expect_eq(p->run.messages, sheet_number(&t, "messages"));
		cr_expect_eq(p->run.updates, sheet_number(&t, "neurons_updated"));
		expect_near("synapse", j.synapse_j, sheet_number(&t, "e_synapse_j"), 1e-3);
		expect_near("soma", j.soma_j, sheet_number(&t, "e_soma_j"), 1e-3);
		expect_near("network", j.network_j, sheet_number(&t, "e_network_j"), 1e-3);
		expect_near("time", p->time_s, sheet_number(&t, "sim_time_s"), 1e-6);
	}
	cr_expect_eq(rows, SPIKE_PEERS);
	cr_expect_eq(err_count(e), 0);
	sheet_close(&t);
	err_free(e);
	free(path);
}

/* The peer lets a core take messages in while it updates neurons: 844 ns where one after the
 * other takes 850. Of the gestures the busiest core is not known, as spikes by core were not
 * printed; an even share of all cores is a lower bound, which is not to be above the peer. */
Test(chip, steps_last_as_long_as_the_busiest_core)
{
	const struct spike_peer *small = &spike_peers[0], *large = &spike_peers[1];
	double core_s = spike_core_s(&small->chip, &small->busiest) / small->steps;
	double s = spike_step_s(&small->chip, core_s, 0);
	expect_near("example", s, 8.50e-9, 1e-9);
	expect_near("example", s * small->steps, small->time_s, 0.02);

	struct spike_counts even = spike_counts_times(large->run, 1 / (large->cores * large->steps));
	s = spike_step_s(&large->chip, spike_core_s(&large->chip, &even), 0);
	cr_expect_gt(2 * s, large->time_s / large->steps);
}

Test(chip, a_step_is_no_shorter_than_the_tick)
{
	struct chip_par p = { .tick_s = 1e-3, .barrier_s = 2e-6 };
	cr_expect_eq(spike_step_s(&p, 5e-6, 1e-6), 1e-3);
	cr_expect(epsilon_eq(dbl, spike_step_s(&p, 2e-3, 1e-6), 2.003e-3, 1e-12));
	p.tick_s = NAN;
	cr_expect(epsilon_eq(dbl, spike_step_s(&p, 5e-6, 1e-6), 8e-6, 1e-15));
}

/* Every way between two tiles of small meshes, counted. */
Test(chip, mean_hops_are_those_of_all_pairs)
{
	static const struct { int width, height; } mesh[] = { { 1, 1 }, { 2, 1 }, { 8, 4 }, { 3, 7 } };
	for (size_t i = 0; i < sizeof mesh / sizeof *mesh; i++) {
		int w = mesh[i].width, h = mesh[i].height, hops = 0;
		for (int a = 0; a < w * h; a++)
			for (int b = 0; b < w * h; b++)
				hops += abs(a % w - b % w) + abs(a / w - b / w);
		struct chip_par p = { .mesh_width = w, .mesh_height = h };
		double mean = (double)hops / (w * h) / (w * h);
		cr_expect(epsilon_eq(dbl, chip_mean_hops(&p), mean, 1e-12), "%d x %d", w, h);
		cr_expect_eq(chip_most_hops(&p), w + h - 2);
	}
	cr_expect_eq(chip_mean_hops(&(struct chip_par){ 0 }), 0);
}

/* A chip that does n of one event a second. */
static double drawn_w(const struct chip_par *p, struct spike_counts a_second)
{
	struct spike_energy e = spike_energy_of(p, &a_second, 1, 1);
	return spike_energy_sum(&e);
}

/* The measurements that the rows come from, told again. */
Test(chip, rows_tell_what_their_sources_measured, .init = read_catalogues, .fini = free_catalogues)
{
	/* Intel 2024: 1152 chips draw 2600 W at most, at 380e12 operations a second. */
	struct spike_counts full = { .synops = 380e12 / 1152 };
	expect_near("Hala Point", 1152 * drawn_w(chip("hala-point"), full), 2600, 0.005);
	expect_near("Loihi 2", drawn_w(chip("loihi-2"), full), 2600.0 / 1152, 0.005);
	/* Akopyan et al. 2015, figure 17: 2^20 neurons of 128 synapses at 20.07 Hz draw 71 mW. */
	double events = 1048576 * 128 * 20.07;
	expect_near("TrueNorth", drawn_w(chip("truenorth"), (struct spike_counts){ .synops = events }),
	    71e-3, 0.01);
	expect_near("TrueNorth, lumped",
	    drawn_w(chip("truenorth-typical"), (struct spike_counts){ .synops = events }), 72e-3, 0.05);
	/* Yao et al. 2024, table 1: 1.0e6 spikes in 540 ms, 9.5 mW. */
	expect_near("Speck", drawn_w(chip("speck"), (struct spike_counts){ .fires = 1.0e6 / 0.54 }),
	    9.5e-3, 0.01);
	/* Stradmann et al. 2022: 276 us, 192 uJ of the chip and 1.546 mJ of the system. */
	struct spike_counts none = { 0 };
	expect_near("BrainScaleS-2", drawn_w(chip("brainscales-2"), none) * 276e-6, 192e-6, 0.005);
	expect_near("BrainScaleS-2, system", drawn_w(chip("brainscales-2-system"), none) * 276e-6,
	    1546e-6, 0.005);
}

/* SpiNNaker: 45 pJ in a survey, 13.3 nJ measured. */
Test(chip, one_chip_differs_by_what_is_counted, .init = read_catalogues, .fini = free_catalogues)
{
	const struct chip_par *measured = chip("spinnaker-1"), *survey = chip("spinnaker-1-survey");
	expect_near("SpiNNaker", measured->synop_j / survey->synop_j, 295.6, 1e-3);
	cr_expect_str_eq(chip_boundary_word(measured), "board");
	cr_expect_str_eq(chip_basis_word(measured), "measured");
	cr_expect_str_eq(chip_boundary_word(survey), "operation");
	cr_expect_str_eq(chip_basis_word(survey), "claimed");
}

Test(chip, what_is_not_published_is_named, .init = read_catalogues, .fini = free_catalogues)
{
	static const struct {
		const char *name, *lacks;
	} row[] = {
		{ "loihi-1", NULL }, { "loihi-2", NULL }, { "hala-point", NULL },
		{ "truenorth", NULL }, { "spinnaker-1", NULL }, { "speck", NULL },
		{ "brainscales-2", NULL }, { "akida", "static-power" },
		{ "spinnaker-2", "static-power" }, { "loihi-1-spice", "static-power" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *lacks = chip_lacks(chip(row[i].name));
		cr_expect_eq(lacks == NULL, row[i].lacks == NULL, "%s", row[i].name);
		if (lacks && row[i].lacks) cr_expect_str_eq(lacks, row[i].lacks, "%s", row[i].name);
	}
	struct chip_par p = *chip("loihi-1");
	p.fire_j = NAN;
	cr_expect_str_eq(chip_lacks(&p), "fire-energy");
	p.energies = CHIP_LUMPED;
	cr_expect_null(chip_lacks(&p));
	p.memory_bytes = NAN;
	cr_expect_str_eq(chip_lacks(&p), "memory");
	p.memory_bytes = 1e6;
	p.synop_j = NAN;
	cr_expect_str_eq(chip_lacks(&p), "synop-energy");
}
