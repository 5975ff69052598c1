#include "models/compute/kv.h"

static int64_t modulo(int64_t a, int64_t b)
{
	int64_t m = a % b;
	return m < 0 ? m + b : m;
}

void kv_join(struct kv *k, int64_t base)
{
	k->residue[modulo(base, k->block)]++;
	k->decoding++;
}

void kv_leave(struct kv *k, int64_t base)
{
	k->residue[modulo(base, k->block)]--;
	k->decoding--;
}

/* Requests whose token count is a multiple of the block at that counter. */
static int64_t at_boundary(const struct kv *k, int64_t counter)
{
	return k->residue[modulo(-counter, k->block)];
}

int64_t kv_need(const struct kv *k, int64_t at, int64_t n)
{
	int64_t need = n / k->block * k->decoding; /* a whole round gives each one block */
	for (int64_t i = n - n % k->block; i < n; i++) need += at_boundary(k, at + i);
	return need;
}

int64_t kv_lasts(const struct kv *k, int64_t at, int64_t most, int64_t left)
{
	if (k->decoding == 0) return most;
	int64_t n = left / k->decoding * k->block;
	if (n >= most) return most;
	left %= k->decoding;
	for (; n < most; n++) {
		left -= at_boundary(k, at + n);
		if (left < 0) break;
	}
	return n;
}
