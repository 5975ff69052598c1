#include "models/site/datacentre.h"

#include "models/compute/node.h"

static const struct attr attrs[] = {
	ATTR_TEXT(struct datacentre_par, name, "name", REQUIRED, "name of the site"),
	/* Uptime Institute, Global Data Center Survey 2023: average PUE 1.58; Google,
	 * Environmental Report 2024: fleet average 1.10. New large sites lie between. */
	ATTR_QTY(struct datacentre_par, pue_ratio, "pue", DIM_NUMBER, "1.2", 1, 3,
	    "power usage effectiveness: energy of the site over energy of its nodes"),
	ATTR_QTY(struct datacentre_par, base_w, "overhead", DIM_POWER, "0 W", 0, 1e9,
	    "power for the building that does not follow the nodes"),
	/* One adapter of 400 Gbit/s; a DGX H100 has eight (NVIDIA, DGX H100 user guide). */
	ATTR_QTY(struct datacentre_par, kv_bytes_s, "kv-bandwidth", DIM_BYTE_RATE, "50 GB/s", 1e6,
	    1e15, "rate at which a prefill node sends a KV cache and a decode node takes it"),
	ATTR_QTY(struct datacentre_par, kv_latency_s, "kv-latency", DIM_TIME, "0 s", 0, 60,
	    "delay of a KV cache beyond its bytes over the rate"),
	ATTR_END,
};

static const struct object *first_with(const struct object *o, enum node_role role)
{
	const struct object *n = object_child(o, &node_class);
	while (n && ((const struct node_par *)n->par)->role != (int)role) n = object_next(n);
	return n;
}

/* A cache is only of use to the model that computed it, and moves as it is stored. */
static void check_caches(const struct object *prefill, struct err_list *e)
{
	static const char *const word[] = { [KV_FP16] = "fp16", [KV_FP8] = "fp8",
		[KV_FP32] = "fp32" };
	const struct node_par *p = prefill->par;
	const struct object *n = object_child(prefill->parent, &node_class);
	for (; n; n = object_next(n)) {
		const struct node_par *q = n->par;
		if (q->role == NODE_BOTH || !p->model || q->spiking) continue; /* else: refused */
		if (q->model != p->model)
			err_at(e, object_attr_pos(n, "model"),
			    "node: KV caches of %s are handed over in this <datacentre>; write "
			    "that model or role=\"both\"",
			    node_model(p)->name);
		if (node_kv(q) != node_kv(p))
			err_at(e, object_attr_pos(n, "kv"),
			    "node: KV caches in %s are handed over in this <datacentre>; write "
			    "kv=\"%s\" or role=\"both\"",
			    word[node_kv(p)], word[node_kv(p)]);
	}
}

static void check(const struct object *o, struct err_list *e)
{
	const struct object *prefill = first_with(o, NODE_PREFILL);
	const struct object *decode = first_with(o, NODE_DECODE);
	if (prefill && !decode)
		err_at(e, object_attr_pos(prefill, "role"),
		    "node: no node of this <datacentre> takes its KV caches; add one with "
		    "role=\"decode\" or write role=\"both\"");
	if (decode && !prefill)
		err_at(e, object_attr_pos(decode, "role"),
		    "node: no node of this <datacentre> hands KV caches to it; add one with "
		    "role=\"prefill\" or write role=\"both\"");
	if (prefill && decode) check_caches(prefill, e);
}

const struct class datacentre_class = {
	.element = "datacentre", .parents = "scenario",
	.about = "Nodes behind one meter of the bulk grid, reached over the wide-area link.",
	.par_size = sizeof(struct datacentre_par), .attrs = attrs, .check = check,
};

struct datacentre_flow datacentre_step(const struct datacentre_par *p, double device_j,
    double node_j, double dt_s)
{
	double cooling_j = (p->pue_ratio - 1) * node_j + p->base_w * dt_s;
	return (struct datacentre_flow){
		.compute_j = device_j,
		.host_j = node_j - device_j,
		.cooling_j = cooling_j,
		.import_j = node_j + cooling_j,
	};
}

void datacentre_book(const struct datacentre_flow *f, struct ledger *l)
{
	ledger_add(l, LEDGER_COMPUTE, f->compute_j);
	ledger_add(l, LEDGER_HOST, f->host_j);
	ledger_add(l, LEDGER_COOLING, f->cooling_j);
	ledger_add(l, LEDGER_IMPORT, f->import_j);
	ledger_add(l, LEDGER_EXPORT, f->export_j);
}
