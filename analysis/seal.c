#include "analysis/seal.h"

#include <assert.h>
#include <string.h>

void seal_make(const unsigned char *data, size_t size, char *seal)
{
	const size_t word = sizeof SEAL_WORD - 1;
	char hex[DIGEST_SIZE];
	memcpy(seal, SEAL_WORD, word);
	memcpy(seal + word, digest_bytes(data, size, hex), DIGEST_SIZE - 1);
	seal[SEAL_BYTES - 1] = '\n';
}

void seal_digest(const unsigned char *data, size_t size, char hex[DIGEST_SIZE])
{
	assert(size >= SEAL_BYTES);
	memcpy(hex, data + size - DIGEST_SIZE, DIGEST_SIZE - 1); /* a newline ends it */
	hex[DIGEST_SIZE - 1] = '\0';
}

enum seal_state seal_check(const unsigned char *data, size_t size)
{
	if (size < SEAL_BYTES) return SEAL_ABSENT;
	const unsigned char *seal = data + size - SEAL_BYTES;
	if (memcmp(seal, SEAL_WORD, sizeof SEAL_WORD - 1)) return SEAL_ABSENT;
	char want[SEAL_BYTES];
	seal_make(data, size - SEAL_BYTES, want);
	return memcmp(seal, want, SEAL_BYTES) ? SEAL_BROKEN : SEAL_GOOD;
}
