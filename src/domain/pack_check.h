/* domain/pack_check.h — is a pack sound? Links its rows and proves what pack.h promises.
 *
 * Internal to the pack_* files.
 *
 * Layer    domain.   Owns nothing.   Threads: one, while loading.
 * Errors   ERR_INVALID with "file:line: what is wrong; what to do", err->line and err->field.
 * Tests    tests/unit/domain/test_pack_check.c: every rule is fed a violation
 */
#ifndef DOMAIN_PACK_CHECK_H
#define DOMAIN_PACK_CHECK_H

#include "domain/pack_schema.h"
#include "domain/pack_set.h"

/* A pack while it is loaded, with the files that its parts came from, for the lines in messages. */
struct pack_draft {
    struct pack *pack;
    const char *folder;
    const struct embed_file *head_file;
    const struct embed_file *list_files[PACK_LIST_COUNT]; /* NULL for a list that is not there */
};

/* An error at `path` below a row: pack_fault(draft, PACK_DUTIES, 3, "owners[0]", err, "…"). */
enum errc pack_fault(const struct pack_draft *draft, enum pack_list list, uint32_t index, const char *path,
                     struct err *err, const char *fmt, ...) PRINTF_LIKE(6, 7);

/* pack_link.c: every reference to a provision, fact or role becomes a pointer or number, or an error. */
MUST_USE enum errc pack_link(const struct pack_draft *draft, struct err *err);
/* pack_check.c: everything else that must hold. After pack_link. */
MUST_USE enum errc pack_check(const struct pack_draft *draft, struct err *err);

#endif
