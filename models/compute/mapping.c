#include "models/compute/mapping.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

static bool refuse(char *why, size_t size, const struct chip_par *chip, const char *what)
{
	snprintf(why, size, "chip %s has no figure of %s; give one in a <chip> of your own",
	    chip->name, what);
	return false;
}

/* Cores of one copy of a layer. */
static double layer_cores(
    const struct chip_par *chip, const struct spiking_net *net, const struct spiking_layer *l)
{
	double by_neurons = ceil(l->neurons / (double)chip->core_neurons);
	double by_weights = ceil(spiking_layer_bytes(net, l) / chip_core_bytes(chip));
	return fmax(1, fmax(by_neurons, by_weights));
}

static bool fits_fan_out(
    const struct chip_par *chip, const struct spiking_net *net, char *why, size_t why_size)
{
	for (int i = 0; i < net->count; i++) {
		double fan_out = net->layer[i].fan_out;
		if (chip->fan_out == 0 || fan_out <= (double)chip->fan_out) continue;
		snprintf(why, why_size,
		    "a neuron of its layer %d drives %.15g synapses, and one of chip %s at most "
		    "%lld; take another chip or a narrower network",
		    i + 1, fan_out, chip->name, (long long)chip->fan_out);
		return false;
	}
	return true;
}

/* How many chips hold the cores, or as many as are asked for. */
static bool place(struct mapping *m, double chips, char *why, size_t why_size)
{
	double unit = (double)m->chip->chips;
	double least = unit * ceil(ceil(m->cores / (double)m->chip->cores) / unit);
	double most = m->chip->most_chips > 0 ? (double)m->chip->most_chips : INFINITY;
	m->chips = chips > 0 ? chips : least;
	if (least <= m->chips && m->chips <= most) return true;
	if (m->chips > most)
		snprintf(why, why_size,
		    "its %.15g cores take %.15g chips, and no more than %.15g of "
		    "%s can be joined; take another chip or a smaller network",
		    m->cores, m->chips, most, m->chip->name);
	else
		snprintf(why, why_size,
		    "its %.15g cores do not fit on chips=\"%.15g\" of %s; give %.15g", m->cores,
		    chips, m->chip->name, least);
	return false;
}

/* Messages of a layer's spikes, and the borders of chips that they pass. Of a mixture spikes
 * go to the cores of chosen experts only. */
static void add_messages(
    struct mapping *m, struct spike_counts *n, const struct spiking_layer *l, double cores)
{
	double chip_cores = (double)m->chip->cores, reached = fmax(1, cores * l->active_frac);
	double synapses = l->fan_out * l->active_frac * (1 - l->sparsity_frac);
	n->messages = n->fires * fmin(reached, synapses);
	n->received = n->messages;
	n->hops = n->messages * chip_mean_hops(m->chip);
	n->crossings = m->cores > chip_cores && synapses > 0 ? n->fires * reached / chip_cores : 0;
}

/* An even share of a copy's events in one step. */
static struct spike_counts core_share(
    const struct mapping *m, struct spike_counts n, double repeat, double cores)
{
	return spike_counts_times(n, 1 / (repeat * cores * m->steps));
}

static void count_layers(struct mapping *m, const struct spiking_net *net)
{
	for (int i = 0; i < net->count; i++) {
		const struct spiking_layer *l = &net->layer[i];
		double cores = layer_cores(m->chip, net, l);
		struct spike_counts n = spiking_layer_counts(net, l);
		add_messages(m, &n, l, cores);
		m->token = spike_counts_add(m->token, n);
		struct spike_counts core = core_share(m, n, l->repeat, cores);
		double core_s = net->imbalance * spike_core_s(m->chip, &core);
		if (i > 0 && core_s <= m->core_s) continue;
		m->core_s = core_s;
		m->busiest = core;
	}
}

static void price_attention(struct mapping *m, const struct spiking_net *net)
{
	struct spike_counts one = { .synops = 1 };
	struct spike_energy e = spike_energy_of(m->chip, &one, 0, 0);
	double j = spike_energy_sum(&e), s = spike_core_s(m->chip, &one) / (m->steps * m->cores);
	m->context_j = net->context_synops * j;
	m->window_j = net->window_synops * j;
	m->context_s = net->context_synops * s;
	m->window_s = net->window_synops * s;
	m->window = net->window;
}

bool mapping_make(struct mapping *m, const struct chip_par *chip, const struct spiking_net *net,
    double chips, char *why, size_t why_size)
{
	const char *lacks = chip_lacks(chip);
	assert(net->count > 0 && net->steps >= 1 && net->imbalance >= 1);
	*m = (struct mapping){ .chip = chip, .steps = net->steps, .depth = spiking_depth(net) };
	if (lacks) return refuse(why, why_size, chip, lacks);
	if (!fits_fan_out(chip, net, why, why_size)) return false;
	for (int i = 0; i < net->count; i++)
		m->cores += net->layer[i].repeat * layer_cores(chip, net, &net->layer[i]);
	if (!place(m, chips, why, why_size)) return false;
	m->used_bytes = spiking_weight_bytes(net);
	m->memory_bytes = m->chips * (double)chip->cores * chip_core_bytes(chip);
	m->static_w = m->chips * chip->static_w;
	m->noc_s = isnan(chip->hop_s) ? 0 : chip_most_hops(chip) * chip->hop_s;
	count_layers(m, net);
	m->token_energy = spike_energy_of(chip, &m->token, 0, 0);
	m->token_j = spike_energy_sum(&m->token_energy);
	price_attention(m, net);
	return true;
}

double mapping_token_j(const struct mapping *m, double context)
{
	return m->token_j + m->context_j * context + m->window_j * fmin(context, m->window);
}

double mapping_step_s(const struct mapping *m, double context)
{
	double core_s = m->core_s + m->context_s * context + m->window_s * fmin(context, m->window);
	double s = spike_step_s(m->chip, core_s, m->noc_s);
	double room_w = m->chips * m->chip->max_w - m->static_w; /* NAN: no limit */
	double j = mapping_token_j(m, context) / m->steps;
	return room_w > 0 ? fmax(s, j / room_w) : s;
}

double mapping_latency_s(const struct mapping *m, double context)
{
	return (m->steps + m->depth - 1) * mapping_step_s(m, context);
}
