#include "bench/spiking/classifier.h"

#include <assert.h>

const double classifier_zeros[CLASSIFIER_NETS] = { 0, 0.5, 0.8, 0.9 };

const size_t classifier_width[CLASSIFIER_LAYERS + 1] = { DIGITS_PIXELS, 64, 64, DIGITS_CLASSES };

enum { SEED = 1 };

static const struct mlp_training first = {
	.epochs = 20, .batch = 32, .rate = 0.1, .momentum = 0.9, .seed = SEED
};
static const struct mlp_training again = {
	.epochs = 10, .batch = 32, .rate = 0.05, .momentum = 0.9, .seed = SEED
};

bool classifier_learn(struct classifier *c, const char *path, struct err_list *e)
{
	*c = (struct classifier){ 0 };
	if (!digits_read(&c->digits, path, e)) return false;
	c->net[0] = mlp_new(classifier_width, CLASSIFIER_LAYERS, SEED);
	mlp_train(c->net[0], &c->digits.train, &first);
	return true;
}

void classifier_prune(struct classifier *c, size_t i)
{
	assert(i > 0 && i < CLASSIFIER_NETS);
	mlp_free(c->net[i]);
	c->net[i] = mlp_copy(c->net[0]);
	mlp_prune(c->net[i], classifier_zeros[i]);
	mlp_train(c->net[i], &c->digits.train, &again);
}

void classifier_free(struct classifier *c)
{
	for (size_t i = 0; i < CLASSIFIER_NETS; i++) mlp_free(c->net[i]);
	digits_free(&c->digits);
	*c = (struct classifier){ 0 };
}
