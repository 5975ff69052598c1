#include "base/digest.h"

#include <errno.h>
#include <sha2.h>
#include <stdint.h>
#include <stdio.h>

_Static_assert((int)DIGEST_SIZE == (int)SHA256_DIGEST_STRING_LENGTH, "digits and a NUL");

char *digest_bytes(const void *data, size_t size, char hex[DIGEST_SIZE])
{
	SHA2_CTX c;
	SHA256Init(&c);
	SHA256Update(&c, data, size);
	return SHA256End(&c, hex);
}

bool digest_file(const char *path, char hex[DIGEST_SIZE])
{
	uint8_t block[1 << 16];
	SHA2_CTX c;
	size_t n;
	FILE *f = fopen(path, "rbe");
	if (!f) return false;
	SHA256Init(&c);
	while ((n = fread(block, 1, sizeof block, f))) SHA256Update(&c, block, n);
	bool good = !ferror(f);
	int why = errno;
	fclose(f);
	errno = why;
	SHA256End(&c, hex);
	return good;
}
