/* The flow reduced to the loads against the sweep. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "models/grid/dense.h"
#include "tests/plant.h"

/* The dense engine against the sweep, at its ports and everywhere. */
static void expect_dense(struct dense *d, struct sweep *s, const struct network *n, uint64_t seed)
{
	double most = 0;
	cr_assert(dense_solve(d, 1e-13).converged);
	cr_assert(sweep_solve(s, 1e-13).converged);
	const double complex *v = sweep_v(s);
	for (uint32_t i = 0; i < n->nodes; i++)
		most = fmax(most, cabs(v[i] - dense_v(d)[i]) / n->node[i].nominal_v);
	for (size_t i = 0; i < n->loads; i++) {
		const struct net_load *l = &n->load[i];
		double complex across = v[l->plus] - (l->minus == NET_GROUND ? 0 : v[l->minus]);
		most = fmax(most, cabs(across - dense_load_v(d)[i]) / l->nominal_v);
	}
	cr_expect_lt(most, 1e-9, "%lu: %g", (unsigned long)seed, most);
}

Test(dense, random_trees_flow_as_the_sweep_says)
{
	for (uint64_t seed = 201; seed <= 231; seed++) {
		struct plant p = plant_new(seed);
		struct dense *d = dense_takes(p.n);
		struct sweep *s = sweep_takes(p.n, true);
		cr_assert(d && s);
		expect_dense(d, s, p.n, seed);
		for (size_t i = 0; i < p.n->loads; i++)
			p.n->load[i].s_va *= plant_some(&p, 0.2, 1.7);
		expect_dense(d, s, p.n, seed);
		plant_move_taps(&p);
		plant_change_elements(&p);
		cr_assert(dense_refill(d) && sweep_refill(s));
		expect_dense(d, s, p.n, seed);
		dense_free(d);
		sweep_free(s);
		network_free(p.n);
	}
}

/* More ports than a limit are refused; two loads at the same nodes are one. */
Test(dense, ports_have_a_limit)
{
	for (int loads = 149; loads <= 151; loads++) {
		struct network *n = network_new();
		const double complex z = 0.001 + 0.001 * I;
		uint32_t near = network_node(n, network_bus(n, "near"), 0);
		network_source(n, near, 235, 230);
		for (int i = 0; i < loads; i++) {
			char *name = mem_print("%d", i);
			uint32_t far = network_node(n, network_bus(n, name), 0);
			struct net_load l = { .name = name,
				.plus = far,
				.minus = NET_GROUND,
				.s_va = 700,
				.nominal_v = 230,
				.power = 1 };
			cr_assert(branch_line(n, name, 1, &near, &far, &z, plant_no_shunt));
			network_load(n, &l);
			network_load(n, &l);
			free(name);
		}
		network_nominal(n);
		struct dense *d = dense_takes(n);
		cr_expect_eq(d != NULL, loads <= DENSE_PORTS_MAX);
		dense_free(d);
		network_free(n);
	}
}

Test(dense, too_much_does_not_converge)
{
	struct plant p = plant_new(23);
	for (size_t i = 0; i < p.n->loads; i++) {
		p.n->load[i].s_va *= 400;
		p.n->load[i].power = 1;
		p.n->load[i].current = p.n->load[i].impedance = 0;
		p.n->load[i].low_pu = 1e-3;
	}
	struct dense *d = dense_takes(p.n);
	cr_assert_not_null(d);
	cr_expect_not(dense_solve(d, 1e-10).converged);
	for (size_t i = 0; i < p.n->loads; i++) p.n->load[i].s_va /= 400;
	cr_expect(dense_solve(d, 1e-10).converged); /* and the next is not the worse for it */
	dense_free(d);
	network_free(p.n);
}

Test(dense, european_low_voltage_feeder)
{
	struct network *n = plant_feeder("ieee_eulv");
	struct dense *d = dense_takes(n);
	struct sweep *s = sweep_takes(n, true);
	cr_assert(d && s);
	expect_dense(d, s, n, 0);
	dense_free(d);
	sweep_free(s);
	network_free(n);
}
