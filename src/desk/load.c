#include "desk/desk_internal.h"

#include "base/str.h"
#include "store/subjects.h"

#include <string.h>

static enum errc find_row(struct desk *desk, const char *kind, struct loaded *out, struct err *err)
{
    out->matter.row = catalogue_act(desk->parts.catalogue, kind, &out->matter.type);
    if (!out->matter.row)
        return err_field(err, ERR_INVALID, "kind", "there is no act '%.60s'", kind ? kind : "");
    return ERR_OK;
}

static enum errc load_one(struct desk *desk, const char *id, const char *field, struct arena *arena,
                          struct subject *out, struct err *err)
{
    enum errc rc = subjects_load(desk->parts.store, id, arena, out, err);
    if (rc == ERR_NOT_FOUND)
        rc = err_field(err, ERR_NOT_FOUND, field, "there is no matter %.40s here", id);
    return rc;
}

/* The parent and the root of a matter that is there, or of one to be made under `parent`. */
static enum errc load_above(struct desk *desk, const char *parent, struct arena *arena, struct loaded *out,
                            struct err *err)
{
    struct matter *matter = &out->matter;
    enum errc rc = ERR_OK;
    if (parent && *parent) {
        rc = load_one(desk, parent, "parent", arena, &out->parent, err);
        if (rc < 0)
            return rc;
        matter->parent = &out->parent;
        out->parent_rev = out->parent.rev;
    }
    const char *root = matter->subject ? out->subject.root : matter->parent ? out->parent.root : NULL;
    if (!root)
        return ERR_OK;
    if (matter->subject && streq(root, out->subject.id)) {
        matter->root = &out->subject;
        return ERR_OK;
    }
    if (matter->parent && streq(root, out->parent.id)) {
        matter->root = &out->parent;
        return ERR_OK;
    }
    rc = load_one(desk, root, "root", arena, &out->root, err);
    matter->root = &out->root;
    out->root_rev = out->root.rev;
    return rc;
}

/* An act of the type "*" fits every matter; any other only its own. */
static enum errc check_type(struct loaded *out, struct err *err)
{
    struct matter *matter = &out->matter;
    const char *type = matter->type->subject;
    const char *above = matter->type->parent;
    if (matter->subject && !streq(type, "*") && !streq(type, out->subject.type))
        return err_field(err, ERR_INVALID, "subject",
                         "%s (%s) is an act on %s, and this is a matter of the type %s", matter->row->zh,
                         matter->row->kind, type, out->subject.type);
    if (matter->subject)
        return ERR_OK;
    if (above && !matter->parent)
        return err_field(err, ERR_INVALID, "parent", "say what it hangs under%s%s",
                         streq(above, "*") ? "" : ": ", streq(above, "*") ? "" : above);
    bool wrong = matter->parent && (!above || (!streq(above, "*") && !streq(above, out->parent.type)));
    if (wrong)
        return err_field(err, ERR_INVALID, "parent", "a matter of the type %s does not hang under %s", type,
                         out->parent.type);
    return ERR_OK;
}

enum errc load_matter(struct desk *desk, const struct loaded_ids *ids, struct arena *arena,
                      struct loaded *out, struct err *err)
{
    *out = (struct loaded){0};
    out->matter = (struct matter){.catalogue = desk->parts.catalogue,
                                  .packs = desk->parts.packs,
                                  .dir = &desk->dir,
                                  .actor = directory_find(&desk->dir, ids->actor)};
    enum errc rc = find_row(desk, ids->kind, out, err);
    if (rc < 0)
        return rc;
    if (!out->matter.actor)
        return err_set(err, ERR_PERMISSION, "the node '%.64s' is not enrolled", ids->actor);
    if (ids->subject && *ids->subject) {
        rc = load_one(desk, ids->subject, "subject", arena, &out->subject, err);
        if (rc < 0)
            return rc;
        out->matter.subject = &out->subject;
        out->subject_rev = out->subject.rev;
    }
    rc = load_above(desk, out->matter.subject ? out->subject.parent : ids->parent, arena, out, err);
    return rc < 0 ? rc : check_type(out, err);
}

enum errc load_for_act(struct desk *desk, const struct act *act, struct arena *arena, struct loaded *loaded,
                       char waits_for[UUID_TEXT_SIZE], struct err *err)
{
    const struct subject_row *type = NULL;
    const struct act_row *row = catalogue_act(desk->parts.catalogue, act->kind, &type);
    struct loaded_ids ids = {
        .kind = act->kind, .subject = act->subject, .parent = act->parent, .actor = act->node};
    enum errc rc = load_matter(desk, &ids, arena, loaded, err);
    bool makes = row && row->creates && act->opens && (*act->parent || !type->parent);
    if (rc == ERR_NOT_FOUND && makes && streq(err->field, "subject")) {
        ids.subject = NULL;
        rc = load_matter(desk, &ids, arena, loaded, err);
    }
    if (rc == ERR_NOT_FOUND) {
        const char *missing = streq(err->field, "parent") ? act->parent : act->subject;
        memcpy(waits_for, missing, strlen(missing) + 1);
        return ERR_BUSY;
    }
    if (rc < 0)
        return rc;
    loaded->matter.body = act->body;
    loaded->matter.commits = act->commits;
    loaded->matter.to = act->to;
    loaded->matter.to_count = act->to_count;
    const char *root = loaded->matter.root ? loaded->matter.root->id : act->subject;
    if (!loaded->matter.subject && *act->subject && !streq(act->root, root))
        return err_field(err, ERR_INVALID, "root", "the act says it belongs to %s, and it hangs under %s",
                         act->root, root);
    return ERR_OK;
}
