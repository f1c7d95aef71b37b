/* store/terms.h — text to search terms, the same for what is stored and for what is asked.
 *
 *     "浙江电信 DNS 故障"  →  "浙江 江电 电信 信 dns 故障 障"
 *
 * Runs of Chinese characters become overlapping pairs and a last single, other runs of letters and digits
 * lower-cased words; everything else separates. Full-width letters and digits count as their plain forms.
 * A word of the query is then a phrase: pairs side by side are exactly the text searched for.
 * The terms are plain words, so any engine that can index words in their positions can keep them.
 *
 * Layer    store. Only src/store includes it.   Owns nothing.   Threads any.
 * Tests    tests/unit/store/test_terms.c
 */
#ifndef STORE_TERMS_H
#define STORE_TERMS_H

#include "base/buf.h"
#include "base/doc.h"

/* Terms are added up to the first number of bytes; a buffer with the second as its cap then holds them all,
 * and fails only when memory does. */
enum { TERMS_BYTES_MAX = 256 << 10, TERMS_CAP_BYTES = TERMS_BYTES_MAX + 256, TERMS_VERSION = 1 };

/* Appends the terms of a text, separated by blanks; words are cut at 64 bytes. The text is valid UTF-8. */
void terms_add(struct buf *out, const char *text, size_t size_bytes);

/* Appends the terms of every text and number in a document, in its order, but for what the packs
 * proposed. */
void terms_add_doc(struct buf *out, const json_t *doc);

/* The query of SQLite's index for what a person typed: every blank-separated part must occur. *any is
 * false when the text holds nothing that can be searched for. */
MUST_USE enum errc terms_query(const char *text, struct buf *out, bool *any, struct err *err);

/* Changes whenever the terms do. */
int64_t terms_hash(const struct buf *terms);

#endif
