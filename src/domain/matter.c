#include "domain/matter.h"

#include "base/str.h"

#include <string.h>

enum { LIST_ROOM = 16, ABOVE_MAX = 8, PROVINCE_DIGITS = 2 };

struct query {
    const struct matter *matter;
    struct arena *arena;
    struct node_list *out;
    struct err *err;
};

bool node_list_has(const struct node_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (streq(list->ids[i], id))
            return true;
    return false;
}

enum errc node_list_add(struct node_list *list, const char *id, struct arena *arena, struct err *err)
{
    if (!id || !*id || node_list_has(list, id))
        return ERR_OK;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : LIST_ROOM;
        const char **ids = arena_array(arena, room, sizeof *ids);
        if (!ids)
            return err_set(err, ERR_NOMEM, "no memory for a list of nodes");
        if (list->count > 0)
            memcpy(ids, list->ids, list->count * sizeof *ids);
        list->ids = ids;
        list->room = room;
    }
    list->ids[list->count++] = id;
    return ERR_OK;
}

bool node_is_outside(const char *id)
{
    return id && strncmp(id, "x:", 2) == 0;
}

static enum errc add(const struct query *query, const char *id)
{
    return node_list_add(query->out, id, query->arena, query->err);
}

static enum errc add_card(const struct query *query, const struct node_card *card)
{
    return card ? add(query, card->id) : ERR_OK;
}

/* A member of the act's own body counts before what the subject and its root already say. */
static json_t *member(const struct matter *matter, const char *name)
{
    json_t *value = matter->body ? json_object_get(matter->body, name) : NULL;
    if (!value && matter->subject)
        value = json_object_get(matter->subject->doc, name);
    if (!value && matter->root)
        value = json_object_get(matter->root->doc, name);
    return value;
}

const char *matter_text(const struct matter *matter, const char *name)
{
    return json_string_value(member(matter, name));
}

const char *matter_reporter(const struct matter *matter)
{
    const char *victim = matter_text(matter, "victim");
    if (victim)
        return victim;
    const char *reporter = matter->root ? json_string_value(json_object_get(matter->root->doc, "reporter"))
                                        : NULL;
    return reporter ? reporter : matter->actor->id;
}

static enum errc self(const struct query *query)
{
    return add(query, query->matter->actor->id);
}

static enum errc owner(const struct query *query)
{
    const struct subject *subject = query->matter->subject;
    return add(query, subject ? subject->owner : query->matter->actor->id);
}

static enum errc root_owner(const struct query *query)
{
    const struct subject *root = query->matter->root;
    return add(query, root ? root->owner : query->matter->actor->id);
}

static enum errc reporter(const struct query *query)
{
    return add(query, matter_reporter(query->matter));
}

static enum errc ministry(const struct query *query)
{
    return add_card(query, directory_ministry(query->matter->dir));
}

static enum errc add_province_of(const struct query *query, const char *region)
{
    return add_card(query, directory_province(query->matter->dir, region));
}

static enum errc add_provinces_of_list(const struct query *query, const json_t *regions)
{
    size_t i;
    json_t *region;
    json_array_foreach(regions, i, region)
    {
        enum errc rc = add_province_of(query, json_string_value(region));
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc pca_own(const struct query *query)
{
    return add_province_of(query, query->matter->actor->region);
}

/* 相关通信管理局: of the regions named, of the facts' scope, of the unit where it happened. */
static enum errc pca_relevant(const struct query *query)
{
    const struct matter *matter = query->matter;
    const json_t *scope = json_object_get(member(matter, "facts"), "scope");
    const struct node_card *card = directory_find(matter->dir, matter_reporter(matter));
    enum errc rc;
    if ((rc = add_province_of(query, matter_text(matter, "region"))) < 0 ||
        (rc = add_provinces_of_list(query, member(matter, "regions"))) < 0 ||
        (rc = add_provinces_of_list(query, json_object_get(scope, "provinces"))) < 0 ||
        (rc = add_provinces_of_list(query, json_object_get(scope, "prefectures"))) < 0)
        return rc;
    return card ? add_province_of(query, card->region) : ERR_OK;
}

static enum errc peers_pca(const struct query *query)
{
    const struct directory *dir = query->matter->dir;
    for (size_t i = 0; i < dir->count; i++) {
        bool other = dir->cards[i].tier == TIER_PROVINCE &&
                     !streq(dir->cards[i].id, query->matter->actor->id);
        enum errc rc = other ? add(query, dir->cards[i].id) : ERR_OK;
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

/* The regulator stands above the unit in the tree: its province, else the ministry. */
static enum errc regulator(const struct query *query)
{
    const struct matter *matter = query->matter;
    bool incident = matter->root && streq(matter->root->type, "incident");
    const char *unit = incident ? matter_reporter(matter) : matter->actor->id;
    const struct node_card *card = directory_find(matter->dir, unit);
    return card ? add(query, card->parent) : ERR_OK;
}

static enum errc above(const struct query *query)
{
    const struct node_card *card = query->matter->actor;
    for (int i = 0; card && *card->parent && i < ABOVE_MAX; i++) {
        enum errc rc = add(query, card->parent);
        if (rc < 0)
            return rc;
        card = directory_find(query->matter->dir, card->parent);
    }
    return ERR_OK;
}

static bool region_listed(const json_t *regions, const char *region)
{
    size_t i;
    json_t *one;
    json_array_foreach(regions, i, one)
    {
        const char *text = json_string_value(one);
        if (text && strncmp(text, region, PROVINCE_DIGITS) == 0)
            return true;
    }
    return false;
}

/* Everybody below the acting node; when the matter names regions, those of these regions, and the
 * institutions that serve the whole country. */
static enum errc subordinates(const struct query *query)
{
    const struct matter *matter = query->matter;
    const json_t *regions = member(matter, "regions");
    bool everywhere = json_array_size(regions) == 0;
    for (size_t i = 0; i < matter->dir->count; i++) {
        const struct node_card *card = &matter->dir->cards[i];
        if (!directory_below(matter->dir, card->id, matter->actor->id))
            continue;
        bool national = card->tier == TIER_INSTITUTION;
        if (!everywhere && !national && !region_listed(regions, card->region))
            continue;
        enum errc rc = add(query, card->id);
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc add_names(const struct query *query, const json_t *names)
{
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name)
    {
        enum errc rc = add(query, json_string_value(name));
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc targets(const struct query *query)
{
    return add_names(query, member(query->matter, "targets"));
}

static enum errc parties(const struct query *query)
{
    const struct subject *root = query->matter->root;
    return root ? add_names(query, json_object_get(root->doc, "parties")) : ERR_OK;
}

/* Narrower than the parties of the root: an order to one unit is no business of all who know the incident. */
static enum errc subject_parties(const struct query *query)
{
    const struct subject *subject = query->matter->subject;
    return subject ? add_names(query, json_object_get(subject->doc, "parties")) : ERR_OK;
}

static enum errc assignee(const struct query *query)
{
    return add(query, matter_text(query->matter, "assignee"));
}

static enum errc addressee(const struct query *query)
{
    for (size_t i = 0; i < query->matter->to_count; i++) {
        enum errc rc = add(query, query->matter->to[i]);
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc all_of_tier(const struct query *query, enum tier tier)
{
    const struct directory *dir = query->matter->dir;
    for (size_t i = 0; i < dir->count; i++) {
        enum errc rc = dir->cards[i].tier == tier ? add(query, dir->cards[i].id) : ERR_OK;
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc institutions(const struct query *query)
{
    return all_of_tier(query, TIER_INSTITUTION);
}

static enum errc vendors(const struct query *query)
{
    return all_of_tier(query, TIER_VENDOR);
}

struct resolver {
    const char *name;
    enum errc (*resolve)(const struct query *query);
};

static const struct resolver RESOLVERS[] = {
    {"self", self},
    {"owner", owner},
    {"publisher", owner},
    {"issuer", owner},
    {"root_owner", root_owner},
    {"reporter", reporter},
    {"victim", reporter},
    {"meo", ministry},
    {"pca_own", pca_own},
    {"pca_relevant", pca_relevant},
    {"peers_pca", peers_pca},
    {"regulator", regulator},
    {"above", above},
    {"subordinates", subordinates},
    {"targets", targets},
    {"parties", parties},
    {"subject_parties", subject_parties},
    {"assignee", assignee},
    {"addressee", addressee},
    {"institutions", institutions},
    {"vendors", vendors},
};

static const struct resolver *find(const char *name)
{
    for (size_t i = 0; i < sizeof RESOLVERS / sizeof RESOLVERS[0]; i++)
        if (streq(RESOLVERS[i].name, name))
            return &RESOLVERS[i];
    return NULL;
}

bool resolver_known(const char *resolver)
{
    return node_is_outside(resolver) || find(resolver);
}

enum errc matter_resolve(const struct matter *matter, const char *resolver, struct arena *arena,
                         struct node_list *out, struct err *err)
{
    struct query query = {matter, arena, out, err};
    if (node_is_outside(resolver))
        return add(&query, resolver);
    const struct resolver *row = find(resolver);
    if (!row)
        return err_set(err, ERR_INVALID, "nobody is called '%s' here", resolver);
    return row->resolve(&query);
}
