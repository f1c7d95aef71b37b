/* main/node_backup.h — a copy of everything a node has recorded, and a node set up again from one.
 *
 *   <backup>/real/           like <data>/real/, one consistent moment        (store/backup.h)
 *   <backup>/drills/<id>/    the same of every drill
 *
 * Keys are not in it. A backup is made while the node runs; restoring needs it stopped, and the seal/ and
 * link/ that it had. Both are verified, act by act and signature by signature, before they count.
 *
 * A backup that ends before what the signer has signed is restored only when that is asked for and a reason
 * is given: the loss then becomes an act that peers get (desk/restored.h).
 *
 * Layer    main.
 * Owns     documents are new references.
 * Threads  the main thread, before any other is made: restoring starts the signer.
 * Errors   ERR_CONFLICT the target is there already; ERR_BUSY the node runs; ERR_DAMAGED the backup does not
 *          hold; ERR_FORGED it is older than what was signed; ERR_NOT_FOUND no keys; ERR_FULL, ERR_IO.
 * Tests    tests/unit/main/test_node_backup.c
 */
#ifndef MAIN_NODE_BACKUP_H
#define MAIN_NODE_BACKUP_H

#include "base/doc.h"
#include "base/env.h"
#include "main/config.h"

/* One record, also of a running node; `to` must not exist. */
MUST_USE enum errc node_copy_record(const char *from, const char *to, struct err *err);

/* dir must not exist. *out_report: what was found when the copy was verified. */
MUST_USE enum errc node_backup(const struct config *config, const char *dir, struct arena *arena,
                               json_t **out_report, struct err *err);

struct node_restore {
    const char *backup;
    bool replace;  /* what is there is moved aside, to <data>/replaced-<time>/ */
    bool set_back; /* the backup may end before what was signed: the rest is given up */
    const char *reason;
    const char *person; /* who answers for it */
    const char *post;
};

struct node_restored {
    uint64_t acts;     /* of the real record, as in the backup */
    uint64_t given_up; /* acts that were signed and are gone */
    const char *aside; /* where the former record went; NULL = there was none */
};

MUST_USE enum errc node_restore(const struct config *config, const struct env *env,
                                const struct node_restore *restore, struct arena *arena,
                                struct node_restored *out, struct err *err);

#endif
