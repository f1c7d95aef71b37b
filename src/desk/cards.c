#include "desk/cards.h"

#include "base/proof.h"
#include "base/str.h"
#include "desk/desk_internal.h"
#include "store/nodes.h"

enum { NAME_CHARS = 200, PEM_CHARS = 4000, URL_CHARS = 300, NODES_ARENA_BYTES = 64 << 20 };

static enum errc read_roles(json_t *doc, struct node_card *card, struct err *err)
{
    json_t *roles = NULL;
    enum errc rc = doc_array(doc, "roles", DOC_REQUIRED, ROLE_MAX, &roles, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const char *role = json_string_value(json_array_get(roles, i));
        if (!role || !*role)
            return err_field(err, ERR_INVALID, "roles", "entry %zu is not a role", i + 1);
        card->roles[card->role_count++] = role;
    }
    return ERR_OK;
}

enum errc card_read(json_t *doc, struct node_card *out, struct err *err)
{
    static const char *const NAMES[] = {"id",    "name",  "tier",    "region",        "parent", "roles",
                                        "large", "suite", "key_pem", "drill_key_pem", "url"};
    const char *tier = NULL;
    struct node_card card = {.parent = "", .drill_key_pem = "", .url = ""};
    enum errc rc;
    if ((rc = doc_only(doc, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_text(doc, "id", DOC_REQUIRED, NODE_ID_MAX, &card.id, err)) < 0 ||
        (rc = doc_text(doc, "name", DOC_REQUIRED, NAME_CHARS, &card.name, err)) < 0 ||
        (rc = doc_text(doc, "tier", DOC_REQUIRED, NAME_CHARS, &tier, err)) < 0 ||
        (rc = doc_text(doc, "region", DOC_REQUIRED, REGION_SIZE - 1, &card.region, err)) < 0 ||
        (rc = doc_text(doc, "parent", DOC_OPTIONAL, NODE_ID_MAX, &card.parent, err)) < 0 ||
        (rc = doc_text(doc, "suite", DOC_REQUIRED, NAME_CHARS, &card.suite, err)) < 0 ||
        (rc = doc_text(doc, "key_pem", DOC_REQUIRED, PEM_CHARS, &card.key_pem, err)) < 0 ||
        (rc = doc_text(doc, "drill_key_pem", DOC_OPTIONAL, PEM_CHARS, &card.drill_key_pem, err)) < 0 ||
        (rc = doc_text(doc, "url", DOC_OPTIONAL, URL_CHARS, &card.url, err)) < 0 ||
        (rc = doc_bool(doc, "large", DOC_OPTIONAL, &card.large, err)) < 0 ||
        (rc = read_roles(doc, &card, err)) < 0)
        return rc;
    if (tier_parse(tier) < 0)
        return err_field(err, ERR_INVALID, "tier", "there is no tier '%.40s'", tier);
    if (!proof_name_valid(card.id))
        return err_field(err, ERR_INVALID, "id", "a node's id has small letters, digits, '.' and '-' only");
    if (suite_parse(card.suite) < 0)
        return err_field(err, ERR_INVALID, "suite", "there is no suite '%.40s'", card.suite);
    card.tier = (enum tier)tier_parse(tier);
    *out = card;
    return ERR_OK;
}

json_t *card_write(const struct node_card *card)
{
    json_t *roles = json_array();
    for (size_t i = 0; i < card->role_count; i++)
        (void)json_array_append_new(roles, json_string(card->roles[i]));
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:b,s:s,s:s,s:s,s:s}", "id", card->id, "name", card->name,
                     "tier", tier_name(card->tier), "region", card->region, "parent", card->parent, "roles",
                     roles, "large", card->large, "suite", card->suite, "key_pem", card->key_pem,
                     "drill_key_pem", card->drill_key_pem, "url", card->url);
}

/* The tier above enrols; nobody speaks for a node that is not below it, but the top for itself. */
static enum errc check_enroller(const struct desk *desk, const struct act *act, const struct node_card *card,
                                struct err *err)
{
    bool itself_on_top = streq(card->id, act->node) && !*card->parent;
    const struct node_card *known = directory_find(&desk->dir, card->id);
    if (!itself_on_top && !streq(card->parent, act->node))
        return err_field(err, ERR_PERMISSION, "body.card.parent", "%s cannot enrol a node of %s", act->node,
                         card->parent);
    if (known && !streq(known->parent, card->parent))
        return err_field(err, ERR_PERMISSION, "body.card.id", "%s is enrolled by %s already", card->id,
                         known->parent);
    return ERR_OK;
}

static enum errc enrol_card(struct desk *desk, const struct act *act, struct arena *arena, struct err *err)
{
    struct node_card card;
    (void)arena;
    enum errc rc = card_read(json_object_get(act->body, "card"), &card, err);
    if (rc < 0)
        err_field_prefix(err, "body.card");
    if (rc >= 0)
        rc = check_enroller(desk, act, &card, err);
    return rc < 0 ? rc : nodes_save(desk->parts.store, &card, act->id, err);
}

/* Whoever has enrolled a node may end its part. The card stays: what the node did before can be read. */
static enum errc revoke_card(struct desk *desk, const struct act *act, struct arena *arena, struct err *err)
{
    struct node_card card;
    const char *proven_by = NULL;
    const char *node = json_string_value(json_object_get(act->body, "node"));
    enum errc rc = nodes_load(desk->parts.store, node ? node : "", arena, &card, &proven_by, err);
    if (rc == ERR_NOT_FOUND)
        return err_field(err, ERR_INVALID, "body.node", "the node '%.64s' is not known here",
                         node ? node : "");
    if (rc >= 0 && !streq(card.parent, act->node))
        rc = err_field(err, ERR_PERMISSION, "body.node", "%s is a node of %s, and only %s can revoke it",
                       card.id, card.parent, card.parent);
    card.revoked_ms = act->recorded_ms;
    return rc < 0 ? rc : nodes_save(desk->parts.store, &card, proven_by, err);
}

/* The acts that change the directory of nodes. */
static const struct {
    const char *kind;
    enum errc (*apply)(struct desk *desk, const struct act *act, struct arena *arena, struct err *err);
} CARD_ACTS[] = {{"node.enrolled", enrol_card}, {"node.revoked", revoke_card}};

enum errc cards_apply(struct desk *desk, const struct act *act, struct arena *arena, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < sizeof CARD_ACTS / sizeof CARD_ACTS[0]; i++) {
        if (!streq(act->kind, CARD_ACTS[i].kind))
            continue;
        rc = CARD_ACTS[i].apply(desk, act, arena, err);
        desk->nodes_changed |= rc >= 0;
    }
    return rc;
}

enum errc cards_catch_up(struct desk *desk, struct err *err)
{
    if (!desk->nodes_changed)
        return ERR_OK;
    enum errc rc = cards_refresh(desk, err);
    desk->nodes_ahead = true;
    return rc;
}

enum errc cards_refresh(struct desk *desk, struct err *err)
{
    struct node_card *cards = NULL;
    size_t count = 0;
    struct arena fresh;
    arena_init(&fresh, NODES_ARENA_BYTES);
    enum errc rc = nodes_list(desk->parts.store, &fresh, &cards, &count, err);
    if (rc < 0) {
        arena_done(&fresh);
        return rc;
    }
    arena_done(&desk->nodes_arena);
    desk->nodes_arena = fresh;
    directory_init(&desk->dir, cards, count);
    desk->nodes_changed = false;
    return ERR_OK;
}
