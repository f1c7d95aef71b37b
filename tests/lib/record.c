#include "lib/record.h"

#include "domain/act.h"
#include "lib/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_ARENA_BYTES = 64 << 20 };
#define RECORD_START_MS INT64_C(1242741000000) /* 2009-05-19T21:50:00+08:00 */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void record_remove(const char *dir)
{
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS); /* a test folder that stays harms nobody */
}

static void start(struct record *record, enum suite suite)
{
    record->identity = (struct store_identity){"demo-telecom-zj", "real", suite};
    record->now_ms = RECORD_START_MS;
    arena_init(&record->arena, RECORD_ARENA_BYTES);
    assert_ok(sign_key_generate(suite, &record->key, &record->err), &record->err);
    assert_ok(store_create(&record->options, &record->identity, &record->err), &record->err);
    assert_ok(store_open(&record->options, &record->store, &record->err), &record->err);
}

void record_open(struct record *record, enum suite suite)
{
    const char *tmp = getenv("TMPDIR");
    *record = (struct record){0};
    (void)snprintf(record->dir, sizeof record->dir, "%s/fengsui-store-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(record->dir));
    record->options.dir = record->dir;
    start(record, suite);
}

void record_open_on(struct record *record, enum suite suite, const char *vfs)
{
    *record = (struct record){0};
    (void)snprintf(record->dir, sizeof record->dir, "/node");
    record->options.dir = record->dir;
    record->options.vfs = vfs;
    start(record, suite);
}

void record_done(struct record *record)
{
    store_close(record->store);
    sign_key_free(record->key);
    arena_done(&record->arena);
    if (!record->options.vfs)
        record_remove(record->dir);
}

void record_reopen(struct record *record)
{
    store_close(record->store);
    record->store = NULL;
    assert_ok(store_open(&record->options, &record->store, &record->err), &record->err);
}

void record_id(struct record *record, char out[RECORD_ID_SIZE])
{
    (void)snprintf(out, RECORD_ID_SIZE, "0190b9a8-7c3e-7000-8000-%012llx",
                   (unsigned long long)++record->made);
}

struct stored_act record_act(struct record *record, const char *kind, const char *matter, const char *text)
{
    char *id = arena_alloc(&record->arena, RECORD_ID_SIZE);
    struct stored_act stored = {.received_ms = record->now_ms, .from_node = ""};
    struct act *act = &stored.act;
    struct buf bytes;
    record_id(record, id);
    *act = (struct act){.id = id,
                        .universe = record->identity.universe,
                        .node = record->identity.node,
                        .kind = kind,
                        .subject = matter,
                        .root = matter,
                        .person = "张三",
                        .post = "值班员",
                        .happened_ms = record->now_ms,
                        .recorded_ms = record->now_ms,
                        .pack = "miit-2017-281",
                        .pack_version = "1",
                        .clause = "4.1",
                        .body = json_pack("{s:s}", "text", text)};
    record->now_ms++;
    assert_non_null(act->body);
    assert_ok(acts_next_seq(record->store, act->node, &act->seq, &record->err), &record->err);
    buf_init(&bytes, ACT_BYTES_MAX);
    assert_ok(act_write(act, &bytes, &record->err), &record->err);
    act->bytes = arena_strndup(&record->arena, bytes.data, bytes.size_bytes);
    act->size_bytes = bytes.size_bytes;
    buf_done(&bytes);
    json_decref(act->body);
    act->body = NULL;
    assert_non_null(act->bytes);
    assert_ok(acts_append(record->store, &stored, &record->err), &record->err);
    return stored;
}

void record_begin(struct record *record)
{
    assert_ok(store_begin(record->store, &record->err), &record->err);
}

enum errc record_sign(struct record *record, struct err *err)
{
    struct tree_head head;
    enum errc rc = ledger_prepare_head(record->store, record->now_ms, &head, err);
    if (rc == ERR_OK)
        rc = proof_head_sign(&head, record->key, err);
    if (rc == ERR_OK)
        rc = ledger_save_head(record->store, &head, err);
    return rc;
}

void record_commit(struct record *record)
{
    struct tree_head last = {.tree.size = 0};
    enum errc rc = ledger_last_head(record->store, &last, &record->err);
    assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
    if (ledger_size(record->store) > last.tree.size)
        assert_ok(record_sign(record, &record->err), &record->err);
    assert_ok(store_commit(record->store, &record->err), &record->err);
    arena_reset(&record->arena);
}

void record_one(struct record *record, const char *kind, const char *matter, const char *text)
{
    record_begin(record);
    (void)record_act(record, kind, matter, text);
    record_commit(record);
}

static void drop_doc(void *doc)
{
    json_decref(doc);
}

struct subject record_matter(struct record *record, const char *type, const char *title, const char *text)
{
    char *id = arena_alloc(&record->arena, RECORD_ID_SIZE);
    json_t *doc = json_pack("{s:s}", "text", text);
    record_id(record, id);
    assert_true(arena_tie(&record->arena, drop_doc, doc));
    return (struct subject){.id = id,
                            .type = type,
                            .root = id,
                            .parent = "",
                            .state = "reported",
                            .owner = record->identity.node,
                            .region = "330000",
                            .title = title,
                            .rev = 1,
                            .opened_ms = record->now_ms,
                            .updated_ms = record->now_ms,
                            .doc = doc};
}
