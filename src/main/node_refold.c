#include "main/node_refold.h"

#include "base/str.h"
#include "desk/refold.h"
#include "desk/replay.h"
#include "main/lawbook.h"
#include "main/node_backup.h"
#include "main/node_dir.h"
#include "store/files.h"

#include <unistd.h>

static struct desk_parts parts_of(const struct config *config, const struct env *env,
                                  const struct lawbook *law)
{
    return (struct desk_parts){
        .catalogue = law->catalogue, .packs = law->packs, .env = env, .node = config->node_id};
}

/* ---- rebuild ---- */

static enum errc rebuild(const struct desk_parts *parts, const struct store_options *options, bool check_only,
                         struct rebuild_report *out, struct err *err)
{
    struct rebuild *rebuild = NULL;
    struct refold *refold = NULL;
    enum errc rc = refold_new(parts, &refold, err);
    if (rc >= 0)
        rc = rebuild_begin(options, &rebuild, err);
    if (rc >= 0)
        rc = rebuild_run(rebuild, refold_act, refold, err);
    if (rc >= 0)
        rc = rebuild_compare(rebuild, out, err);
    refold_free(refold);
    bool place = rc >= 0 && !check_only && !out->identical;
    enum errc ended = rebuild_end(rebuild, place ? REBUILD_PUT_IN_PLACE : REBUILD_DROP, rc < 0 ? NULL : err);
    return rc < 0 ? rc : ended;
}

enum errc node_rebuild(const struct config *config, const struct env *env, bool check_only,
                       struct arena *arena, struct rebuild_report *out, struct err *err)
{
    struct lawbook law = {0};
    struct node_dir dir;
    enum errc rc = node_dir_of(config->node_data, arena, &dir, err);
    if (rc >= 0)
        rc = lawbook_open(config->rules_folder, &law, err);
    if (rc >= 0) {
        struct desk_parts parts = parts_of(config, env, &law);
        struct store_options options = {.dir = dir.real, .sync = STORE_SYNC_FULL};
        rc = rebuild(&parts, &options, check_only, out, err);
    }
    lawbook_close(&law);
    return rc;
}

/* ---- replay ---- */

static enum errc compare(struct replay *replay, struct rebuild *rebuild, const char *copy, json_t **out,
                         struct err *err)
{
    struct store_options options = {.dir = copy, .read_only = true};
    struct store *before = NULL;
    enum errc rc = store_open(&options, &before, err);
    if (rc >= 0)
        rc = replay_end(replay, before, rebuild_store(rebuild), out, err);
    store_close(before);
    return rc;
}

static enum errc replay_copy(const struct desk_parts *parts, const char *copy, json_t **out, struct err *err)
{
    struct store_options options = {.dir = copy, .sync = STORE_SYNC_OFF};
    struct rebuild *rebuild = NULL;
    struct replay *replay = NULL;
    enum errc rc = replay_new(parts, &replay, err);
    if (rc >= 0)
        rc = rebuild_begin(&options, &rebuild, err);
    if (rc >= 0)
        rc = rebuild_run(rebuild, replay_act, replay, err);
    if (rc >= 0)
        rc = compare(replay, rebuild, copy, out, err);
    replay_free(replay);
    enum errc ended = rebuild_end(rebuild, REBUILD_DROP, rc < 0 ? NULL : err);
    return rc < 0 ? rc : ended;
}

enum errc node_replay(const struct config *config, const struct env *env, const char *rules,
                      struct arena *arena, json_t **out, struct err *err)
{
    struct lawbook law = {0};
    struct node_dir dir;
    enum errc rc = node_dir_of(config->node_data, arena, &dir, err);
    const char *copy = arena_printf(arena, "%s/replay-%ld", config->node_data, (long)getpid());
    if (rc >= 0 && !copy)
        rc = err_set(err, ERR_NOMEM, "no memory for a path");
    if (rc >= 0)
        rc = lawbook_open(rules, &law, err);
    if (rc >= 0)
        rc = node_copy_record(dir.real, copy, err);
    if (rc >= 0) {
        struct desk_parts parts = parts_of(config, env, &law);
        rc = replay_copy(&parts, copy, out, err);
        enum errc removed = files_remove_tree(copy, rc < 0 ? NULL : err);
        if (rc >= 0 && removed < 0) {
            json_decref(*out);
            rc = removed;
        }
    }
    lawbook_close(&law);
    return rc;
}
