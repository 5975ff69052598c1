#include "cli/claims.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/wrap.h"
#include "models/compute/claim.h"

enum { INDENT = 4 };

static void print_claim(const struct claim_par *p)
{
	char *text = mem_print("%s: %s. But: %s", p->system, p->says, p->caveat);
	printf("%s, %d, %s\n%*s", p->name, (int)p->year, claim_basis_word(p), INDENT, "");
	wrap_text(text, INDENT, INDENT, stdout);
	free(text);
}

void claims_print(const struct object *catalogue)
{
	puts("\nWhat was claimed, how the figure was had (counted: nothing ran on such a chip),\n"
	     "and what it leaves out:");
	for (; catalogue; catalogue = catalogue->next)
		for (const struct object *o = object_child(catalogue, &claim_class); o;
		     o = object_next(o))
			print_claim(o->par);
}
