#include "store/verify.h"

#include "base/civil.h"
#include "base/str.h"
#include "domain/act.h"
#include "store/acts.h"
#include "store/blobs.h"
#include "store/ledger_number.h"
#include "store/store_internal.h"

#include <string.h>

enum {
    ACT_ARENA_BYTES = 8 << 20,
    BATCH_BYTES_MAX = 1 << 30,
    SUSPECTS_BYTES_MAX = 1 << 28,
    BLOBS_A_PAGE = 100
};

/* An act whose hash is not the one kept in the tree. Which of them is right, the next signed root tells. */
struct suspect {
    uint8_t kept[HASH_SIZE];
    bool missing; /* there is no such act at all */
    struct verify_finding finding;
};

struct walk {
    struct store *store; /* reads whatever the checksums of pages say */
    struct verify_report *report;
    verify_head_fn check_head;
    void *context;
    struct db_rows *hashes; /* of the tree, in the order in which acts complete them */
    bool hashes_more;
    struct merkle_tree before; /* as of the last head that fitted */
    struct merkle_tree tree;   /* with the acts behind it, from their bytes */
    struct buf leaves;         /* of those acts */
    struct buf suspects;       /* struct suspect, among those acts */
    size_t inner_wrong;        /* hashes above them that differ */
    bool lost;                 /* a root did not fit: later ones say nothing */
    const uint8_t *leaf;       /* what is being appended */
    uint8_t kept[HASH_SIZE];   /* what the tree keeps for it */
    bool kept_there;
};

/* ---- findings ------------------------------------------------------------------------------------- */

static void keep(struct verify_report *report, const struct verify_finding *finding)
{
    if (report->finding_count < VERIFY_FINDINGS_MAX)
        report->findings[report->finding_count] = *finding;
    report->finding_count++;
}

static struct verify_finding about(enum finding_kind kind, const struct stored_act *stored)
{
    struct verify_finding finding = {.kind = kind, .pos = -1};
    if (stored) {
        finding.pos = stored->pos;
        finding.recorded_ms = stored->act.recorded_ms;
        (void)snprintf(finding.act, sizeof finding.act, "%s", stored->act.id);
        (void)snprintf(finding.act_kind, sizeof finding.act_kind, "%s", stored->act.kind);
    }
    return finding;
}

/* "act number 17, incident.reported of 2009-05-19T21:50:00.000+08:00 (id): " and the story. */
static void found(struct verify_report *report, struct verify_finding *finding, const char *story)
{
    char time[CIVIL_TIME_SIZE];
    civil_format_time(finding->recorded_ms, CIVIL_CHINA_MIN, time);
    if (finding->pos >= 0 && finding->act[0] != '\0')
        (void)snprintf(finding->story, sizeof finding->story, "act number %lld, %s of %s (%s): %s",
                       (long long)finding->pos, finding->act_kind, time, finding->act, story);
    else if (finding->pos >= 0)
        (void)snprintf(finding->story, sizeof finding->story, "act number %lld: %s", (long long)finding->pos,
                       story);
    else
        (void)snprintf(finding->story, sizeof finding->story, "%s", story);
    keep(report, finding);
}

static void found_at(struct verify_report *report, enum finding_kind kind, const struct stored_act *stored,
                     const char *story)
{
    struct verify_finding finding = about(kind, stored);
    found(report, &finding, story);
}

/* What a step answered becomes a finding, unless nothing can be said after it. */
static enum errc as_finding(struct verify_report *report, enum finding_kind kind,
                            const struct stored_act *stored, enum errc rc, const struct err *told)
{
    if (rc == ERR_OK || rc == ERR_NOMEM || rc == ERR_CRYPTO)
        return rc;
    found_at(report, kind, stored, told->message);
    return ERR_OK;
}

/* ---- one act -------------------------------------------------------------------------------------- */

/* The bytes say it; a column that says something else would be believed by every list. */
static void check_columns(struct walk *walk, const struct stored_act *stored, const struct act *said)
{
    const struct act *kept = &stored->act;
    const struct {
        const char *column;
        bool same;
    } COLUMNS[] = {
        {"id", streq(said->id, kept->id)},       {"universe", streq(said->universe, kept->universe)},
        {"node", streq(said->node, kept->node)}, {"seq", said->seq == kept->seq},
        {"kind", streq(said->kind, kept->kind)}, {"subject", streq(said->subject, kept->subject)},
        {"root", streq(said->root, kept->root)}, {"recorded_ms", said->recorded_ms == kept->recorded_ms},
    };
    for (size_t i = 0; i < sizeof COLUMNS / sizeof COLUMNS[0]; i++) {
        char story[96];
        if (COLUMNS[i].same)
            continue;
        (void)snprintf(story, sizeof story, "its column %s was altered; its bytes say otherwise",
                       COLUMNS[i].column);
        found_at(walk->report, FINDING_COLUMN, stored, story);
    }
}

static enum errc check_content(struct walk *walk, const struct stored_act *stored, struct arena *arena)
{
    struct act said = {0};
    json_t *doc = NULL, *annex = NULL;
    struct err told = {0};
    enum errc rc = act_read(stored->act.bytes, stored->act.size_bytes, arena, &said, &doc, &told);
    if (rc < 0)
        return as_finding(walk->report, FINDING_COLUMN, stored, rc, &told);
    check_columns(walk, stored, &said);
    if (stored->annex_bytes > 0) {
        rc = doc_parse_object(stored->annex, stored->annex_bytes, &annex, &told);
        if (rc == ERR_OK)
            rc = act_check_annex(&said, annex, &told);
        rc = as_finding(walk->report, FINDING_ANNEX, stored, rc, &told);
    }
    json_decref(annex);
    json_decref(doc);
    return rc;
}

/* ---- the tree ------------------------------------------------------------------------------------- */

/* The hash kept under that number, if it is there; the rows come in the order in which they are asked for. */
static enum errc kept_hash(struct walk *walk, int64_t number, uint8_t out[HASH_SIZE], bool *there,
                           struct err *err)
{
    enum errc rc = ERR_OK;
    *there = false;
    while (rc == ERR_OK && walk->hashes_more && db_int(walk->hashes, 0) < number)
        rc = db_next(walk->hashes, &walk->hashes_more, err);
    if (rc < 0 || !walk->hashes_more || db_int(walk->hashes, 0) > number)
        return rc;
    struct db_value value = db_column(walk->hashes, 1);
    *there = value.size_bytes == HASH_SIZE;
    if (*there)
        memcpy(out, value.bytes, HASH_SIZE);
    return db_next(walk->hashes, &walk->hashes_more, err);
}

/* Called by merkle_append for each hash that the act completes. */
static enum errc compare(void *context, unsigned level, uint64_t index, const uint8_t hash[HASH_SIZE],
                         struct err *err)
{
    struct walk *walk = context;
    uint8_t kept[HASH_SIZE];
    bool there = false;
    if (level == 0)
        return ERR_OK; /* take_leaf has looked at it */
    enum errc rc = kept_hash(walk, ledger_number(level, index), kept, &there, err);
    if (rc == ERR_OK && (!there || memcmp(kept, hash, HASH_SIZE) != 0))
        walk->inner_wrong++;
    return rc;
}

/* Appends the act, or, where it is missing, what the tree keeps of it. */
static enum errc take_leaf(struct walk *walk, const struct stored_act *stored, struct err *err)
{
    struct merkle_hashes hashes = {walk, NULL, compare};
    struct suspect suspect = {.missing = stored->act.bytes == NULL};
    uint8_t leaf[HASH_SIZE];
    bool there = false;
    enum errc rc = kept_hash(walk, ledger_number(0, walk->tree.size), suspect.kept, &there, err);
    if (rc == ERR_OK && suspect.missing)
        memcpy(leaf, suspect.kept, HASH_SIZE);
    else if (rc == ERR_OK)
        rc = merkle_leaf(walk->store->hasher, stored->act.bytes, stored->act.size_bytes, leaf, err);
    if (rc < 0)
        return rc;
    if (suspect.missing || !there || memcmp(leaf, suspect.kept, HASH_SIZE) != 0) {
        suspect.finding = about(suspect.missing ? FINDING_ACT_MISSING : FINDING_ACT_ALTERED, stored);
        buf_add(&walk->suspects, &suspect, sizeof suspect);
    }
    buf_add(&walk->leaves, leaf, sizeof leaf);
    rc = merkle_append(&walk->tree, walk->store->hasher, leaf, &hashes, err);
    if (rc == ERR_OK)
        rc = buf_check(&walk->leaves, err);
    return rc == ERR_OK ? buf_check(&walk->suspects, err) : rc;
}

static size_t suspect_count(const struct walk *walk)
{
    return walk->suspects.size_bytes / sizeof(struct suspect);
}

static struct suspect *suspect_at(const struct walk *walk, size_t at)
{
    void *first = walk->suspects.data; /* from realloc: aligned for anything */
    return (struct suspect *)first + at;
}

/* The tree as it was when it was signed, if what it keeps is right and the acts are not. */
static enum errc tree_as_kept(struct walk *walk, struct merkle_tree *out, struct err *err)
{
    struct merkle_tree tree = walk->before;
    size_t next = 0;
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < walk->leaves.size_bytes / HASH_SIZE; i++) {
        uint8_t leaf[HASH_SIZE];
        memcpy(leaf, walk->leaves.data + i * HASH_SIZE, HASH_SIZE);
        if (next < suspect_count(walk) && suspect_at(walk, next)->finding.pos == (int64_t)tree.size)
            memcpy(leaf, suspect_at(walk, next++)->kept, HASH_SIZE);
        rc = merkle_append(&tree, walk->store->hasher, leaf, NULL, err);
    }
    if (rc == ERR_OK)
        *out = tree;
    return rc;
}

static void report_suspects(struct walk *walk, bool acts_are_right)
{
    for (size_t i = 0; i < suspect_count(walk); i++) {
        struct suspect *suspect = suspect_at(walk, i);
        if (suspect->missing)
            found(walk->report, &suspect->finding, "it is missing from the record");
        else if (acts_are_right)
            suspect->finding.kind = FINDING_TREE;
        if (suspect->missing)
            continue;
        found(walk->report, &suspect->finding,
              acts_are_right ? "the hash kept for it is wrong; the act itself is as it was signed"
                             : "its bytes were altered: they are not those that were signed");
    }
}

static enum errc same_root(struct walk *walk, const struct merkle_tree *tree, const struct tree_head *head,
                           bool *same, struct err *err)
{
    uint8_t root[HASH_SIZE];
    enum errc rc = merkle_root(tree, walk->store->hasher, root, err);
    if (rc == ERR_OK)
        *same = memcmp(root, head->tree.root, HASH_SIZE) == 0;
    return rc;
}

static void report_unfitting(struct walk *walk, const struct tree_head *head)
{
    struct verify_finding finding = {.kind = FINDING_HEAD, .pos = -1};
    char story[160];
    (void)snprintf(
        story, sizeof story,
        "the signed root of %llu acts does not fit: one of the acts number %llu to %llu was altered "
        "together with its hash, or the root was",
        (unsigned long long)head->tree.size, (unsigned long long)walk->before.size,
        (unsigned long long)head->tree.size - 1);
    found(walk->report, &finding, story);
    walk->lost = true;
}

/* The batch that this head signed is complete: what is right, the acts or the kept hashes? */
static enum errc close_batch(struct walk *walk, const struct tree_head *head, struct err *err)
{
    struct merkle_tree kept;
    bool by_acts = false, by_kept = false;
    enum errc rc = same_root(walk, &walk->tree, head, &by_acts, err);
    if (rc == ERR_OK)
        rc = tree_as_kept(walk, &kept, err);
    if (rc == ERR_OK)
        rc = same_root(walk, &kept, head, &by_kept, err);
    if (rc < 0)
        return rc;
    report_suspects(walk, by_acts);
    if (by_acts && walk->inner_wrong > 0)
        found_at(walk->report, FINDING_TREE, NULL,
                 "a hash kept for the ledger is wrong; the acts are as signed");
    if (by_kept && !by_acts)
        walk->tree = kept; /* so that later heads can be compared */
    if (!by_acts && !by_kept && !walk->lost)
        report_unfitting(walk, head);
    if (by_acts || by_kept)
        walk->report->tree = head->tree;
    walk->before = walk->tree;
    walk->inner_wrong = 0;
    buf_reset(&walk->leaves);
    buf_reset(&walk->suspects);
    return ERR_OK;
}

/* ---- the walk ------------------------------------------------------------------------------------- */

/* The next act of the record, or one that says that number tree.size is missing. */
static enum errc next_act(struct walk *walk, struct db_rows *acts, bool *more, struct arena *arena,
                          struct err *err)
{
    struct stored_act stored = {.pos = (int64_t)walk->tree.size};
    enum errc rc = ERR_OK;
    if (*more && db_int(acts, 0) == stored.pos) {
        acts_read_row(walk->store, acts, arena, &stored);
        walk->report->acts++;
        rc = row_check(arena, err);
        if (rc == ERR_OK)
            rc = check_content(walk, &stored, arena);
        if (rc == ERR_OK)
            rc = db_next(acts, more, err);
    } else {
        stored.act.id = stored.act.kind = "";
    }
    if (rc == ERR_OK)
        rc = take_leaf(walk, &stored, err);
    arena_reset(arena);
    return rc;
}

static enum errc walk_heads(struct walk *walk, struct db_rows *heads, struct db_rows *acts,
                            struct arena *arena, struct err *err)
{
    bool more_heads = false, more_acts = false;
    enum errc rc = db_next(acts, &more_acts, err);
    if (rc == ERR_OK)
        rc = db_next(heads, &more_heads, err);
    while (rc == ERR_OK && more_heads) {
        struct tree_head head;
        struct err told = {0};
        rc = ledger_read_head(walk->store, heads, &head, err);
        while (rc == ERR_OK && walk->tree.size < head.tree.size)
            rc = next_act(walk, acts, &more_acts, arena, err);
        if (rc == ERR_OK)
            rc = close_batch(walk, &head, err);
        if (rc == ERR_OK && walk->check_head)
            rc = as_finding(walk->report, FINDING_SIGNATURE, NULL,
                            walk->check_head(walk->context, &head, &told), &told);
        walk->report->heads++;
        if (rc == ERR_OK)
            rc = db_next(heads, &more_heads, err);
    }
    while (rc == ERR_OK && more_acts) {
        struct stored_act stored;
        acts_read_row(walk->store, acts, arena, &stored);
        rc = row_check(arena, err);
        if (rc == ERR_OK)
            found_at(walk->report, FINDING_UNSIGNED, &stored, "no signed head covers it");
        walk->report->acts++;
        arena_reset(arena);
        if (rc == ERR_OK)
            rc = db_next(acts, &more_acts, err);
    }
    return rc;
}

static enum errc walk_record(struct walk *walk, struct err *err)
{
    struct db *db = walk->store->db;
    struct db_rows *acts = NULL, *heads = NULL;
    struct arena arena;
    arena_init(&arena, ACT_ARENA_BYTES);
    buf_init(&walk->leaves, BATCH_BYTES_MAX);
    buf_init(&walk->suspects, SUSPECTS_BYTES_MAX);
    enum errc rc = db_query(db, SQL(TREE_ALL), NULL, 0, &walk->hashes, err);
    if (rc == ERR_OK)
        rc = db_next(walk->hashes, &walk->hashes_more, err);
    if (rc == ERR_OK)
        rc = db_query(db, SQL(ACT_ALL), NULL, 0, &acts, err);
    if (rc == ERR_OK)
        rc = db_query(db, SQL(HEAD_ALL), NULL, 0, &heads, err);
    if (rc == ERR_OK)
        rc = walk_heads(walk, heads, acts, &arena, err);
    db_finish(heads);
    db_finish(acts);
    db_finish(walk->hashes);
    buf_done(&walk->suspects);
    buf_done(&walk->leaves);
    arena_done(&arena);
    return rc;
}

static enum errc check_blobs(struct walk *walk, struct err *err)
{
    struct arena arena;
    struct blob *blobs = NULL;
    size_t count = 1;
    char last[HASH_TEXT_SIZE] = "";
    enum errc rc = ERR_OK;
    arena_init(&arena, ACT_ARENA_BYTES);
    while (rc == ERR_OK && count > 0) {
        rc = blobs_list(walk->store, last, BLOBS_A_PAGE, &arena, &blobs, &count, err);
        for (size_t i = 0; rc == ERR_OK && i < count; i++) {
            struct err told = {0};
            rc = as_finding(walk->report, FINDING_BLOB, NULL, blobs_check(walk->store, blobs[i].hash, &told),
                            &told);
            walk->report->blobs++;
            (void)snprintf(last, sizeof last, "%s", blobs[i].hash);
        }
        arena_reset(&arena);
    }
    arena_done(&arena);
    return rc;
}

/* Structure, checksums of pages and the end of the log, by a connection that looks at them. */
static enum errc check_database(const struct store_options *options, struct verify_report *report)
{
    struct store_options reader = *options;
    struct store *store = NULL;
    struct err told = {0};
    reader.read_only = true;
    enum errc rc = store_open(&reader, &store, &told);
    if (rc == ERR_OK)
        rc = store->db->driver->admin(store->db, DB_ADMIN_CHECK, NULL, &told);
    store_close(store);
    return as_finding(report, FINDING_DATABASE, NULL, rc, &told);
}

enum errc store_verify(const struct store_options *options, verify_head_fn check_head, void *context,
                       struct verify_report *out, struct err *err)
{
    struct walk walk = {.report = out, .check_head = check_head, .context = context};
    *out = (struct verify_report){0};
    enum errc rc = store_open_unchecked(options, &walk.store, err);
    if (rc < 0)
        return rc;
    (void)snprintf(out->node, sizeof out->node, "%s", walk.store->identity.node);
    (void)snprintf(out->universe, sizeof out->universe, "%s", walk.store->identity.universe);
    out->suite = walk.store->identity.suite;
    struct err told = {0};
    rc = store_begin(walk.store, err);
    if (rc == ERR_OK)
        rc = as_finding(out, FINDING_DATABASE, NULL, walk_record(&walk, &told), &told);
    if (rc == ERR_OK && !options->vfs)
        rc = as_finding(out, FINDING_DATABASE, NULL, check_blobs(&walk, &told), &told);
    if (told.code < 0 && rc < 0 && err)
        *err = told;
    store_close(walk.store);
    if (rc == ERR_OK)
        rc = check_database(options, out);
    if (rc == ERR_OK && out->finding_count > 0)
        rc = err_set(err, ERR_DAMAGED, "%s", out->findings[0].story);
    return rc;
}
