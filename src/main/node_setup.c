#include "main/node_setup.h"

#include "base/str.h"
#include "desk/cards.h"
#include "desk/setup.h"
#include "main/file.h"
#include "main/node.h"

#include <string.h>

/* Clocks of nodes differ: a certificate holds a little before it was made. */
enum { BACKDATE_MS = 5 * 60 * 1000 };

struct making {
    const struct node_setup *setup;
    const struct env *env;
    struct arena *arena;
    struct node_dir dir;
    struct seal_options seal;
};

static struct pki_validity validity(const struct making *making, int days)
{
    int64_t now_ms = env_now_ms(making->env);
    return (struct pki_validity){now_ms - BACKDATE_MS, now_ms + days * INT64_C(86400000)};
}

static enum errc write_key(const struct making *making, const struct sign_key *key, struct err *err)
{
    char pem[SIGN_PEM_SIZE];
    const char *path = config_path(making->setup->config, making->setup->config->link_key, making->arena);
    enum errc rc = path ? sign_key_write_private(key, NULL, pem, err)
                        : err_set(err, ERR_NOMEM, "no memory for a path");
    if (rc >= 0)
        rc = file_write(path, pem, FILE_NEW, 0600, err);
    explicit_bzero(pem, sizeof pem);
    return rc;
}

static enum errc write_pem(const struct making *making, const char *setting, const char *pem, struct err *err)
{
    const char *path = config_path(making->setup->config, setting, making->arena);
    return path ? file_write(path, pem, FILE_NEW, 0644, err)
                : err_set(err, ERR_NOMEM, "no memory for a path");
}

static enum errc make_root(const struct making *making, char root[PKI_PEM_SIZE], struct err *err)
{
    struct sign_key *key = NULL;
    struct pki_validity valid = validity(making, PKI_DAYS_CA);
    enum errc rc = sign_key_generate(making->setup->suite, &key, err);
    if (rc >= 0)
        rc = pki_root(key, making->setup->config->node_id, &valid, making->env, root, err);
    if (rc >= 0)
        rc = seal_create_ca(&making->seal, key, root, err);
    sign_key_free(key);
    return rc < 0 ? rc : write_pem(making, making->setup->config->link_authority, root, err);
}

/* The ministry's certificate for itself, issued by its own signer. */
static enum errc issue_own(const struct making *making, const struct sign_key *key, struct seal *seal,
                           const char *root, struct err *err)
{
    char request[PKI_PEM_SIZE];
    char leaf[PKI_PEM_SIZE];
    const char *node = making->setup->config->node_id;
    struct pki_order order = {
        .request = request, .node = node, .kind = PKI_LEAF, .validity = validity(making, PKI_DAYS_LEAF)};
    enum errc rc = pki_request(key, node, request, err);
    if (rc >= 0)
        rc = seal_issue(seal, &order, leaf, err);
    if (rc < 0)
        return rc;
    const char *chain = arena_printf(making->arena, "%s%s", leaf, root);
    return chain ? write_pem(making, making->setup->config->link_certificate, chain, err)
                 : err_set(err, ERR_NOMEM, "no memory for a certificate");
}

static enum errc enrol_itself(const struct making *making, struct node *node, struct err *err)
{
    struct node_card card = *making->setup->top;
    card.id = making->setup->config->node_id;
    card.parent = "";
    card.suite = suite_name(making->setup->suite);
    card.key_pem = seal_public(node->seal, SEAL_REAL);
    card.drill_key_pem = seal_public(node->seal, SEAL_DRILL);
    card.url = making->setup->config->link_url;
    enum errc rc = desk_install_cards(node->desk, &card, 1, err);
    if (rc < 0)
        return rc;
    json_t *body = json_pack("{s:s,s:o}", "title", card.name, "card", card_write(&card));
    if (!body)
        return err_set(err, ERR_NOMEM, "no memory for the card");
    struct submission first = {.kind = "node.enrolled",
                               .person = making->setup->person,
                               .post = making->setup->post,
                               .body = body,
                               .expected_rev = -1};
    rc = desk_submit(node->desk, &first, err);
    json_decref(body);
    return rc;
}

static enum errc found(const struct making *making, const struct sign_key *key, const char *root,
                       struct err *err)
{
    struct node node = {0};
    enum errc rc = node_open(making->setup->config, making->env, making->arena, &node, err);
    if (rc >= 0)
        rc = issue_own(making, key, node.seal, root, err);
    if (rc >= 0)
        rc = enrol_itself(making, &node, err);
    node_close(&node);
    return rc;
}

static enum errc make_record(const struct making *making, struct err *err)
{
    struct store_options options = {.dir = making->dir.real, .sync = STORE_SYNC_FULL};
    struct store_identity identity = {
        .node = making->setup->config->node_id, .universe = "real", .suite = making->setup->suite};
    return store_create(&options, &identity, err);
}

static enum errc make_all(const struct making *making, struct err *err)
{
    char root[PKI_PEM_SIZE] = "";
    struct sign_key *key = NULL;
    bool top = making->setup->top != NULL;
    enum errc rc = node_dir_make(&making->dir, err);
    if (rc >= 0)
        rc = seal_create(&making->seal, making->setup->suite, err);
    if (rc >= 0)
        rc = sign_key_generate(SUITE_P256_SHA256, &key, err);
    if (rc >= 0)
        rc = write_key(making, key, err);
    if (rc >= 0 && top)
        rc = make_root(making, root, err);
    if (rc >= 0)
        rc = make_record(making, err);
    if (rc >= 0 && top)
        rc = found(making, key, root, err);
    sign_key_free(key);
    return rc;
}

enum errc node_setup(const struct node_setup *setup, const struct env *env, struct arena *arena,
                     struct err *err)
{
    struct making making = {.setup = setup, .env = env, .arena = arena};
    enum errc rc = node_dir_of(setup->config->node_data, arena, &making.dir, err);
    if (rc < 0)
        return rc;
    if (file_exists(making.dir.seal) || file_exists(making.dir.real))
        return err_set(err, ERR_CONFLICT,
                       "%s holds a node already; take another folder, or remove it by hand", making.dir.data);
    making.seal = (struct seal_options){
        .node = setup->config->node_id, .folder = making.dir.seal, .order = SEAL_BEFORE_COMMIT};
    return make_all(&making, err);
}
