#include "sim/check.h"

#include "store/acts.h"
#include "store/ledger.h"

/* The ledger once more, from the bytes of the acts alone. */
struct again {
    struct sim *sim;
    struct hasher *hasher;
    struct merkle_tree tree;
};

static enum errc add_leaf(void *context, const struct stored_act *stored, struct err *err)
{
    struct again *again = context;
    uint8_t leaf[HASH_SIZE];
    enum errc rc = merkle_leaf(again->hasher, stored->act.bytes, stored->act.size_bytes, leaf, err);
    return rc < 0 ? rc : merkle_append(&again->tree, again->hasher, leaf, NULL, err);
}

/* Whoever asks, the signer puts its name under one history only: its own, and of each peer. */
static void probe_signer(struct node *node)
{
    struct sim *sim = node->sim;
    for (size_t i = 0; i < COUNTRY_NODES && !sim->failed; i++) {
        struct tree_head head = {.time_ms = node_now_ms(node)};
        struct cosignature cosignature;
        struct err err;
        const char *peer = sim->country->cards[i].id;
        (void)snprintf(head.node, sizeof head.node, "%s", peer);
        (void)snprintf(head.universe, sizeof head.universe, "real");
        if (!sim_must(sim, seal_kept(node->seal, peer, "real", &head.tree, &err), &err, "seal_kept") ||
            head.tree.size == 0)
            continue;
        head.tree.root[0] ^= 1;
        enum errc rc = i == node->number
                           ? seal_sign_head(node->seal, &head, NULL, &err)
                           : seal_cosign(node->seal, &head, NULL, head.time_ms, &cosignature, &err);
        if (rc != ERR_FORGED)
            sim_fail(sim, "the signer of %s signs a second history of %s", node->id, peer);
    }
}

void check_ledger(struct node *node)
{
    struct sim *sim = node->sim;
    struct again again = {.sim = sim};
    struct tree_head head;
    const struct sign_key *key = sim->country->keys[node->number].real;
    struct err err;
    uint8_t root[HASH_SIZE];
    if (acts_count(node->store) == 0)
        return;
    country_must(hasher_new(SUITE_P256_SHA256, &again.hasher, &err), &err);
    if (sim_must(sim, ledger_last_head(node->store, &head, &err), &err, "the last head") &&
        sim_must(sim, acts_walk(node->store, 0, add_leaf, &again, &err), &err, "walking the acts") &&
        sim_must(sim, merkle_root(&again.tree, again.hasher, root, &err), &err, "the root") &&
        sim_must(sim, proof_head_verify(&head, key, &err), &err, "the last head's signature") &&
        (head.tree.size != again.tree.size || memcmp(head.tree.root, root, sizeof root) != 0))
        sim_fail(sim, "the last head of %s (size %llu) is not that of its %llu acts", node->id,
                 (unsigned long long)head.tree.size, (unsigned long long)again.tree.size);
    hasher_free(again.hasher);
    if (!sim->failed)
        probe_signer(node);
}
