/* Every check of the kernels with NEON; status 1 when one fails. See tests/neon.sh. */
#include <stdio.h>

#include "bench/kernels/functions.h"
#include "tests/kernel_checks.h"

static bool passes(const struct kernel_check *c)
{
	char said[160];
	bool good = kernel_check_passes(c, &kernels_neon, said, sizeof said);
	printf("%s\n", good ? c->name : said);
	return good;
}

int main(void)
{
	int failed = kernels_best() != &kernels_neon;
	for (const struct kernel_check *c = kernel_checks; c->name; c++) failed |= !passes(c);
	return failed;
}
