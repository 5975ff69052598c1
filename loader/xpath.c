#include "loader/xpath.h"

#include "base/mem.h"

enum { OPERATIONS_MAX = 20000000 }; /* of one XPath: a second or so */

/* libxml2 gives a code here and no words. */
static void keep_fault(void *user, xmlError *error)
{
	char **fault = user;
	if (*fault) return;
	if (error->code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
		*fault = mem_text("it takes too long to evaluate");
	else
		*fault = mem_print("it is not well-formed XPath, at character %d", error->int1 + 1);
}

xmlXPathObject *xpath_select(const char *path, xmlDoc *doc, char **fault)
{
	xmlXPathContext *ctx = xmlXPathNewContext(doc);
	*fault = NULL;
	ctx->error = keep_fault;
	ctx->userData = fault;
	ctx->opLimit = OPERATIONS_MAX;
	xmlXPathObject *found = xmlXPathEval((const xmlChar *)path, ctx);
	xmlXPathFreeContext(ctx);
	if (found && found->type != XPATH_NODESET) {
		*fault = mem_text("it is a value, not a place in the scenario");
		xmlXPathFreeObject(found);
		found = NULL;
	}
	if (!found && !*fault) *fault = mem_text("it cannot be evaluated");
	return found;
}
