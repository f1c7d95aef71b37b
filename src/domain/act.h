/* domain/act.h — an act as bytes: written once, then stored, hashed, signed and sent as they are.
 *
 * Secret fields do not stand in the bytes: a salted hash does (`commits`), and the values travel beside
 * in an annex {"field":{"salt":"<hex>","value":…}} to those who need to know.
 *
 * Layer    domain: pure (hashing is arithmetic).
 * Owns     act_write appends to the caller's buffer; act_read puts strings into the arena and takes a
 *          reference to the document that the caller drops with json_decref(*out_doc) after last use.
 * Threads  any.
 * Errors   ERR_SYNTAX, ERR_LIMIT, ERR_INVALID naming the member.
 * Tests    tests/unit/domain/test_act.c
 */
#ifndef DOMAIN_ACT_H
#define DOMAIN_ACT_H

#include "base/arena.h"
#include "domain/catalogue.h"

enum { ACT_BYTES_MAX = 256 << 10, ACT_TO_MAX = 4096, ACT_SALT_BYTES = 16 };

/* Writes every member but bytes. The body is written as it is, in its order of keys. */
MUST_USE enum errc act_write(const struct act *act, struct buf *out, struct err *err);

/* Reads strictly: unknown members, wrong types, other versions, bad ids are refused. */
MUST_USE enum errc act_read(const char *bytes, size_t size_bytes, struct arena *arena, struct act *out,
                            json_t **out_doc, struct err *err);

/* Takes the secret fields out of body: *out_commits and *out_annex are new documents, or NULL when the row
 * has no secret field that is filled. salts holds ACT_SALT_BYTES for each field of the row. */
MUST_USE enum errc act_seal_secrets(const struct act_row *row, json_t *body, const unsigned char *salts,
                                    json_t **out_commits, json_t **out_annex, struct err *err);

/* ERR_FORGED when a value of the annex is not the one the act commits to. */
MUST_USE enum errc act_check_annex(const struct act *act, json_t *annex, struct err *err);

#endif
