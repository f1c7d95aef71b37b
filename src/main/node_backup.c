#include "main/node_backup.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/restored.h"
#include "main/file.h"
#include "main/node.h"
#include "main/verify.h"
#include "store/backup.h"
#include "store/files.h"
#include "store/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

/* ---- what both ways share ---- */

/* Calls fn with the path and the name of every record below drills/. */
typedef enum errc (*drill_fn)(void *context, const char *path, const char *id, struct err *err);

static enum errc each_drill(const char *folder, struct arena *arena, drill_fn fn, void *context,
                            struct err *err)
{
    enum errc rc = ERR_OK;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && rc >= 0 && (entry = readdir(dir)) != NULL;) {
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        const char *store = arena_printf(arena, "%s/%s/store.db", folder, entry->d_name);
        if (!path || !store)
            rc = err_set(err, ERR_NOMEM, "no memory for the name of a drill");
        else if (entry->d_name[0] != '.' && file_exists(store))
            rc = fn(context, path, entry->d_name, err);
    }
    if (dir)
        (void)closedir(dir);
    return rc;
}

/* Every act, root and signature; what was found first is the error. */
static enum errc verify_copy(const char *path, struct arena *arena, json_t **out, struct err *err)
{
    json_t *report = NULL;
    enum errc rc = verify_path(path, arena, &report, err);
    if (rc < 0)
        return rc;
    if (!json_is_true(json_object_get(report, "ok"))) {
        const json_t *problem = json_array_get(json_object_get(report, "problems"), 0);
        const char *why = json_string_value(json_object_get(problem, "why"));
        rc = err_set(err, ERR_DAMAGED, "%s does not hold: %s ('fengsui verify' tells more)", path,
                     why ? why : "a drill's record is not sound");
        json_decref(report);
        return rc;
    }
    *out = report;
    return ERR_OK;
}

/* ---- backup ---- */

enum errc node_copy_record(const char *from, const char *to, struct err *err)
{
    struct store_options options = {.dir = from, .read_only = true};
    struct store *reader = NULL;
    struct verify_report found;
    enum errc rc = store_open(&options, &reader, err);
    if (rc >= 0)
        rc = backup_make(reader, to, NULL, NULL, &found, err);
    store_close(reader);
    return rc;
}

struct copying {
    const char *to;
    struct arena *arena;
};

static enum errc copy_drill(void *context, const char *path, const char *id, struct err *err)
{
    const struct copying *copying = context;
    const char *to = arena_printf(copying->arena, "%s/%s", copying->to, id);
    return to ? node_copy_record(path, to, err)
              : err_set(err, ERR_NOMEM, "no memory for the name of a drill");
}

static enum errc copy_all(const struct node_dir *from, const struct node_dir *to, struct arena *arena,
                          struct err *err)
{
    struct copying copying = {to->drills, arena};
    enum errc rc = node_copy_record(from->real, to->real, err);
    if (rc >= 0)
        rc = file_make_folder(to->drills, err);
    return rc < 0 ? rc : each_drill(from->drills, arena, copy_drill, &copying, err);
}

enum errc node_backup(const struct config *config, const char *dir, struct arena *arena, json_t **out_report,
                      struct err *err)
{
    struct node_dir from;
    struct node_dir to;
    if (file_exists(dir))
        return err_set(err, ERR_CONFLICT, "%s is there already; name a folder that is not", dir);
    enum errc rc = node_dir_of(config->node_data, arena, &from, err);
    if (rc >= 0)
        rc = node_dir_of(dir, arena, &to, err);
    if (rc >= 0)
        rc = file_make_folder(dir, err);
    if (rc < 0)
        return rc;
    rc = copy_all(&from, &to, arena, err);
    if (rc >= 0)
        rc = verify_copy(dir, arena, out_report, err);
    if (rc < 0 && files_remove_tree(dir, NULL) < 0)
        return rc; /* what is left of a failed copy is of no use; the first error is the one to tell */
    return rc;
}

/* ---- restore: may it be? ---- */

struct restoring {
    const struct config *config;
    const struct env *env;
    const struct node_restore *restore;
    struct arena *arena;
    struct node_dir dir;
    struct node_dir backup;
    struct seal_options seal;
    struct tree_head head; /* the backup's last */
    struct merkle_claim kept;
};

/* A record that cannot be opened for another reason is no hindrance: it is what a restore is for. */
static enum errc check_stopped(const struct restoring *restoring, struct err *err)
{
    struct store_options options = {.dir = restoring->dir.real, .sync = STORE_SYNC_FULL};
    struct store *store = NULL;
    struct err why = {0};
    enum errc rc = store_open(&options, &store, &why);
    store_close(store);
    return rc == ERR_BUSY ? err_set(err, ERR_BUSY, "the node is running; stop it first") : ERR_OK;
}

static enum errc read_backup(struct restoring *restoring, struct err *err)
{
    struct store_options options = {.dir = restoring->backup.real, .read_only = true};
    struct store *store = NULL;
    enum errc rc = store_open(&options, &store, err);
    if (rc < 0)
        return rc;
    const char *node = store_identity(store)->node;
    if (!streq(node, restoring->config->node_id))
        rc = err_set(err, ERR_CONFLICT, "%s is a backup of %s, and the configuration is of %s",
                     restoring->restore->backup, node, restoring->config->node_id);
    if (rc >= 0)
        rc = ledger_last_head(store, &restoring->head, err);
    if (rc == ERR_NOT_FOUND)
        rc = ERR_OK; /* it is empty */
    store_close(store);
    return rc;
}

static enum errc ask_signer(struct restoring *restoring, struct err *err)
{
    struct seal *seal = NULL;
    struct sign_key *key = NULL;
    if (!file_exists(restoring->dir.seal))
        return err_set(err, ERR_NOT_FOUND,
                       "%s is missing: a backup holds no keys; bring back the node's own seal/ and link/, or "
                       "make and enrol a new node",
                       restoring->dir.seal);
    enum errc rc = seal_start(&restoring->seal, &seal, err);
    if (rc < 0)
        return rc;
    rc = seal_kept(seal, restoring->config->node_id, "real", &restoring->kept, err);
    if (rc >= 0 && restoring->head.tree.size > 0)
        rc = sign_key_read_public(seal_public(seal, SEAL_REAL), &key, err);
    if (rc >= 0 && key)
        rc = proof_head_verify(&restoring->head, key, err);
    if (rc == ERR_FORGED)
        rc = err_set(err, rc, "the backup was not signed with the key in %s", restoring->dir.seal);
    sign_key_free(key);
    seal_stop(seal);
    return rc;
}

static bool is_older(const struct restoring *restoring)
{
    return restoring->head.tree.size < restoring->kept.size;
}

static enum errc check_age(const struct restoring *restoring, struct err *err)
{
    unsigned long long signed_size = restoring->kept.size;
    unsigned long long size = restoring->head.tree.size;
    const struct node_restore *restore = restoring->restore;
    if (!is_older(restoring))
        return ERR_OK;
    if (!restore->set_back)
        return err_set(
            err, ERR_FORGED,
            "the backup ends at %llu acts and this node has signed %llu: restoring it gives up %llu "
            "acts, and peers that witnessed them will see it. Take a newer backup; or give "
            "--set-back and --reason, which go on the record",
            size, signed_size, signed_size - size);
    if (size == 0)
        return err_set(err, ERR_FORGED, "the backup is empty, and an empty record cannot say what was lost");
    return restore->reason && *restore->reason
               ? ERR_OK
               : err_set(err, ERR_USAGE, "--reason is missing: giving up acts goes on the record");
}

/* ---- restore: doing it ---- */

static enum errc move(const char *from, const char *to, struct err *err)
{
    if (rename(from, to) == 0)
        return ERR_OK;
    return err_set(err, ERR_IO, "%s cannot be moved to %s: %s", from, to, strerror(errno));
}

static enum errc move_aside(const struct restoring *restoring, const char **out, struct err *err)
{
    char time[CIVIL_TIME_SIZE];
    *out = NULL;
    if (!file_exists(restoring->dir.real) && !file_exists(restoring->dir.drills))
        return ERR_OK;
    if (file_exists(restoring->dir.real) && !restoring->restore->replace)
        return err_set(err, ERR_CONFLICT, "%s is there; --replace moves it aside and keeps it",
                       restoring->dir.real);
    civil_format_time(env_now_ms(restoring->env), 0, time);
    const char *aside = arena_printf(restoring->arena, "%s/replaced-%.23s", restoring->dir.data, time);
    struct node_dir there;
    enum errc rc = aside ? node_dir_of(aside, restoring->arena, &there, err)
                         : err_set(err, ERR_NOMEM, "no memory for a path");
    if (rc >= 0)
        rc = file_make_folder(aside, err);
    if (rc >= 0 && file_exists(restoring->dir.real))
        rc = move(restoring->dir.real, there.real, err);
    if (rc >= 0 && file_exists(restoring->dir.drills))
        rc = move(restoring->dir.drills, there.drills, err);
    if (rc >= 0)
        *out = aside;
    return rc;
}

static enum errc put_record(const char *from, const char *to, struct err *err)
{
    struct verify_report found;
    return backup_restore(from, to, NULL, NULL, &found, err);
}

static enum errc put_drill(void *context, const char *path, const char *id, struct err *err)
{
    const struct copying *copying = context;
    const char *to = arena_printf(copying->arena, "%s/%s", copying->to, id);
    return to ? put_record(path, to, err) : err_set(err, ERR_NOMEM, "no memory for the name of a drill");
}

static enum errc put_all(const struct restoring *restoring, struct err *err)
{
    struct copying copying = {restoring->dir.drills, restoring->arena};
    enum errc rc = put_record(restoring->backup.real, restoring->dir.real, err);
    if (rc >= 0)
        rc = file_make_folder(restoring->dir.drills, err);
    return rc < 0 ? rc : each_drill(restoring->backup.drills, restoring->arena, put_drill, &copying, err);
}

/* Nothing was restored: what was there comes back to its place. */
static void put_back(const struct restoring *restoring, const char *aside)
{
    struct node_dir there;
    bool cleared = files_remove_tree(restoring->dir.real, NULL) == ERR_OK &&
                   files_remove_tree(restoring->dir.drills, NULL) == ERR_OK;
    if (!aside || !cleared || node_dir_of(aside, restoring->arena, &there, NULL) < 0)
        return;
    if (move(there.real, restoring->dir.real, NULL) < 0 ||
        move(there.drills, restoring->dir.drills, NULL) < 0)
        return;
}

static enum errc tell(const struct restoring *restoring, struct err *err)
{
    struct node node = {0};
    struct restored told = {.person = restoring->restore->person,
                            .post = restoring->restore->post,
                            .reason = restoring->restore->reason,
                            .backup = restoring->head.tree,
                            .signed_end = restoring->kept};
    enum errc rc = seal_set_back(&restoring->seal, &restoring->head, err);
    if (rc >= 0)
        rc = node_open(restoring->config, restoring->env, restoring->arena, &node, err);
    if (rc >= 0)
        rc = desk_tell_restored(node.desk, &told, err);
    node_close(&node);
    return rc;
}

static enum errc check(struct restoring *restoring, struct err *err)
{
    json_t *report = NULL;
    enum errc rc = check_stopped(restoring, err);
    if (rc >= 0)
        rc = verify_copy(restoring->restore->backup, restoring->arena, &report, err);
    json_decref(report);
    if (rc >= 0)
        rc = read_backup(restoring, err);
    if (rc >= 0)
        rc = ask_signer(restoring, err);
    return rc < 0 ? rc : check_age(restoring, err);
}

enum errc node_restore(const struct config *config, const struct env *env, const struct node_restore *restore,
                       struct arena *arena, struct node_restored *out, struct err *err)
{
    struct restoring restoring = {.config = config, .env = env, .restore = restore, .arena = arena};
    const char *aside = NULL;
    enum errc rc = node_dir_of(config->node_data, arena, &restoring.dir, err);
    if (rc >= 0)
        rc = node_dir_of(restore->backup, arena, &restoring.backup, err);
    restoring.seal = (struct seal_options){
        .node = config->node_id, .folder = restoring.dir.seal, .order = SEAL_BEFORE_COMMIT};
    if (rc >= 0)
        rc = check(&restoring, err);
    if (rc >= 0)
        rc = move_aside(&restoring, &aside, err);
    if (rc < 0)
        return rc;
    rc = put_all(&restoring, err);
    if (rc < 0) {
        put_back(&restoring, aside);
        return rc;
    }
    if (is_older(&restoring))
        rc = tell(&restoring, err);
    if (rc >= 0)
        *out = (struct node_restored){
            .acts = restoring.head.tree.size,
            .given_up = is_older(&restoring) ? restoring.kept.size - restoring.head.tree.size : 0,
            .aside = aside};
    return rc;
}
