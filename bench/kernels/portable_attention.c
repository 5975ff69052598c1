#include "bench/kernels/functions.h"

#include <math.h>
#include <string.h>

static float dot(const float *a, const float *b, size_t n) /* n a multiple of 8 */
{
	float lane[8] = { 0 }, sum = 0;
	for (size_t i = 0; i < n; i += 8)
		for (size_t j = 0; j < 8; j++) lane[j] += a[i + j] * b[i + j];
	for (size_t j = 0; j < 8; j++) sum += lane[j];
	return sum;
}

void attention_portable(const struct attention_call *c)
{
	float scale = 1 / sqrtf((float)c->head_dim);
	for (size_t t = 0; t < c->context; t++)
		for (size_t h = 0; h < c->group; h++)
			c->score[h * c->context + t] = scale *
			    dot(c->query + h * c->head_dim, c->keys + t * c->stride, c->head_dim);
	for (size_t h = 0; h < c->group; h++)
		softmax_portable(c->score + h * c->context, c->context);
	memset(c->out, 0, c->group * c->head_dim * sizeof *c->out);
	for (size_t t = 0; t < c->context; t++)
		for (size_t h = 0; h < c->group; h++) {
			const float *value = c->values + t * c->stride;
			float weight = c->score[h * c->context + t];
			for (size_t d = 0; d < c->head_dim; d++)
				c->out[h * c->head_dim + d] += weight * value[d];
		}
}
