#include "sim/check.h"

#include "desk/refold.h"
#include "store/rebuild.h"
#include "store/verify.h"

static enum errc check_head(void *context, const struct tree_head *head, struct err *err)
{
    return proof_head_verify(head, context, err);
}

/* The product's own verification of a record, with the node's key. */
static void verify(struct node *node, const struct store_options *options)
{
    struct sim *sim = node->sim;
    struct verify_report report;
    struct sign_key *key = sim->country->keys[node->number].real;
    struct err err;
    (void)sim_must(sim, store_verify(options, check_head, key, &report, &err), &err, "verifying a record");
}

void check_rebuild(struct node *node)
{
    struct sim *sim = node->sim;
    const struct country *country = sim->country;
    struct rebuild *rebuild = NULL;
    struct refold *refold = NULL;
    struct rebuild_report report = {0};
    struct err err;
    char path[COUNTRY_PATH];
    country_path(country, node->number, true, path);
    struct store_options options = country_options(path);
    struct desk_parts parts = {
        .catalogue = country->catalogue, .packs = country->packs, .env = &node->env, .node = node->id};
    node_close(node);
    verify(node, &options);
    if (!sim->failed && sim_must(sim, rebuild_begin(&options, &rebuild, &err), &err, "rebuild_begin") &&
        sim_must(sim, refold_new(&parts, &refold, &err), &err, "refold_new") &&
        sim_must(sim, rebuild_run(rebuild, refold_act, refold, &err), &err, node->id) &&
        sim_must(sim, rebuild_compare(rebuild, &report, &err), &err, "rebuild_compare") && !report.identical)
        sim_fail(sim, "a rebuild of %s from its %lld acts gives other tables", node->id,
                 (long long)report.acts);
    refold_free(refold);
    if (rebuild)
        (void)sim_must(sim, rebuild_end(rebuild, REBUILD_DROP, &err), &err, "rebuild_end");
}
