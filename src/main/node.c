#include "main/node.h"

#include "base/str.h"
#include "main/file.h"
#include "store/ledger.h"

#include <string.h>

static bool is_real(const struct node *node)
{
    return streq(node->universe, "real");
}

/* The signer remembers what it signed, the store what it holds. When the store ends earlier it was set back:
 * going on would sign a second history. When it ends later, the commit went through and the program was cut
 * off before it could say so. */
static enum errc show_head(struct node *node, struct err *err)
{
    struct merkle_claim kept;
    struct tree_head head;
    struct growth_proof growth;
    enum errc rc = seal_kept(node->seal, node->config->node_id, node->universe, &kept, err);
    if (rc < 0)
        return rc;
    rc = ledger_last_head(node->store, &head, err);
    if (rc == ERR_NOT_FOUND && kept.size == 0)
        return ERR_OK;
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_FORGED, "the store is empty and %llu acts were signed: it was set back",
                       (unsigned long long)kept.size);
    bool grown = rc >= 0 && kept.size > 0 && kept.size < head.tree.size;
    if (grown)
        rc = ledger_prove_growth(node->store, kept.size, head.tree.size, &growth, err);
    if (rc >= 0)
        rc = seal_keep(node->seal, &head, grown ? &growth : NULL, err);
    if (rc == ERR_FORGED)
        return err_set(
            err, rc,
            "the store ends at %llu acts and the signer has signed %llu: it was set back, or another"
            " store was put in its place",
            (unsigned long long)head.tree.size, (unsigned long long)kept.size);
    return rc;
}

/* The last head is this node's own: keys and store belong together. */
static enum errc check_key(const struct node *node, struct err *err)
{
    struct tree_head head;
    struct sign_key *key = NULL;
    enum errc rc = ledger_last_head(node->store, &head, err);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc >= 0)
        rc = sign_key_read_public(seal_public(node->seal, is_real(node) ? SEAL_REAL : SEAL_DRILL), &key, err);
    if (rc >= 0)
        rc = proof_head_verify(&head, key, err);
    sign_key_free(key);
    if (rc == ERR_FORGED)
        return err_set(err, rc, "the last head of the store is not signed with the key in %s",
                       node->dir.seal);
    return rc;
}

static struct store_options store_options_of(const struct node *node)
{
    return (struct store_options){.dir = node->record, .sync = STORE_SYNC_FULL};
}

static enum errc open_store(struct node *node, struct err *err)
{
    struct store_options options = store_options_of(node);
    options.cache_kib = (int)(node->config->limits_store_cache_bytes / 1024);
    enum errc rc = store_open(&options, &node->store, err);
    if (rc < 0)
        return rc;
    const char *of = store_identity(node->store)->node;
    if (strcmp(of, node->config->node_id) != 0)
        return err_set(err, ERR_CONFLICT, "%s is the record of %s, and the configuration is of %s",
                       node->record, of, node->config->node_id);
    if (!streq(store_identity(node->store)->universe, node->universe))
        return err_set(err, ERR_CONFLICT, "%s is a record of the universe '%s', not of '%s'", node->record,
                       store_identity(node->store)->universe, node->universe);
    rc = check_key(node, err);
    return rc < 0 ? rc : show_head(node, err);
}

static enum errc open_all(struct node *node, const char *journal, struct err *err)
{
    struct seal_options seal = {.node = node->config->node_id,
                                .folder = node->dir.seal,
                                .journal = journal,
                                .order = SEAL_BEFORE_COMMIT};
    if (!file_exists(node->dir.seal))
        return err_set(err, ERR_NOT_FOUND, "%s holds no node; make one with 'fengsui init'", node->dir.data);
    enum errc rc = seal_start(&seal, &node->seal, err);
    if (rc >= 0)
        rc = lawbook_open(node->config->rules_folder, &node->law, err);
    if (rc >= 0)
        rc = open_store(node, err);
    if (rc < 0)
        return rc;
    struct desk_parts parts = {.store = node->store,
                               .catalogue = node->law.catalogue,
                               .packs = node->law.packs,
                               .env = node->env,
                               .seal = node->seal,
                               .node = node->config->node_id};
    return desk_open(&parts, &node->desk, err);
}

static enum errc open_in(const char *universe, const struct config *config, const struct env *env,
                         struct arena *arena, struct node *out, struct err *err)
{
    struct node node = {.config = config, .env = env, .universe = universe};
    const char *journal = NULL;
    enum errc rc = node_dir_of(config->node_data, arena, &node.dir, err);
    node.record = node.dir.real;
    if (rc >= 0 && !is_real(&node)) {
        node.record = arena_printf(arena, "%s/%s", node.dir.drills, universe);
        journal = arena_printf(arena, "%s/%s/journal", node.dir.drills, universe);
        if (!node.record || !journal)
            rc = err_set(err, ERR_NOMEM, "no memory for the names of a drill");
    }
    if (rc >= 0)
        rc = open_all(&node, journal, err);
    if (rc < 0) {
        node_close(&node);
        return rc;
    }
    *out = node;
    return ERR_OK;
}

enum errc node_open(const struct config *config, const struct env *env, struct arena *arena, struct node *out,
                    struct err *err)
{
    return open_in("real", config, env, arena, out, err);
}

enum errc node_open_drill(const struct config *config, const struct env *env, const char *drill,
                          struct arena *arena, struct node *out, struct err *err)
{
    return open_in(drill, config, env, arena, out, err);
}

enum errc node_start(struct node *node, const struct writer_events *events, struct err *err)
{
    return writer_start(node->desk, events, &node->writer, err);
}

void node_stop(struct node *node)
{
    writer_stop(node->writer);
    node->writer = NULL;
}

void node_close(struct node *node)
{
    node_stop(node);
    desk_close(node->desk);
    store_close(node->store);
    lawbook_close(&node->law);
    if (node->seal)
        seal_stop(node->seal);
    *node = (struct node){0};
}

enum errc node_open_reader(const struct node *node, struct store **out, struct err *err)
{
    struct store_options options = store_options_of(node);
    options.read_only = true;
    return store_open(&options, out, err);
}
