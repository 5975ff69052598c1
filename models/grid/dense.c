#include "models/grid/dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "base/mem.h"
#include "models/grid/anderson.h"
#include "models/grid/zip.h"

enum {
	PLAIN_STEPS = 8, /* as in the nodal engine */
	GRAIN = 8,       /* ports are filled up to a multiple, so that no vector is cut */
};

/* 16 ns a block of a sweep by 0.8 ns of a pair of ports. */
static const size_t port2_per_block = 20;

struct port {
	uint32_t plus, minus;
};

struct at_port {
	uint32_t port, index; /* in network.load */
};

/* Vectors of complex numbers over the ports are two of reals, of `room` each: the real parts,
 * then the imaginary ones. Ports past the last are 0 throughout. */
struct dense {
	const struct network *n;
	struct nodal *nodal;
	struct port *port; /* [ports] */
	size_t ports, room;
	double *z; /* [room] vectors: what 1 A drawn at each port takes from all; then 0 */
	double *v0, *v, *next, *i;
	double *per_nominal2; /* [room] 1 / V^2 */
	struct at_port *load; /* those that live */
	size_t loads;
	double complex *load_a; /* [network.loads]; 0 of the dead */
	double complex *load_v; /* [network.loads] */
	double complex *node_v; /* [nodes] */
	struct anderson *anderson;
	bool fresh; /* node_v is of the last solution */
};

/* ---- a step ---- */

/* next = v0 - z i. Two columns at a time, so that next is loaded and
 * stored less often. */
CLONES static void fall(size_t ports, size_t room, const double *restrict z,
    const double *restrict v0, const double *restrict current, double *restrict next)
{
	memcpy(next, v0, 2 * room * sizeof *next);
	double *restrict re = next, *restrict im = next + room;
	for (size_t k = 0; k < ports; k += 2) {
		const double *restrict a_re = z + 2 * room * k, *restrict a_im = a_re + room;
		const double *restrict b_re = a_im + room, *restrict b_im = b_re + room;
		double c_re = current[k], c_im = current[room + k];
		double d_re = current[k + 1], d_im = current[room + k + 1];
		for (size_t p = 0; p < room; p++) {
			re[p] -=
			    (a_re[p] * c_re - a_im[p] * c_im) + (b_re[p] * d_re - b_im[p] * d_im);
			im[p] -=
			    (a_re[p] * c_im + a_im[p] * c_re) + (b_re[p] * d_im + b_im[p] * d_re);
		}
	}
}

static double complex at(const struct dense *d, const double *vector, uint32_t port)
{
	return vector[port] + I * vector[d->room + port];
}

static void draw(struct dense *d)
{
	memset(d->i, 0, 2 * d->room * sizeof *d->i);
	for (size_t i = 0; i < d->loads; i++) {
		const struct at_port *l = &d->load[i];
		double complex a = zip_current(&d->n->load[l->index], at(d, d->v, l->port));
		d->load_a[l->index] = a;
		d->i[l->port] += creal(a);
		d->i[d->room + l->port] += cimag(a);
	}
}

static double change_pu(const struct dense *d)
{
	double most = 0;
	for (size_t p = 0; p < d->ports; p++) {
		double re = d->next[p] - d->v[p], im = d->next[d->room + p] - d->v[d->room + p];
		double square = (re * re + im * im) * d->per_nominal2[p];
		if (!(square <= most)) most = square; /* a NaN stays */
	}
	return sqrt(most);
}

static double mismatch_va(const struct dense *d)
{
	double most = 0;
	for (size_t i = 0; i < d->loads; i++) {
		const struct at_port *l = &d->load[i];
		double complex v = at(d, d->v, l->port);
		double complex off =
		    v * (d->load_a[l->index] - zip_current(&d->n->load[l->index], v));
		most = fmax(most, creal(off) * creal(off) + cimag(off) * cimag(off));
	}
	return sqrt(most);
}

static void take_next(struct dense *d)
{
	double *last = d->v;
	d->v = d->next;
	d->next = last;
}

struct nodal_result dense_solve(struct dense *d, double tolerance_pu)
{
	struct nodal_result r = { 0 };
	d->fresh = false;
	anderson_restart(d->anderson);
	while (!r.converged && r.iterations < NODAL_STEPS_MAX) {
		draw(d);
		fall(d->ports, d->room, d->z, d->v0, d->i, d->next);
		r.iterations++;
		r.change_pu = change_pu(d);
		r.converged = r.change_pu <= tolerance_pu;
		if (r.converged || r.iterations <= PLAIN_STEPS)
			take_next(d);
		else
			anderson_step(d->anderson, d->v, d->next);
	}
	r.mismatch_va = mismatch_va(d);
	if (!r.converged)
		memcpy(d->v, d->v0, 2 * d->room * sizeof *d->v); /* the next begins cold */
	return r;
}

/* ---- results ---- */

const double complex *dense_load_v(struct dense *d)
{
	for (size_t i = 0; i < d->loads; i++)
		d->load_v[d->load[i].index] = at(d, d->v, d->load[i].port);
	return d->load_v;
}

const double complex *dense_v(struct dense *d)
{
	if (!d->fresh) nodal_linear(d->nodal, true, d->load_a, d->node_v);
	d->fresh = true;
	return d->node_v;
}

/* ---- setting up ---- */

static double complex across(const struct dense *d, size_t port)
{
	const struct port *p = &d->port[port];
	double complex plus = p->plus == NET_GROUND ? 0 : d->node_v[p->plus];
	return plus - (p->minus == NET_GROUND ? 0 : d->node_v[p->minus]);
}

static void read_ports(const struct dense *d, double sign, double *vector)
{
	for (size_t p = 0; p < d->ports; p++) {
		double complex v = sign * across(d, p);
		vector[p] = creal(v);
		vector[d->room + p] = cimag(v);
	}
}

/* Of each port, one of its loads draws 1 A while sources give nothing. */
static void respond(struct dense *d)
{
	memset(d->load_a, 0, d->n->loads * sizeof *d->load_a);
	for (size_t i = 0, next = 0; i < d->loads; i++) {
		const struct at_port *l = &d->load[i];
		if (l->port != next) continue;
		d->load_a[l->index] = 1;
		nodal_linear(d->nodal, false, d->load_a, d->node_v);
		d->load_a[l->index] = 0;
		read_ports(d, -1, &d->z[2 * d->room * next++]);
	}
	nodal_linear(d->nodal, true, NULL, d->node_v);
	read_ports(d, 1, d->v0);
}

/* Of the plus node's nominal voltage, as the others are measured. */
static void set_nominal(struct dense *d)
{
	for (size_t p = 0; p < d->ports; p++) {
		double v = d->n->node[d->port[p].plus].nominal_v;
		d->per_nominal2[p] = 1 / (v * v);
	}
}

static uint32_t port_of(struct dense *d, const struct net_load *l)
{
	for (uint32_t p = 0; p < d->ports; p++)
		if (d->port[p].plus == l->plus && d->port[p].minus == l->minus) return p;
	if (d->ports < DENSE_PORTS_MAX) d->port[d->ports] = (struct port){ l->plus, l->minus };
	return (uint32_t)d->ports++;
}

/* False when there are too many, or none. */
static bool list_ports(struct dense *d)
{
	d->port = mem_new(DENSE_PORTS_MAX, sizeof *d->port);
	d->load = mem_new(d->n->loads, sizeof *d->load);
	for (uint32_t i = 0; i < d->n->loads; i++) {
		const struct net_load *l = &d->n->load[i];
		if (!nodal_is_live(d->nodal, l->plus)) continue;
		d->load[d->loads++] = (struct at_port){ port_of(d, l), i };
		if (d->ports > DENSE_PORTS_MAX) return false;
	}
	return d->ports > 0;
}

static void make_room(struct dense *d)
{
	size_t room = d->room = (d->ports + GRAIN - 1) / GRAIN * GRAIN;
	d->z = mem_new(2 * room * room, sizeof *d->z);
	d->v0 = mem_new(2 * room, sizeof *d->v0);
	d->v = mem_new(2 * room, sizeof *d->v);
	d->next = mem_new(2 * room, sizeof *d->next);
	d->i = mem_new(2 * room, sizeof *d->i);
	d->per_nominal2 = mem_new(room, sizeof *d->per_nominal2);
	d->load_a = mem_new(d->n->loads, sizeof *d->load_a);
	d->load_v = mem_new(d->n->loads, sizeof *d->load_v);
	d->node_v = mem_new(d->n->nodes, sizeof *d->node_v);
	d->anderson = anderson_new(2 * room);
}

struct dense *dense_takes(const struct network *n)
{
	struct err_list *e = err_new(); /* the nodal engine says what is wrong */
	struct nodal *s = nodal_new(n, (struct err_pos){ 0 }, e);
	err_free(e);
	if (!s) return NULL;
	struct dense *d = mem_new(1, sizeof *d);
	d->n = n;
	d->nodal = s;
	if (nodal_topology(s)->afloats > 0 || !list_ports(d)) {
		dense_free(d);
		return NULL;
	}
	make_room(d);
	set_nominal(d);
	respond(d);
	memcpy(d->v, d->v0, 2 * d->room * sizeof *d->v);
	return d;
}

bool dense_refill(struct dense *d)
{
	if (!nodal_refill(d->nodal) || nodal_topology(d->nodal)->afloats > 0) return false;
	respond(d);
	return true;
}

bool dense_pays(size_t ports, size_t blocks)
{
	return ports <= DENSE_PORTS_MAX && ports * ports < port2_per_block * blocks;
}

void dense_free(struct dense *d)
{
	if (!d) return;
	nodal_free(d->nodal);
	anderson_free(d->anderson);
	free(d->port);
	free(d->z);
	free(d->v0);
	free(d->v);
	free(d->next);
	free(d->i);
	free(d->per_nominal2);
	free(d->load);
	free(d->load_a);
	free(d->load_v);
	free(d->node_v);
	free(d);
}
