#include "sim/country.h"

#include "base/str.h"
#include "desk/setup.h"

extern const struct embed_set EMBED_api;
extern const struct embed_set EMBED_rules;

static const char *const PROVINCES[COUNTRY_PROVINCES] = {"110000", "310000", "320000", "330000",
                                                         "340000", "370000", "420000", "440000",
                                                         "510000", "610000", "650000"};

void country_must(enum errc rc, const struct err *err)
{
    if (rc >= 0)
        return;
    (void)fprintf(stderr, "sim: %s: [%s] %s\n", errc_info(rc)->name, err->field, err->message);
    exit(EXIT_FAILURE);
}

static int64_t start_ms(void *context)
{
    (void)context;
    return COUNTRY_START_MS;
}

static enum errc no_random(void *context, void *out, size_t size_bytes)
{
    (void)context;
    memset(out, 0, size_bytes);
    return ERR_OK;
}

/* Some cannot be called: they call, and fetch what waits for them. */
static void add_node(struct country *country, struct node_card card)
{
    size_t at = 0;
    while (country->cards[at].id)
        at++;
    card.name = card.id;
    card.role_count = 1;
    card.suite = suite_name(SUITE_P256_SHA256);
    card.url = card.tier == TIER_VENDOR || (card.large && card.tier == TIER_ENTERPRISE)
                   ? ""
                   : "https://127.0.0.1:1";
    country->cards[at] = card;
}

static void add_people(struct country *country)
{
    struct arena *arena = &country->arena;
    add_node(country,
             (struct node_card){
                 .id = "miit", .tier = TIER_MINISTRY, .region = "000000", .parent = "", .roles = {"MEO"}});
    add_node(country, (struct node_card){.id = "cncert",
                                         .tier = TIER_INSTITUTION,
                                         .region = "000000",
                                         .parent = "miit",
                                         .roles = {"PRO"}});
    add_node(country,
             (struct node_card){
                 .id = "sec", .tier = TIER_VENDOR, .region = "000000", .parent = "miit", .roles = {"SEC"}});
    add_node(
        country,
        (struct node_card){
            .id = "dns", .tier = TIER_ENTERPRISE, .region = "110000", .parent = "miit", .roles = {"DNS"}});
    for (size_t i = 0; i < COUNTRY_PROVINCES; i++) {
        const char *region = PROVINCES[i];
        const char *pca = arena_printf(arena, "pca-%.2s", region);
        add_node(country,
                 (struct node_card){
                     .id = pca, .tier = TIER_PROVINCE, .region = region, .parent = "miit", .roles = {"PCA"}});
        add_node(country, (struct node_card){.id = arena_printf(arena, "tel-%.2s", region),
                                             .tier = TIER_ENTERPRISE,
                                             .region = region,
                                             .parent = pca,
                                             .roles = {"TEL"}});
        add_node(country, (struct node_card){.id = arena_printf(arena, "net-%.2s", region),
                                             .tier = TIER_ENTERPRISE,
                                             .region = region,
                                             .parent = pca,
                                             .roles = {"INT"},
                                             .large = i % 2 == 0});
    }
}

static void make_keys(struct country *country, size_t node)
{
    struct err err;
    char public[SIGN_PEM_SIZE];
    struct node_card *card = &country->cards[node];
    for (int drill = 0; drill < 2; drill++) {
        struct sign_key **key = drill ? &country->keys[node].drill : &country->keys[node].real;
        country_must(sign_key_generate(SUITE_P256_SHA256, key, &err), &err);
        country_must(sign_key_write_public(*key, public, &err), &err);
        *(drill ? &card->drill_key_pem : &card->key_pem) = arena_strdup(&country->arena, public);
    }
}

/* The record as it is after enrolment: every card is there, no act yet. */
static void prepare(struct country *country, size_t node)
{
    static const struct env ENV = {NULL, start_ms, no_random};
    struct err err;
    struct store *store = NULL;
    struct desk *desk = NULL;
    struct seal *seal = country_seal(country, node);
    char path[COUNTRY_PATH];
    country_path(country, node, false, path);
    struct store_options options = country_options(path);
    struct store_identity identity = {country->cards[node].id, "real", SUITE_P256_SHA256};
    country_must(store_create(&options, &identity, &err), &err);
    country_must(store_open(&options, &store, &err), &err);
    struct desk_parts parts = {store, country->catalogue, country->packs, &ENV, seal, identity.node};
    country_must(desk_open(&parts, &desk, &err), &err);
    country_must(desk_install_cards(desk, country->cards, COUNTRY_NODES, &err), &err);
    desk_close(desk);
    country_must(store_tidy(store, &err), &err);
    store_close(store);
    seal_stop(seal);
}

void country_open(struct country *country)
{
    struct err err;
    *country = (struct country){0};
    arena_init(&country->arena, 1 << 20);
    country_must(catalogue_load(&EMBED_api, &country->catalogue, &err), &err);
    country_must(pack_set_load(&EMBED_rules, &country->packs, &err), &err);
    country_must(vfs_mem_new(COUNTRY_DISK, &country->disk, &err), &err);
    add_people(country);
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        make_keys(country, i);
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        prepare(country, i);
}

void country_close(struct country *country)
{
    for (size_t i = 0; i < COUNTRY_NODES; i++) {
        sign_key_free(country->keys[i].real);
        sign_key_free(country->keys[i].drill);
    }
    vfs_mem_free(country->disk);
    pack_set_free(country->packs);
    catalogue_free(country->catalogue);
    arena_done(&country->arena);
}

size_t country_find(const struct country *country, const char *id)
{
    size_t at = 0;
    while (at < COUNTRY_NODES && !streq(country->cards[at].id, id))
        at++;
    return at;
}

struct seal *country_seal(const struct country *country, size_t node)
{
    struct err err;
    struct sign_key *real = NULL;
    struct sign_key *drill = NULL;
    struct seal *seal = NULL;
    country_must(sign_key_share(country->keys[node].real, &real, &err), &err);
    country_must(sign_key_share(country->keys[node].drill, &drill, &err), &err);
    country_must(seal_local(country->cards[node].id, SEAL_BEFORE_COMMIT, real, drill, &seal, &err), &err);
    return seal;
}

void country_path(const struct country *country, size_t node, bool running, char out[COUNTRY_PATH])
{
    (void)snprintf(out, COUNTRY_PATH, "/%s/%s", running ? "run" : "prepared", country->cards[node].id);
}

struct store_options country_options(const char *path)
{
    return (struct store_options){
        .dir = path, .vfs = COUNTRY_DISK, .sync = STORE_SYNC_FULL, .cache_kib = 512};
}
