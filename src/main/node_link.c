#include "main/node_link.h"

#include "base/str.h"
#include "main/file.h"

#include <string.h>

enum { LINK_ARENA_BYTES = 1 << 20 };

static enum errc read_text(const struct config *config, const char *setting, struct arena *arena,
                           const char **out, struct err *err)
{
    struct str text;
    const char *path = config_path(config, setting, arena);
    if (!path)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    enum errc rc = file_read(path, PKI_CHAIN_SIZE, arena, &text, err);
    if (rc >= 0)
        *out = text.p;
    return rc;
}

static enum errc read_key(struct node_link *link, const struct config *config, struct err *err)
{
    const char *pem = NULL;
    enum errc rc = read_text(config, config->link_key, &link->arena, &pem, err);
    return rc < 0 ? rc : sign_key_read_private(pem, NULL, &link->key, err);
}

/* The chain behind the leaf is what its own CA hands on, too: own CA certificate first, then those above. */
static enum errc read_authority(struct node_link *link, const struct node_dir *dir, struct err *err)
{
    struct str own;
    const char *path = arena_printf(&link->arena, "%s/ca.pem", dir->seal);
    if (!path)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    if (!file_exists(path))
        return ERR_OK;
    enum errc rc = file_read(path, PKI_PEM_SIZE, &link->arena, &own, err);
    if (rc < 0)
        return rc;
    link->authority = streq(own.p, link->root) ? own.p
                                               : arena_printf(&link->arena, "%s%s", own.p, link->root);
    return link->authority ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for certificates");
}

static enum errc load(struct node_link *link, const struct config *config, const struct node_dir *dir,
                      const struct env *env, struct err *err)
{
    enum errc rc = read_text(config, config->link_certificate, &link->arena, &link->chain, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc,
                       "the node has no certificate yet; the tier above enrols it: 'fengsui enroll join'");
    if (rc >= 0)
        rc = read_text(config, config->link_authority, &link->arena, &link->root, err);
    if (rc >= 0)
        rc = read_key(link, config, err);
    if (rc >= 0)
        rc = pki_check_key(link->chain, link->key, err);
    if (rc >= 0)
        rc = pki_verify(link->chain, link->root, env_now_ms(env), &link->self, err);
    if (rc >= 0 && !streq(link->self.node, config->node_id))
        rc = err_set(err, ERR_FORGED, "the certificate is of %s, and this node is %s", link->self.node,
                     config->node_id);
    return rc < 0 ? rc : read_authority(link, dir, err);
}

enum errc node_link_load(const struct config *config, const struct node_dir *dir, const struct env *env,
                         struct node_link *out, struct err *err)
{
    struct node_link link = {0};
    arena_init(&link.arena, LINK_ARENA_BYTES);
    enum errc rc = load(&link, config, dir, env, err);
    if (rc < 0)
        node_link_free(&link);
    else
        *out = link;
    return rc;
}

void node_link_free(struct node_link *link)
{
    sign_key_free(link->key);
    arena_done(&link->arena);
    *link = (struct node_link){0};
}

struct tls_setup node_link_tls(const struct node_link *link, enum tls_side side)
{
    return (struct tls_setup){.side = side,
                              .peer = TLS_PEER_MAY, /* a node that enrols has no certificate yet */
                              .chain = link->chain,
                              .key = link->key,
                              .root = link->root};
}
