#include "models/site/bulk.h"

struct bulk_flow bulk_step(const struct supply_par *p, double delivered_j, double collected_j)
{
	double net_j = delivered_j - collected_j;
	double generated_j = net_j > 0 ? net_j / (1 - p->loss_frac) : net_j;
	return (struct bulk_flow){
		.delivered_j = delivered_j,
		.collected_j = collected_j,
		.generated_j = generated_j,
		.loss_j = net_j > 0 ? generated_j * p->loss_frac : 0,
	};
}

struct bulk_share bulk_share(const struct bulk_flow *f)
{
	if (f->generated_j <= 0) return (struct bulk_share){ 0, 0 };
	return (struct bulk_share){ f->generated_j / f->delivered_j, f->loss_j / f->delivered_j };
}

void bulk_book(const struct bulk_flow *f, struct ledger *l)
{
	ledger_meter(l, f->generated_j);
	ledger_add(l, LEDGER_COLLECTED, f->collected_j);
	ledger_add(l, LEDGER_DELIVERED, f->delivered_j);
	ledger_add(l, LEDGER_LINE_LOSS, f->loss_j);
}
