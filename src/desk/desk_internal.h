/* desk/desk_internal.h — what the files of this folder share: the desk itself and the making of one act.
 *
 * Layer    desk. Only src/desk includes it.
 */
#ifndef DESK_DESK_INTERNAL_H
#define DESK_DESK_INTERNAL_H

#include "desk/desk.h"
#include "desk/origin.h"
#include "domain/fold.h"

enum { DESK_ARENA_BYTES = 64 << 20, FOLLOW_DEPTH_MAX = 4 };

struct desk {
    struct desk_parts parts;
    struct arena nodes_arena; /* holds the directory */
    struct directory dir;
    struct origin *origin; /* keys of peers */
    int64_t last_pos;
    int64_t next_seq;   /* of own acts; 0 = ask the store */
    int64_t seq_floor;  /* no smaller number is given: they were used before a restore */
    bool nodes_changed; /* in the open transaction, and not read again yet */
    bool nodes_ahead;   /* the directory holds cards of the open transaction */
};

/* A matter as loaded, with the mutable subjects that a fold changes. */
struct loaded {
    struct matter matter;
    struct subject subject;
    struct subject parent;
    struct subject root;
    int64_t subject_rev; /* as loaded; 0 = made by this act */
    int64_t parent_rev;
    int64_t root_rev;
};

struct loaded_ids {
    const char *kind;
    const char *subject; /* NULL or "" = none yet */
    const char *parent;
    const char *actor; /* node */
};

/* Finds the row, the acting node and the subjects. ERR_INVALID unknown kind or parent of a wrong type,
 * ERR_NOT_FOUND, ERR_PERMISSION when the acting node is not enrolled. */
MUST_USE enum errc load_matter(struct desk *desk, const struct loaded_ids *ids, struct arena *arena,
                               struct loaded *out, struct err *err);

/* The same for an act that is written already. A matter that is not here yet: ERR_BUSY, and its id in
 * waits_for. Whoever makes a matter needs only what is above. */
MUST_USE enum errc load_for_act(struct desk *desk, const struct act *act, struct arena *arena,
                                struct loaded *loaded, char waits_for[UUID_TEXT_SIZE], struct err *err);
/* And judged as a peer's; ERR_BUSY also when another act may still bring about what it needs. */
MUST_USE enum errc judge_peer_act(struct desk *desk, const struct act *act, struct arena *arena,
                                  struct loaded *loaded, char waits_for[UUID_TEXT_SIZE], struct err *err);

/* What one act brings: its bytes, what travels beside it, and where it came from. */
struct record {
    struct act act;
    const char *annex; /* text; "" = none */
    const char *from;  /* peer; "" = made here */
    const char *proof; /* text; "" = made here */
    int64_t received_ms;
    int64_t pos; /* result */
};

/* Appends the act, folds it, saves what changed. The transaction is open. */
MUST_USE enum errc record_act(struct desk *desk, struct loaded *loaded, struct record *record,
                              struct arena *arena, struct err *err);

/* Folds an act that stands on the record already: one that passed through before its matter was known. */
MUST_USE enum errc fold_recorded(struct desk *desk, struct loaded *loaded, struct record *record,
                                 struct arena *arena, struct err *err);
/* Appends an act that is only passed on: it stands on the record and changes nothing here. */
MUST_USE enum errc record_relayed(struct desk *desk, struct record *record, struct err *err);

/* An act of this node: writes the bytes, then record_act, then what follows from it. */
struct making {
    const char *person;
    const char *post;
    int64_t happened_ms;
    json_t *body;
    const struct ruling *ruling;
    struct node_list to;
    char act[UUID_TEXT_SIZE]; /* results */
    char subject[UUID_TEXT_SIZE];
    char root[UUID_TEXT_SIZE];
    int64_t recorded_ms;
    int64_t pos;
    int64_t rev;
};
MUST_USE enum errc make_act(struct desk *desk, struct loaded *loaded, struct making *making,
                            struct arena *arena, struct err *err);

/* Acts that the program makes after this one: follow-ons of the owner, ends of open children. */
MUST_USE enum errc follow_act(struct desk *desk, const struct loaded *loaded, const struct act *act,
                              int depth, struct arena *arena, struct err *err);
/* An act that the program makes. */
struct system_request {
    const char *kind;
    const char *subject;        /* NULL = none, or one to be made */
    json_t *body;               /* consumed */
    const struct node_list *to; /* NULL = by the routes */
    int depth;                  /* how many acts it follows */
    const char *person;         /* by whose hand; NULL = nobody's */
    const char *post;
};

/* Judged as such, then made. */
MUST_USE enum errc system_act(struct desk *desk, const struct system_request *request, struct arena *arena,
                              struct err *err);

/* Records that an act was refused. */
MUST_USE enum errc record_refusal(struct desk *desk, const char *kind, const char *of, const char *from,
                                  const struct err *why, struct arena *arena, struct err *err);

/* One submission within an open batch, judged and made; it has no answer of its own. */
MUST_USE enum errc submit_within(struct desk *desk, struct submission *sub, struct arena *arena,
                                 struct err *err);

/* Prepares, signs and saves the head, then commits; rolls back on any error. */
MUST_USE enum errc commit_batch(struct desk *desk, struct err *err);
MUST_USE enum errc begin_batch(struct desk *desk, struct err *err);
void abandon_batch(struct desk *desk);

/* Within a batch: what follows is kept, or undone alone, so that no act is ever half done. */
MUST_USE enum errc begin_step(struct desk *desk, struct err *err);
MUST_USE enum errc end_step(struct desk *desk, bool keep, struct err *err);

#endif
