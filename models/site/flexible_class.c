/* The element <flexible>: its attributes, and what must stand beside it. */
#include "models/site/flexible.h"

#include <string.h>

#include "models/compute/full.h"
#include "models/compute/node_spiking.h"

static const struct attr attrs[] = {
	ATTR_QTY(struct flexible_par, cap_frac, "cap", DIM_FRACTION, REQUIRED, 0.01, 1,
	    "highest power of each accelerator meanwhile, as a share of the highest that it draws "
	    "else; 100 %: it is only watched"),
	TRIGGER_ATTRS(struct flexible_par, trigger),
	TRIGGER_IMPORT_ATTRS(struct flexible_par, trigger),
	ATTR_END,
};

static void check_cap(const struct object *o, const struct object *node, struct err_list *e)
{
	const struct flexible_par *p = o->par;
	const struct node_par *n = node->par;
	if (n->spiking && p->cap_frac < 1 && node_by_events(n))
		err_at(e, object_attr_pos(o, "cap"),
		    "flexible: %s computes event by event, which no power cap slows down; give that "
		    "<node> a <flexible cap=\"100 %%\"> of its own",
		    node->name ? node->name : "a node");
	if (!n->device || node_by_events(n)) return;
	const struct device_par *device = node_device(n);
	double full_w = full_board_w(node->par), least_w = power_least_w(&device->power);
	if (p->cap_frac == 1 || p->cap_frac * full_w > least_w) return;
	err_at(e, object_attr_pos(o, "cap"),
	    "flexible: %g %% of the %g W that %s draws at most are not above the %g W that it draws at "
	    "rest or cannot be capped below (its idle= and cap-floor=); write more than %.3g %%",
	    100 * p->cap_frac, full_w, device->name, least_w, 100 * least_w / full_w);
}

/* Of the site's nodes, those without a rule of their own. */
static void check_nodes(const struct object *o, struct err_list *e)
{
	const struct object *node = object_child(o->parent, &node_class);
	if (!node)
		err_at(e, o->pos, "flexible: no <node> stands beside it that it could cap; add one");
	for (; node; node = object_next(node))
		if (!object_child(node, &flexible_class)) check_cap(o, node, e);
}

static void check(const struct object *o, struct err_list *e)
{
	const struct flexible_par *p = o->par;
	bool own = !strcmp(o->parent->cls->element, "node");
	const struct object *site = own ? o->parent->parent : o->parent;
	trigger_check(&p->trigger, o, site, site->parent, e);
	if (own)
		check_cap(o, o->parent, e);
	else
		check_nodes(o, e);
}

const struct class flexible_class = {
	.element = "flexible",
	.parents = "homes datacentre node",
	.about = "Nodes draw less while electricity is dear, dirty or much of it is drawn: while any "
		 "of its conditions holds. Written in <node> it is for that node only, in place of "
		 "its site's. It is asked once a grid step.",
	.par_size = sizeof(struct flexible_par),
	.attrs = attrs,
	.max = 1,
	.check = check,
};
