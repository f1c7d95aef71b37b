#include "domain/pack_set.h"

#include "base/str.h"
#include "domain/calendar.h"
#include "domain/pack_check.h"
#include "domain/region.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct pack_set {
    struct pack packs[PACK_SET_MAX];
    size_t count;
    struct pack *parts[PACK_FILES_MAX]; /* what libcyaml gave; the packs' lists point into them */
    size_t part_count;
    struct calendar *calendar;
    struct region_table *regions;
};

/* One loading: the set that grows, and where its parts came from. */
struct loading {
    const struct embed_set *files;
    struct pack_set *set;
    struct pack_draft drafts[PACK_SET_MAX];
    char folders[PACK_SET_MAX][64];
};

size_t pack_set_count(const struct pack_set *set)
{
    return set->count;
}

const struct pack *pack_set_at(const struct pack_set *set, size_t index)
{
    return index < set->count ? &set->packs[index] : NULL;
}

const struct pack *pack_set_find(const struct pack_set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++)
        if (streq(set->packs[i].head->id, id))
            return &set->packs[i];
    return NULL;
}

const struct pack *pack_set_main(const struct pack_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        assert(set->packs[i].head); /* check_heads() saw to it */
        if (set->packs[i].head->main)
            return &set->packs[i];
    }
    return NULL;
}

const struct calendar *pack_set_calendar(const struct pack_set *set)
{
    return set->calendar;
}

const struct region_table *pack_set_regions(const struct pack_set *set)
{
    return set->regions;
}

void pack_set_free(struct pack_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->part_count; i++)
        yamldoc_free(&PACK_FILE, set->parts[i]);
    calendar_free(set->calendar);
    region_table_free(set->regions);
    free(set);
}

/* "miit-2017-281/duties.yaml" → its folder; false for files that are no rules. */
static bool folder_of(const char *path, char *out, size_t out_bytes)
{
    const char *slash = strchr(path, '/');
    const char *dot = strrchr(path, '.');
    size_t n = slash ? (size_t)(slash - path) : 0;
    if (n == 0 || n >= out_bytes || !dot || !streq(dot, ".yaml"))
        return false;
    memcpy(out, path, n);
    out[n] = '\0';
    return true;
}

static struct pack_draft *draft_for(struct loading *loading, const char *folder, struct err *err)
{
    struct pack_set *set = loading->set;
    for (size_t i = 0; i < set->count; i++)
        if (streq(loading->folders[i], folder))
            return &loading->drafts[i];
    if (set->count == PACK_SET_MAX) {
        (void)err_set(err, ERR_LIMIT, "more than %d packs", PACK_SET_MAX);
        return NULL;
    }
    size_t at = set->count++;
    memcpy(loading->folders[at], folder, strlen(folder) + 1);
    loading->drafts[at] = (struct pack_draft){.pack = &set->packs[at], .folder = loading->folders[at]};
    return &loading->drafts[at];
}

/* Moves the lists of one file into its pack; a list that another file has already given is an error. */
static enum errc adopt(struct pack_draft *draft, struct pack *part, const struct embed_file *file,
                       struct err *err)
{
    struct pack *pack = draft->pack;
    assert(!pack->head == !draft->head_file);
    if (part->head && pack->head)
        return yamldoc_fault(err, file->path, file->bytes, file->size_bytes, "pack",
                             "the pack is described twice; keep it in %s only", draft->head_file->path);
    if (part->head) {
        pack->head = part->head;
        draft->head_file = file;
    }
    for (int l = 0; l < PACK_LIST_COUNT; l++) {
        const struct pack_list_info *info = &PACK_LISTS[l];
        if (pack_row_count(part, (enum pack_list)l) == 0)
            continue;
        if (draft->list_files[l])
            return yamldoc_fault(err, file->path, file->bytes, file->size_bytes, info->key,
                                 "the list '%s' stands in %s already; put these rows there", info->key,
                                 draft->list_files[l]->path);
        draft->list_files[l] = file;
        memcpy((char *)pack + info->rows_at, (const char *)part + info->rows_at, sizeof(void *));
        memcpy((char *)pack + info->count_at, (const char *)part + info->count_at, sizeof(uint32_t));
    }
    return ERR_OK;
}

static enum errc read_pack_file(struct loading *loading, const char *folder, const struct embed_file *file,
                                struct err *err)
{
    struct pack_set *set = loading->set;
    void *part = NULL;
    struct pack_draft *draft = draft_for(loading, folder, err);
    if (!draft)
        return ERR_LIMIT;
    enum errc rc = yamldoc_load(file->path, file->bytes, file->size_bytes, &PACK_FILE, &part, err);
    if (rc < 0 || !part)
        return rc;
    set->parts[set->part_count++] = part;
    return adopt(draft, part, file, err);
}

static enum errc read_file(struct loading *loading, const struct embed_file *file, struct err *err)
{
    char folder[sizeof loading->folders[0]];
    if (!folder_of(file->path, folder, sizeof folder))
        return ERR_OK;
    if (streq(folder, "calendar"))
        return calendar_read(loading->set->calendar, file->path, file->bytes, file->size_bytes, err);
    if (streq(folder, "regions"))
        return region_table_read(loading->set->regions, file->path, file->bytes, file->size_bytes, err);
    return read_pack_file(loading, folder, file, err);
}

/* Roles are words of the whole sector: a pack without its own uses those of the main pack. */
static void share_roles(struct pack_set *set)
{
    const struct pack *main_pack = pack_set_main(set);
    for (size_t i = 0; main_pack && i < set->count; i++) {
        if (set->packs[i].roles_count > 0)
            continue;
        set->packs[i].roles = main_pack->roles;
        set->packs[i].roles_count = main_pack->roles_count;
    }
}

static enum errc check_heads(const struct loading *loading, struct err *err)
{
    const struct pack_set *set = loading->set;
    const struct pack *main_pack = NULL;
    for (size_t i = 0; i < set->count; i++) {
        const struct pack_draft *draft = &loading->drafts[i];
        const struct pack_head *head = draft->pack->head;
        if (!head)
            return err_set(err, ERR_INVALID,
                           "%s: no file describes the pack; write %s/pack.yaml with 'pack:'", draft->folder,
                           draft->folder);
        if (head->main && main_pack)
            return yamldoc_fault(err, draft->head_file->path, draft->head_file->bytes,
                                 draft->head_file->size_bytes, "pack.main",
                                 "%s is the main pack already; only one may be", main_pack->head->id);
        if (head->main)
            main_pack = draft->pack;
    }
    return ERR_OK;
}

static enum errc load(struct loading *loading, struct err *err)
{
    enum errc rc = ERR_OK;
    struct pack_set *set = loading->set;
    for (size_t i = 0; i < loading->files->count && rc == ERR_OK; i++)
        rc = read_file(loading, &loading->files->files[i], err);
    if (rc == ERR_OK)
        rc = calendar_finish(set->calendar, err);
    if (rc == ERR_OK)
        rc = region_table_finish(set->regions, err);
    if (rc == ERR_OK)
        rc = check_heads(loading, err);
    if (rc < 0)
        return rc;
    share_roles(set);
    for (size_t i = 0; i < set->count && rc == ERR_OK; i++) {
        rc = pack_link(&loading->drafts[i], err);
        if (rc == ERR_OK)
            rc = pack_check(&loading->drafts[i], err);
    }
    return rc;
}

/* The main pack comes first, the others keep their order. */
static void put_main_first(struct pack_set *set)
{
    for (size_t i = 1; i < set->count; i++) {
        if (!set->packs[i].head->main)
            continue;
        struct pack found = set->packs[i];
        memmove(&set->packs[1], &set->packs[0], i * sizeof found);
        set->packs[0] = found;
        return;
    }
}

enum errc pack_set_load(const struct embed_set *files, struct pack_set **out, struct err *err)
{
    if (files->count > PACK_FILES_MAX)
        return err_set(err, ERR_LIMIT, "%zu rule files, at most %d are taken", files->count, PACK_FILES_MAX);
    struct loading *loading = calloc(1, sizeof *loading);
    struct pack_set *set = calloc(1, sizeof *set);
    enum errc rc = ERR_NOMEM;
    if (!loading || !set || !(set->calendar = calendar_new()) || !(set->regions = region_table_new())) {
        (void)err_set(err, ERR_NOMEM, "out of memory");
        goto out;
    }
    loading->files = files;
    loading->set = set;
    rc = load(loading, err);
    if (rc < 0)
        goto out;
    put_main_first(set);
    *out = set;
    set = NULL;
out:
    pack_set_free(set);
    free(loading);
    return rc;
}

/* One row's kinds against known(). */
struct kind_check {
    const struct pack *pack;
    const char *row;
    bool (*known)(void *context, const char *kind);
    void *context;
};

static enum errc check_names(const struct kind_check *check, const struct names *kinds, struct err *err)
{
    for (uint32_t i = 0; i < kinds->count; i++)
        if (!check->known(check->context, kinds->at[i]))
            return err_field(
                err, ERR_INVALID, check->row,
                "pack %s, row %s: there is no act '%s'; correct the row or add the act to api/acts",
                check->pack->head->id, check->row, kinds->at[i]);
    return ERR_OK;
}

static enum errc check_pack_kinds(struct kind_check *check, struct err *err)
{
    const struct pack *pack = check->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->duties_count && rc == ERR_OK; i++) {
        const struct duty_row *row = &pack->duties[i];
        check->row = row->id;
        rc = check_names(check, &row->opened_by, err);
        if (rc == ERR_OK)
            rc = check_names(check, &row->performed_by, err);
        if (rc == ERR_OK)
            rc = check_names(check, &row->cancelled_by, err);
    }
    for (uint32_t i = 0; i < pack->routes_count && rc == ERR_OK; i++) {
        const struct route_row *row = &pack->routes[i];
        const char *kind[] = {row->act};
        check->row = row->id;
        rc = check_names(check, &(struct names){kind, 1}, err);
    }
    for (uint32_t i = 0; i < pack->fields_count && rc == ERR_OK; i++) {
        check->row = pack->fields[i].name;
        rc = check_names(check, &pack->fields[i].acts, err);
    }
    for (uint32_t i = 0; i < pack->documents_count && rc == ERR_OK; i++) {
        check->row = pack->documents[i].id;
        rc = check_names(check, &pack->documents[i].acts, err);
    }
    return rc;
}

enum errc pack_set_check_kinds(const struct pack_set *set, bool (*known)(void *context, const char *kind),
                               void *context, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < set->count && rc == ERR_OK; i++) {
        struct kind_check check = {.pack = &set->packs[i], .known = known, .context = context};
        rc = check_pack_kinds(&check, err);
    }
    return rc;
}
