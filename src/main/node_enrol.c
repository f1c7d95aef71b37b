#include "main/node_enrol.h"

#include "base/str.h"
#include "desk/setup.h"
#include "domain/region.h"
#include "link/client.h"
#include "link/service.h"
#include "main/file.h"
#include "main/node.h"
#include "main/node_link.h"

#include <string.h>

enum {
    GRANT_BYTES_MAX = 64 << 20,
    BID_BYTES_MAX = 64 << 10,
    TIMEOUT_MS = 60 * 1000,
    TTL_DEFAULT_MS = 24 * 60 * 60 * 1000,
    NAME_CHARS = 200
};

/* ---- offering ---- */

static enum errc offer_with(struct node *node, const struct node_link *link, const struct admit_offer *offer,
                            char out_ticket[ENROL_TICKET_SIZE], struct err *err)
{
    struct enroller *enroller = NULL;
    const struct enrol_authority authority = {link->authority, link->root, node->config->link_url};
    if (!authority.chain)
        return err_set(err, ERR_UNSUPPORTED, "this node enrols nobody: it has no certificate authority");
    if (!*authority.url)
        return err_set(err, ERR_UNSUPPORTED, "set link.url first: a new node must know where to call");
    enum errc rc = enroller_new(&authority, &enroller, err);
    if (rc >= 0)
        rc = enrol_offer(enroller, node->desk, offer, out_ticket, err);
    enroller_free(enroller);
    return rc;
}

enum errc node_enrol_offer(const struct config *config, const struct env *env,
                           const struct admit_offer *offer, struct arena *arena,
                           char out_ticket[ENROL_TICKET_SIZE], struct err *err)
{
    struct node node = {0};
    struct node_link link = {0};
    enum errc rc = node_open(config, env, arena, &node, err);
    if (rc >= 0)
        rc = node_link_load(config, &node.dir, env, &link, err);
    if (rc >= 0)
        rc = offer_with(&node, &link, offer, out_ticket, err);
    node_link_free(&link);
    node_close(&node);
    return rc;
}

static enum errc read_roles(json_t *doc, struct node_card *card, struct err *err)
{
    json_t *roles = NULL;
    enum errc rc = doc_array(doc, "roles", DOC_REQUIRED, ROLE_MAX, &roles, err);
    for (size_t i = 0; rc >= 0 && i < json_array_size(roles); i++) {
        card->roles[card->role_count++] = json_string_value(json_array_get(roles, i));
        if (!card->roles[i])
            rc = err_field(err, ERR_INVALID, "roles", "takes texts such as TEL");
    }
    return rc;
}

enum errc node_enrol_read(json_t *doc, struct admit_offer *out, struct err *err)
{
    static const char *const NAMES[] = {"id", "name", "tier", "region", "roles", "large", "ttl_ms"};
    const char *tier = NULL;
    struct admit_offer offer = {.ttl_ms = TTL_DEFAULT_MS};
    struct node_card *card = &offer.card;
    enum errc rc;
    if ((rc = doc_only(doc, NAMES, sizeof NAMES / sizeof NAMES[0], err)) < 0 ||
        (rc = doc_text(doc, "id", DOC_REQUIRED, NODE_ID_MAX, &card->id, err)) < 0 ||
        (rc = doc_text(doc, "name", DOC_REQUIRED, NAME_CHARS, &card->name, err)) < 0 ||
        (rc = doc_text(doc, "tier", DOC_REQUIRED, NAME_CHARS, &tier, err)) < 0 ||
        (rc = doc_text(doc, "region", DOC_REQUIRED, REGION_SIZE - 1, &card->region, err)) < 0 ||
        (rc = read_roles(doc, card, err)) < 0 ||
        (rc = doc_bool(doc, "large", DOC_OPTIONAL, &card->large, err)) < 0 ||
        (rc = doc_int(doc, "ttl_ms", DOC_OPTIONAL, 1000, ADMIT_TTL_MAX_MS, &offer.ttl_ms, err)) < 0)
        return rc;
    if (tier_parse(tier) < 0)
        return err_field(err, ERR_INVALID, "tier", "there is no tier '%.40s'", tier);
    card->tier = (enum tier)tier_parse(tier);
    card->parent = "";
    *out = offer;
    return ERR_OK;
}

/* ---- joining ---- */

struct joining {
    const struct config *config;
    const struct env *env;
    const struct enrol_ticket *ticket;
    struct arena *arena;
    struct node_dir dir;
    struct node node;
    struct sign_key *key;       /* of connections */
    struct sign_key *authority; /* of the CA to be; NULL = none is asked for */
    char request[PKI_PEM_SIZE];
    char authority_request[PKI_PEM_SIZE];
    struct enrol_bid bid;
    struct enrol_grant grant;
};

static enum errc check_new(struct joining *j, struct err *err)
{
    const char *path = config_path(j->config, j->config->link_certificate, j->arena);
    if (!path)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    if (file_exists(path))
        return err_set(err, ERR_CONFLICT, "%s is enrolled already: %s is there", j->config->node_id, path);
    return ERR_OK;
}

static enum errc read_link_key(struct joining *j, struct err *err)
{
    struct str pem;
    const char *path = config_path(j->config, j->config->link_key, j->arena);
    if (!path)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    enum errc rc = file_read(path, SIGN_PEM_SIZE, j->arena, &pem, err);
    return rc < 0 ? rc : sign_key_read_private(pem.p, NULL, &j->key, err);
}

static enum errc make_bid(struct joining *j, bool with_authority, struct err *err)
{
    const char *node = j->config->node_id;
    const struct store_identity *of = store_identity(j->node.store);
    enum errc rc = pki_request(j->key, node, j->request, err);
    if (rc >= 0 && with_authority)
        rc = sign_key_generate(of->suite, &j->authority, err);
    if (rc >= 0 && with_authority)
        rc = pki_request(j->authority, node, j->authority_request, err);
    j->bid = (struct enrol_bid){.secret = j->ticket->secret,
                                .node = node,
                                .suite = suite_name(of->suite),
                                .key_pem = seal_public(j->node.seal, SEAL_REAL),
                                .drill_key_pem = seal_public(j->node.seal, SEAL_DRILL),
                                .url = j->config->link_url,
                                .request = j->request,
                                .authority = with_authority ? j->authority_request : ""};
    return rc;
}

static enum errc post_bid(struct joining *j, const struct buf *text, struct buf *reply, struct err *err)
{
    const struct tls_setup tls = {.side = TLS_CLIENT, .pin = j->ticket->pin};
    struct client *client = NULL;
    struct client_post post = {.url = j->ticket->url,
                               .path = SERVICE_ENROL,
                               .node = j->ticket->parent,
                               .body = text->data,
                               .body_bytes = text->size_bytes,
                               .timeout_ms = TIMEOUT_MS};
    enum errc rc = client_new(&tls, &client, err);
    if (rc >= 0)
        rc = client_post(client, &post, reply, err);
    client_free(client);
    return rc;
}

static enum errc send_bid(struct joining *j, struct err *err)
{
    struct buf text;
    struct buf reply;
    buf_init(&text, BID_BYTES_MAX);
    buf_init(&reply, GRANT_BYTES_MAX);
    enum errc rc = enrol_bid_write(&j->bid, &text, err);
    if (rc >= 0)
        rc = post_bid(j, &text, &reply, err);
    if (rc >= 0)
        rc = enrol_grant_read(reply.data ? reply.data : "", reply.size_bytes, j->arena, &j->grant, err);
    buf_done(&reply);
    buf_done(&text);
    return rc;
}

static enum errc write_pem(struct joining *j, const char *setting, const char *text, enum file_mode how,
                           struct err *err)
{
    const char *path = config_path(j->config, setting, j->arena);
    return path ? file_write(path, text, how, 0644, err) : err_set(err, ERR_NOMEM, "no memory for a path");
}

/* The certificate comes last: it is what says that the node is enrolled. */
static enum errc keep_grant(struct joining *j, struct err *err)
{
    const struct seal_options seal = {
        .node = j->config->node_id, .folder = j->dir.seal, .order = SEAL_BEFORE_COMMIT};
    enum errc rc = desk_install_cards(j->node.desk, j->grant.cards, j->grant.card_count, err);
    if (rc >= 0 && j->authority && *j->grant.authority)
        rc = seal_create_ca(&seal, j->authority, j->grant.authority, err);
    if (rc >= 0)
        rc = write_pem(j, j->config->link_authority, j->grant.root, FILE_REPLACE, err);
    return rc < 0 ? rc : write_pem(j, j->config->link_certificate, j->grant.chain, FILE_NEW, err);
}

static enum errc join(struct joining *j, bool with_authority, struct err *err)
{
    enum errc rc = node_dir_of(j->config->node_data, j->arena, &j->dir, err);
    if (rc >= 0)
        rc = check_new(j, err);
    if (rc >= 0)
        rc = node_open(j->config, j->env, j->arena, &j->node, err);
    if (rc >= 0)
        rc = read_link_key(j, err);
    if (rc >= 0)
        rc = make_bid(j, with_authority, err);
    if (rc >= 0)
        rc = send_bid(j, err);
    if (rc >= 0)
        rc = enrol_check(&j->grant, &j->bid, j->ticket, j->key, env_now_ms(j->env), err);
    return rc < 0 ? rc : keep_grant(j, err);
}

enum errc node_enrol_join(const struct config *config, const struct env *env,
                          const struct enrol_ticket *ticket, bool with_authority, struct arena *arena,
                          struct err *err)
{
    struct joining *j = arena_alloc(arena, sizeof *j);
    if (!j)
        return err_set(err, ERR_NOMEM, "no memory to join");
    *j = (struct joining){.config = config, .env = env, .ticket = ticket, .arena = arena};
    enum errc rc = join(j, with_authority, err);
    sign_key_free(j->authority);
    sign_key_free(j->key);
    node_close(&j->node);
    return rc;
}
