#include "main/verify.h"

#include "base/str.h"
#include "desk/audit.h"
#include "desk/ledger_walk.h"
#include "main/file.h"
#include "main/ledger_file.h"
#include "main/receipt_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- a record ---- */

/* Nothing can be read: the report says so in the shape of every other. */
static json_t *unreadable(const struct err *why)
{
    return json_pack("{s:b,s:i,s:i,s:s,s:[],s:[{s:s}]}", "ok", 0, "acts", 0, "tree_size", 0, "root", "",
                     "witnesses", "problems", "why", why->message);
}

static enum errc audit_store(struct store *store, json_t **out, struct err *err)
{
    const struct store_identity *of = store_identity(store);
    const struct audit_ledger ledger = {of->node, of->universe, of->suite};
    struct audit *audit = NULL;
    struct err why = {0};
    enum errc rc = audit_new(&ledger, &audit, err);
    if (rc < 0)
        return rc;
    struct ledger_sink sink = ledger_audit_sink(audit);
    rc = ledger_walk(store, &sink, &why);
    if (rc < 0)
        audit_find(audit, -1, NULL, why.message);
    *out = audit_end(audit);
    audit_free(audit);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the report");
}

static enum errc verify_record(const char *dir, json_t **out, struct err *err)
{
    struct store_options options = {.dir = dir, .read_only = true};
    struct store *store = NULL;
    struct err why = {0};
    enum errc rc = store_open(&options, &store, &why);
    if (rc < 0) {
        *out = unreadable(&why);
        return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the report");
    }
    rc = audit_store(store, out, err);
    store_close(store);
    return rc;
}

/* ---- a data directory ---- */

static enum errc verify_drill(const char *dir, json_t *report, json_t *drills, struct err *err)
{
    json_t *drill = NULL;
    enum errc rc = verify_record(dir, &drill, err);
    if (rc < 0)
        return rc;
    if (!json_is_true(json_object_get(drill, "ok")))
        (void)json_object_set_new(report, "ok", json_false());
    return json_array_append_new(drills, drill) == 0 ? ERR_OK
                                                     : err_set(err, ERR_NOMEM, "no memory for the report");
}

static enum errc verify_drills(const char *folder, struct arena *arena, json_t *report, struct err *err)
{
    json_t *drills = json_array();
    enum errc rc = ERR_OK;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && rc >= 0 && (entry = readdir(dir)) != NULL;) {
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && path)
            rc = verify_drill(path, report, drills, err);
    }
    if (dir)
        (void)closedir(dir);
    if (rc >= 0 && json_array_size(drills) > 0)
        (void)json_object_set(report, "drills", drills);
    json_decref(drills);
    return rc;
}

static enum errc verify_folder(const char *path, struct arena *arena, json_t **out, struct err *err)
{
    const char *real = arena_printf(arena, "%s/real", path);
    const char *drills = arena_printf(arena, "%s/drills", path);
    const char *record = arena_printf(arena, "%s/store.db", path);
    json_t *report = NULL;
    if (!real || !drills || !record)
        return err_set(err, ERR_NOMEM, "no memory for paths");
    if (file_exists(record))
        return verify_record(path, out, err);
    if (!file_exists(real))
        return err_set(err, ERR_NOT_FOUND,
                       "%s is no data directory of a node: it has no real/ and no store.db", path);
    enum errc rc = verify_record(real, &report, err);
    if (rc >= 0)
        rc = verify_drills(drills, arena, report, err);
    if (rc < 0)
        json_decref(report);
    else
        *out = report;
    return rc;
}

/* ---- a file ---- */

/* The first line says what the file is. */
static enum errc read_kind(FILE *in, const char *path, json_t **out_doc, struct err *err)
{
    char *line = NULL;
    size_t room = 0;
    struct err why = {0};
    ssize_t n = getline(&line, &room, in);
    enum errc rc = n > 0 ? doc_parse_object(line, (size_t)n, out_doc, &why) : ERR_SYNTAX;
    free(line);
    rewind(in);
    if (rc < 0)
        return err_set(err, ERR_SYNTAX, "%s is no exported ledger and no receipt: %s", path,
                       n > 0 ? why.message : "it is empty");
    return ERR_OK;
}

static enum errc verify_file(const char *path, struct arena *arena, json_t **out, struct err *err)
{
    json_t *first = NULL;
    FILE *in = fopen(path, "re");
    if (!in)
        return err_set(err, ERR_IO, "%s cannot be opened: %s", path, strerror(errno));
    enum errc rc = read_kind(in, path, &first, err);
    if (rc >= 0 && streq(json_string_value(json_object_get(first, "fengsui")), "receipt"))
        rc = receipt_file_verify(first, arena, out, err);
    else if (rc >= 0)
        rc = ledger_file_audit(in, path, out, err);
    json_decref(first);
    (void)fclose(in); /* it was only read */
    return rc;
}

enum errc verify_path(const char *path, struct arena *arena, json_t **out_report, struct err *err)
{
    struct stat about;
    if (stat(path, &about) < 0)
        return err_set(err, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    return S_ISDIR(about.st_mode) ? verify_folder(path, arena, out_report, err)
                                  : verify_file(path, arena, out_report, err);
}
