/* base/doc.h — JSON documents from outside, read strictly; jansson underneath.
 *
 * Strict means: RFC 8259 only, UTF-8 only, no duplicate keys, no U+0000, no byte order mark, bounded
 * size and depth. The caller keeps the received bytes when they must be stored or signed: a document is
 * never re-serialised for that (jansson rewrites 184.7).
 *
 * Layer    base.
 * Owns     doc_parse gives a reference that the caller drops with json_decref; getters lend.
 * Threads  a document belongs to one thread.
 * Errors   ERR_SYNTAX with line, ERR_LIMIT; the getters ERR_INVALID with the field's name.
 * Tests    tests/unit/base/test_doc.c, test_doc_suite.c, tests/fuzz/fuzz_doc.c
 */
#ifndef BASE_DOC_H
#define BASE_DOC_H

#include "base/buf.h"

#include <jansson.h>

enum { DOC_DEPTH_MAX = 32, DOC_BYTES_MAX = 4 << 20 };

/* Any JSON value at the top. */
MUST_USE enum errc doc_parse(const char *text, size_t size_bytes, json_t **out, struct err *err);
/* The same, but the top must be an object. */
MUST_USE enum errc doc_parse_object(const char *text, size_t size_bytes, json_t **out, struct err *err);

/* Compact text, keys in the order of insertion. */
MUST_USE enum errc doc_write(const json_t *doc, struct buf *out, struct err *err);

/* Refuses every field whose name is not in the list. */
MUST_USE enum errc doc_only(json_t *object, const char *const *names, size_t count, struct err *err);

/* Getters: an absent or null field leaves *out untouched and is ERR_OK unless required. */
enum doc_need { DOC_OPTIONAL, DOC_REQUIRED };
MUST_USE enum errc doc_text(json_t *object, const char *name, enum doc_need need, size_t chars_max,
                            const char **out, struct err *err);
MUST_USE enum errc doc_int(json_t *object, const char *name, enum doc_need need, int64_t min, int64_t max,
                           int64_t *out, struct err *err);
MUST_USE enum errc doc_bool(json_t *object, const char *name, enum doc_need need, bool *out, struct err *err);
MUST_USE enum errc doc_object(json_t *object, const char *name, enum doc_need need, json_t **out,
                              struct err *err);
MUST_USE enum errc doc_array(json_t *object, const char *name, enum doc_need need, size_t count_max,
                             json_t **out, struct err *err);

#endif
