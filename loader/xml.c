#include "loader/xml.h"

#include <assert.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/scenario.h"

static const char xsi[] = "http://www.w3.org/2001/XMLSchema-instance";
static const char xinclude[] = "http://www.w3.org/2001/XInclude";

enum { CHUNK_BYTES = 1 << 16 }; /* libxml2 refuses to look further than 10 MB ahead */

/* One file being parsed: the context's _private. */
struct reader {
	struct xml *x;
	const struct source *s;
	struct source_cursor cursor;
	size_t next; /* the start tag that comes next, in s->tag */
	int depth;
	bool failed; /* a fault that ends this file was reported */
};

static struct reader *reader_of(void *ctx)
{
	return ((xmlParserCtxt *)ctx)->_private;
}

static void stop(void *ctx)
{
	reader_of(ctx)->failed = true;
	xmlStopParser(ctx);
}

/* Only the attributes without prefix are kept, in place; what has one is a
 * fault unless it is xsi:... . Five pointers an attribute: name, prefix,
 * namespace, begin and end of the value. */
static int plain_attrs(struct reader *r, struct err_pos at, const xmlChar **attr, int count)
{
	int kept = 0;
	for (int i = 0; i < count; i++) {
		const xmlChar **a = attr + 5 * i;
		if (!a[1]) {
			memmove(attr + 5 * kept, a, 5 * sizeof *a);
			kept++;
		} else if (!a[2] || strcmp((const char *)a[2], xsi) != 0) {
			err_at(r->x->e, at, "%s:%s: attributes have no prefix here", a[1], a[0]);
		}
	}
	return kept;
}

static void check_namespace(struct reader *r, struct err_pos at, const xmlChar *name,
    const xmlChar *prefix, const xmlChar *declared)
{
	if (prefix)
		err_at(r->x->e, at, "%s:%s: elements have no prefix here", prefix, name);
	else if (declared)
		err_at(r->x->e, at, "xmlns: elements have no namespace here; remove it");
}

/* The first attribute of src's tag with that name, as it stands in the text. */
static size_t attr_index(const struct source *s, const struct source_attr *attr, size_t count,
    const xmlChar *name)
{
	size_t size = strlen((const char *)name), i = 0;
	while (i < count &&
	    (attr[i].name_size != size || memcmp(s->text + attr[i].name, name, size) != 0))
		i++;
	return i;
}

static void mark_node(struct reader *r, xmlNode *node, struct err_pos tag, size_t offset)
{
	struct source_attr attr[SOURCE_ATTRS_MAX];
	size_t count = source_attrs(r->s, offset, attr);
	struct mark *m = keep_new(r->x->keep, 1, sizeof *m);
	*m = (struct mark){ .name = tag, .value = tag };
	node->_private = m;
	for (xmlAttr *a = node->properties; a; a = a->next) {
		size_t i = attr_index(r->s, attr, count, a->name);
		assert(i < count);
		struct source_cursor from = r->cursor; /* attributes may be in any order */
		m = keep_new(r->x->keep, 1, sizeof *m);
		m->name = source_pos(r->s, &from, attr[i].name);
		m->value = source_pos(r->s, &from, attr[i].value);
		a->_private = m;
	}
}

static bool is_xinclude(struct reader *r, struct err_pos at, const xmlChar *uri)
{
	if (!uri || strcmp((const char *)uri, xinclude) != 0) return false;
	err_at(r->x->e, at, "XInclude is not read; write <include href=\"FILE.xml\"/>");
	return true;
}

static bool within_limits(struct reader *r, struct err_pos at)
{
	if (r->depth > SCENARIO_DEPTH_MAX)
		err_at(r->x->e, at, "elements are nested deeper than %d", SCENARIO_DEPTH_MAX);
	else if (r->x->elements > XML_ELEMENTS_MAX)
		err_at(r->x->e, at, "more than %d elements; say count=\"N\" instead of repeating",
		    XML_ELEMENTS_MAX);
	else
		return err_count(r->x->e) < XML_FAULTS_MAX;
	return false;
}

static void start_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespaces, const xmlChar **declared, int attrs, int defaulted, const xmlChar **attr)
{
	struct reader *r = reader_of(ctx);
	(void)defaulted; /* only a DTD gives defaults */
	assert(r->next < r->s->tags);
	size_t offset = r->s->tag[r->next++];
	struct err_pos at = source_pos(r->s, &r->cursor, offset);
	r->depth++;
	r->x->elements++;
	if (!within_limits(r, at) || is_xinclude(r, at, uri)) {
		stop(ctx);
		return;
	}
	const xmlChar *other = NULL;
	for (int i = 0; i < namespaces; i++)
		if (!declared[2 * i]) other = declared[2 * i + 1];
	check_namespace(r, at, name, prefix, other);
	int kept = plain_attrs(r, at, attr, attrs);
	xmlSAX2StartElementNs(ctx, name, NULL, NULL, 0, NULL, kept, 0, attr);
	mark_node(r, ((xmlParserCtxt *)ctx)->node, at, offset);
}

static void end_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	reader_of(ctx)->depth--;
	xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

static struct err_pos here(xmlParserCtxt *ctx)
{
	const char *path = reader_of(ctx)->s->path;
	if (!ctx->input) return (struct err_pos){ .file = path };
	return (struct err_pos){ path, ctx->input->line, ctx->input->col };
}

static void refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
	(void)name, (void)id, (void)uri;
	struct reader *r = reader_of(ctx);
	struct err_pos at = source_pos(r->s, &r->cursor, r->s->doctype);
	err_at(r->x->e, at, "DOCTYPE is refused, and entities with it; remove it");
	stop(ctx);
}

/* XML_ERR_DOCUMENT_END stands for too much and for too little. */
static void say_end(xmlParserCtxt *ctx)
{
	struct reader *r = reader_of(ctx);
	const xmlNode *open = ctx->node;
	if (open)
		err_at(r->x->e, here(ctx), "the file ends within <%s> of line %d; it is cut off or lacks </%s>",
		    open->name, xml_mark(open)->name.line, open->name);
	else if (r->next)
		err_at(r->x->e, here(ctx), "text behind the end of the first element; a file has one");
	else
		err_at(r->x->e, here(ctx), "no element; a scenario begins with <scenario name=\"...\">");
}

/* What libxml2 says, with a remedy where it knows none. */
static void say(xmlParserCtxt *ctx, const xmlError *x)
{
	struct err_list *e = reader_of(ctx)->x->e;
	struct err_pos at = here(ctx);
	const char *a = x->str1 ? x->str1 : "", *b = x->str2 ? x->str2 : "";
	const char *message = x->message ? x->message : "";
	switch (x->code) {
	case XML_ERR_DOCUMENT_EMPTY:
	case XML_ERR_DOCUMENT_END: say_end(ctx); return;
	case XML_ERR_TAG_NAME_MISMATCH:
		err_at(e, at, "</%s> where <%s> of line %d must end; write </%s> before it", b, a,
		    x->int1, a);
		return;
	case XML_ERR_ATTRIBUTE_REDEFINED:
		err_at(e, at, "attribute '%s' is written twice; keep one", a);
		return;
	case XML_ERR_ATTRIBUTE_NOT_STARTED:
		err_at(e, at, "a value without quotes; write NAME=\"VALUE\"");
		return;
	case XML_ERR_ATTRIBUTE_NOT_FINISHED:
		err_at(e, at, "the quotes of a value are not closed; the file may be cut off");
		return;
	case XML_ERR_UNDECLARED_ENTITY:
		err_at(e, at, "&%s; is not known; only &amp; &lt; &gt; &quot; &apos; and &#NUMBER; are", a);
		return;
	case XML_ERR_NAME_REQUIRED: err_at(e, at, "a bare '<' or '&'; write &lt; or &amp;"); return;
	case XML_ERR_LT_IN_ATTRIBUTE:
		err_at(e, at, "'<' in an attribute; close the quotes before it, or write &lt;");
		return;
	default:
		err_at(e, at, "not well-formed XML: %.*s", (int)strcspn(message, "\n"), message);
	}
}

static void take_error(void *ctx, xmlError *x)
{
	struct reader *r = reader_of(ctx);
	if (x->level != XML_ERR_FATAL || r->failed) return;
	say(ctx, x);
	stop(ctx);
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.startDocument = xmlSAX2StartDocument,
	.startElementNs = start_element,
	.endElementNs = end_element,
	.characters = xmlSAX2Characters,
	.ignorableWhitespace = xmlSAX2Characters,
	.cdataBlock = xmlSAX2Characters,
	.internalSubset = refuse_doctype,
	.serror = take_error,
};

/* No DTD is read, so nothing asks for a file; should a later libxml2 ask, it
 * gets none. */
static xmlParserInput *load_nothing(const char *url, const char *id, xmlParserCtxt *ctx)
{
	(void)url, (void)id, (void)ctx;
	return NULL;
}

static void push(xmlParserCtxt *ctx, struct reader *r)
{
	const struct source *s = r->s;
	xmlExternalEntityLoader before = xmlGetExternalEntityLoader();
	xmlSetExternalEntityLoader(load_nothing);
	for (size_t at = s->begin; at < s->size && !r->failed;) {
		size_t n = s->size - at < CHUNK_BYTES ? s->size - at : CHUNK_BYTES;
		xmlParseChunk(ctx, s->text + at, (int)n, 0);
		at += n;
	}
	if (!r->failed) xmlParseChunk(ctx, NULL, 0, 1);
	xmlSetExternalEntityLoader(before);
}

xmlDoc *xml_parse(struct xml *x, const struct source *s)
{
	struct reader r = { .x = x, .s = s };
	xmlSAXHandler sax = handler;
	xmlParserCtxt *ctx = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	/* NODICT: nodes own their names, so that they can move between documents. */
	xmlCtxtUseOptions(ctx, XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NODICT);
	ctx->_private = &r;
	push(ctx, &r);
	xmlDoc *doc = ctx->myDoc;
	if (r.failed || !ctx->wellFormed || !doc || !xmlDocGetRootElement(doc)) {
		assert(r.failed); /* a reason was given */
		xmlFreeDoc(doc);
		doc = NULL;
	}
	ctx->myDoc = NULL;
	xmlFreeParserCtxt(ctx);
	return doc;
}

xmlDoc *xml_read(struct xml *x, const char *path, const char *root)
{
	struct source s;
	xmlDoc *doc = NULL;
	path = keep_add(x->keep, mem_text(path)); /* marks point to it */
	if (source_read(&s, path, (struct err_pos){ 0 }, x->e)) {
		x->bytes += s.size;
		doc = xml_parse(x, &s);
	}
	source_fini(&s);
	if (doc && root && strcmp((const char *)xmlDocGetRootElement(doc)->name, root) != 0) {
		xmlFreeDoc(doc);
		return NULL;
	}
	xml_note_file(x, path);
	if (doc) xml_include(x, doc, path);
	return doc;
}

const struct mark *xml_mark(const xmlNode *n)
{
	return n->_private;
}

const struct mark *xml_attr_mark(const xmlAttr *a)
{
	return a->_private;
}

const char *xml_note_file(struct xml *x, const char *path)
{
	for (size_t i = 0; i < x->files; i++)
		if (!strcmp(x->file[i], path)) return x->file[i];
	x->file = mem_grow(x->file, x->files, &x->files_cap, sizeof *x->file);
	return x->file[x->files++] = keep_add(x->keep, mem_text(path));
}

void xml_fini(struct xml *x)
{
	free(x->file);
	x->file = NULL;
	x->files = 0;
}
