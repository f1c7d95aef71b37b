#include "main/demo_country.h"

#include "base/str.h"
#include "desk/setup.h"
#include "link/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { NODES_MAX = 64, PATH_SIZE = 600, DUE_MAX = 16, MESSAGE_BYTES = 8 << 20, ROUNDS_MAX = 1000 };

struct resident {
    const struct demo_node *row;
    struct node_card card;
    struct store *store;
    struct seal *seal;
    struct desk *desk;
    struct link *link;
};

struct country {
    struct lawbook law;
    const struct env *env;
    struct resident residents[NODES_MAX];
    size_t count;
};

static struct resident *find(struct country *country, const char *id)
{
    for (size_t i = 0; i < country->count; i++)
        if (streq(country->residents[i].row->id, id))
            return &country->residents[i];
    return NULL;
}

static enum errc make_folder(const char *path, struct err *err)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return ERR_OK;
    return err_set(err, ERR_IO, "%s cannot be made: %m", path);
}

static enum errc open_keys(struct resident *resident, struct err *err)
{
    struct sign_key *real = NULL;
    struct sign_key *drill = NULL;
    enum errc rc = sign_key_generate(SUITE_P256_SHA256, &real, err);
    if (rc >= 0)
        rc = sign_key_generate(SUITE_P256_SHA256, &drill, err);
    if (rc < 0) {
        sign_key_free(real);
        return rc;
    }
    return seal_local(resident->row->id, SEAL_BEFORE_COMMIT, real, drill, &resident->seal, err);
}

static enum errc open_store(struct resident *resident, const char *folder, struct err *err)
{
    char path[PATH_SIZE];
    struct store_identity identity = {
        .node = resident->row->id, .universe = "real", .suite = SUITE_P256_SHA256};
    (void)snprintf(path, sizeof path, "%s/%s", folder, resident->row->id);
    enum errc rc = make_folder(path, err);
    (void)snprintf(path, sizeof path, "%s/%s/real", folder, resident->row->id);
    struct store_options options = {.dir = path, .sync = STORE_SYNC_FULL};
    if (rc >= 0)
        rc = store_create(&options, &identity, err);
    return rc < 0 ? rc : store_open(&options, &resident->store, err);
}

static void write_card(struct resident *resident)
{
    const struct demo_node *row = resident->row;
    resident->card = (struct node_card){.id = row->id,
                                        .name = row->name,
                                        .tier = (enum tier)tier_parse(row->tier),
                                        .region = row->region,
                                        .parent = row->parent ? row->parent : "",
                                        .large = row->large,
                                        .suite = suite_name(SUITE_P256_SHA256),
                                        .key_pem = seal_public(resident->seal, SEAL_REAL),
                                        .drill_key_pem = seal_public(resident->seal, SEAL_DRILL),
                                        .url = "https://in.process.invalid"};
    for (uint32_t i = 0; i < row->roles_count && i < ROLE_MAX; i++)
        resident->card.roles[resident->card.role_count++] = row->roles[i];
}

static enum errc open_resident(struct country *country, const char *folder, const struct demo_node *row,
                               struct err *err)
{
    struct resident *resident = &country->residents[country->count++];
    resident->row = row;
    enum errc rc = open_keys(resident, err);
    if (rc >= 0)
        rc = open_store(resident, folder, err);
    if (rc < 0)
        return rc;
    write_card(resident);
    struct desk_parts parts = {.store = resident->store,
                               .catalogue = country->law.catalogue,
                               .packs = country->law.packs,
                               .env = country->env,
                               .seal = resident->seal,
                               .node = row->id};
    return desk_open(&parts, &resident->desk, err);
}

static enum errc introduce(struct country *country, struct err *err)
{
    struct node_card cards[NODES_MAX];
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < country->count; i++)
        cards[i] = country->residents[i].card;
    for (size_t i = 0; rc >= 0 && i < country->count; i++) {
        struct resident *resident = &country->residents[i];
        rc = desk_install_cards(resident->desk, cards, country->count, err);
        if (rc >= 0)
            rc = link_new(resident->desk, NULL, &resident->link, err);
    }
    return rc;
}

enum errc country_open(const char *folder, const struct demo_script *script, const struct env *env,
                       struct country **out, struct err *err)
{
    struct country *country = calloc(1, sizeof *country);
    if (!country)
        return err_set(err, ERR_NOMEM, "no memory for the demonstration");
    country->env = env;
    enum errc rc = script->nodes_count > NODES_MAX
                       ? err_set(err, ERR_LIMIT, "more than %d nodes in a demonstration", NODES_MAX)
                       : lawbook_open(NULL, &country->law, err);
    if (rc >= 0)
        rc = make_folder(folder, err);
    for (uint32_t i = 0; rc >= 0 && i < script->nodes_count; i++)
        rc = open_resident(country, folder, &script->nodes[i], err);
    if (rc >= 0)
        rc = introduce(country, err);
    if (rc < 0) {
        country_close(country);
        return rc;
    }
    *out = country;
    return ERR_OK;
}

void country_close(struct country *country)
{
    if (!country)
        return;
    for (size_t i = 0; i < country->count; i++) {
        struct resident *resident = &country->residents[i];
        link_free(resident->link);
        desk_close(resident->desk);
        store_close(resident->store);
        seal_stop(resident->seal);
    }
    lawbook_close(&country->law);
    free(country);
}

enum errc country_act(struct country *country, const char *node, struct submission *submission,
                      struct err *err)
{
    struct resident *resident = find(country, node);
    if (!resident)
        return err_field(err, ERR_NOT_FOUND, "node", "there is no node %s", node);
    return desk_submit(resident->desk, submission, err);
}

/* The certificate that the caller would show: issued by the tier above, the top's by itself. */
static struct pki_identity identity_of(const struct resident *caller)
{
    struct pki_identity identity = {.kind = PKI_LEAF};
    const char *issuer = *caller->card.parent ? caller->card.parent : caller->card.id;
    (void)snprintf(identity.node, sizeof identity.node, "%s", caller->card.id);
    (void)snprintf(identity.issuer, sizeof identity.issuer, "%s", issuer);
    return identity;
}

static enum errc answer(struct resident *callee, const struct resident *caller, const struct buf *request,
                        struct arena *arena, struct buf *reply, struct err *err)
{
    struct envelope envelope;
    struct pki_identity identity = identity_of(caller);
    enum errc rc = envelope_read(request->data, request->size_bytes, arena, &envelope, err);
    return rc < 0 ? rc : link_answer(callee->link, &identity, &envelope, reply, err);
}

/* One exchange, from buffer to buffer. */
static enum errc exchange(struct country *country, struct resident *from, const char *peer, struct err *err)
{
    struct arena arena;
    struct buf request;
    struct buf reply;
    struct envelope envelope;
    struct resident *to = find(country, peer);
    arena_init(&arena, (size_t)4 * MESSAGE_BYTES);
    buf_init(&request, MESSAGE_BYTES);
    buf_init(&reply, MESSAGE_BYTES);
    enum errc rc = to ? link_request(from->link, peer, &request, err)
                      : err_set(err, ERR_NOT_FOUND, "there is no node %s", peer);
    if (rc >= 0)
        rc = answer(to, from, &request, &arena, &reply, err);
    if (rc >= 0)
        rc = envelope_read(reply.data, reply.size_bytes, &arena, &envelope, err);
    if (rc >= 0)
        rc = link_settle(from->link, peer, &envelope, err);
    buf_done(&request);
    buf_done(&reply);
    arena_done(&arena);
    return rc;
}

enum errc country_deliver(struct country *country, struct err *err)
{
    enum errc rc = ERR_OK;
    bool moved = true;
    for (int round = 0; rc >= 0 && moved; round++) {
        moved = false;
        if (round == ROUNDS_MAX)
            return err_set(err, ERR_INTERNAL, "the nodes never stop talking");
        for (size_t i = 0; rc >= 0 && i < country->count; i++) {
            const char *due[DUE_MAX];
            size_t count = 0;
            int64_t next_ms = 0;
            rc = link_due(country->residents[i].link, due, DUE_MAX, &count, &next_ms, err);
            for (size_t k = 0; rc >= 0 && k < count; k++)
                rc = exchange(country, &country->residents[i], due[k], err);
            moved |= count > 0;
        }
    }
    return rc;
}

struct store *country_store(const struct country *country, const char *node)
{
    for (size_t i = 0; i < country->count; i++)
        if (streq(country->residents[i].row->id, node))
            return country->residents[i].store;
    return NULL;
}
