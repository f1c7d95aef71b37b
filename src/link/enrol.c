#include "link/enrol.h"

#include "base/str.h"
#include "desk/cards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, SHORT_CHARS = 64, BID_BYTES_MAX = 64 << 10, ANSWER_ARENA_BYTES = 16 << 20 };
enum { WRONG_MAX = 10, WRONG_WINDOW_MS = 60 * 1000, BACKDATE_MS = 5 * 60 * 1000 };

#define ONLY(doc, ...)                                                                                       \
    doc_only((doc), (const char *const[]){__VA_ARGS__},                                                      \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), err)

/* ---- tickets ---- */

#define TICKET_PREFIX "fs1:"

void enrol_ticket_write(const struct enrol_ticket *ticket, char out[ENROL_TICKET_SIZE])
{
    char secret[2 * ADMIT_SECRET_BYTES + 1];
    hex_encode(ticket->secret, ADMIT_SECRET_BYTES, secret);
    (void)snprintf(out, ENROL_TICKET_SIZE, TICKET_PREFIX "%s:%s:%s@%s", ticket->parent, ticket->pin, secret,
                   ticket->url);
    explicit_bzero(secret, sizeof secret);
}

/* Copies up to the separator, which must be there; moves *at behind it. */
static bool take_part(const char **at, char separator, char *out, size_t size_bytes)
{
    const char *end = strchr(*at, separator);
    if (!end || (size_t)(end - *at) >= size_bytes)
        return false;
    memcpy(out, *at, (size_t)(end - *at));
    out[end - *at] = '\0';
    *at = end + 1;
    return true;
}

static bool lower_hex(const char *text, size_t digits)
{
    return strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static enum errc check_url(const char *url, bool may_be_empty, struct err *err)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    static const char SCHEME[] = "https://";
    size_t n = strlen(url);
    if (n == 0 && may_be_empty)
        return ERR_OK;
    const char *host = url + sizeof SCHEME - 1;
    if (n > ENROL_URL_MAX || strncmp(url, SCHEME, sizeof SCHEME - 1) != 0 || !*host ||
        strspn(host, ALLOWED) != strlen(host))
        return err_field(err, ERR_INVALID, "url", "an address like https://host:8443 is expected");
    return ERR_OK;
}

enum errc enrol_ticket_read(const char *text, struct enrol_ticket *out, struct err *err)
{
    struct enrol_ticket ticket = {.parent = ""};
    char secret[2 * ADMIT_SECRET_BYTES + 1];
    const char *at = text + sizeof TICKET_PREFIX - 1;
    bool whole = strncmp(text, TICKET_PREFIX, sizeof TICKET_PREFIX - 1) == 0 &&
                 take_part(&at, ':', ticket.parent, sizeof ticket.parent) &&
                 take_part(&at, ':', ticket.pin, sizeof ticket.pin) &&
                 take_part(&at, '@', secret, sizeof secret) && proof_name_valid(ticket.parent) &&
                 lower_hex(ticket.pin, 2 * HASH_SIZE) && lower_hex(secret, 2 * ADMIT_SECRET_BYTES) &&
                 hex_decode(secret, strlen(secret), ticket.secret, ADMIT_SECRET_BYTES) &&
                 strlen(at) <= ENROL_URL_MAX;
    if (!whole)
        return err_set(err, ERR_SYNTAX,
                       "this is not a whole enrolment ticket; it begins with '%s' and is one word",
                       TICKET_PREFIX);
    memcpy(ticket.url, at, strlen(at) + 1);
    enum errc rc = check_url(ticket.url, false, err);
    if (rc >= 0)
        *out = ticket;
    return rc;
}

/* ---- bids ---- */

static void release_doc(void *doc)
{
    json_decref(doc);
}

static enum errc read_doc(const char *text, size_t size_bytes, struct arena *arena, json_t **out,
                          struct err *err)
{
    json_t *doc = NULL;
    enum errc rc = doc_parse_object(text, size_bytes, &doc, err);
    if (rc < 0)
        return rc;
    if (!arena_tie(arena, release_doc, doc))
        return err_set(err, ERR_NOMEM, "no memory for the message");
    *out = doc;
    return ERR_OK;
}

static enum errc read_secret(json_t *doc, uint8_t secret[ADMIT_SECRET_BYTES], struct enrol_bid *bid,
                             struct err *err)
{
    const char *text = NULL;
    enum errc rc = doc_text(doc, "secret", DOC_OPTIONAL, 2 * ADMIT_SECRET_BYTES, &text, err);
    if (rc < 0 || !text)
        return rc;
    if (!lower_hex(text, 2 * ADMIT_SECRET_BYTES) ||
        !hex_decode(text, strlen(text), secret, ADMIT_SECRET_BYTES))
        return err_field(err, ERR_INVALID, "secret", "%d hexadecimal digits are expected",
                         2 * ADMIT_SECRET_BYTES);
    bid->secret = secret;
    return ERR_OK;
}

enum errc enrol_bid_read(const char *text, size_t size_bytes, uint8_t secret[ADMIT_SECRET_BYTES],
                         struct arena *arena, struct enrol_bid *out, struct err *err)
{
    int64_t version = 0;
    json_t *doc = NULL;
    struct enrol_bid bid = {.url = "", .authority = ""};
    if (size_bytes > BID_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "a bid has at most %d bytes", BID_BYTES_MAX);
    enum errc rc = read_doc(text, size_bytes, arena, &doc, err);
    if (rc < 0 ||
        (rc = ONLY(doc, "v", "secret", "node", "suite", "key_pem", "drill_key_pem", "url", "request",
                   "authority")) < 0 ||
        (rc = doc_int(doc, "v", DOC_REQUIRED, VERSION, VERSION, &version, err)) < 0 ||
        (rc = read_secret(doc, secret, &bid, err)) < 0 ||
        (rc = doc_text(doc, "node", DOC_REQUIRED, PROOF_NAME_MAX, &bid.node, err)) < 0 ||
        (rc = doc_text(doc, "suite", DOC_REQUIRED, SHORT_CHARS, &bid.suite, err)) < 0 ||
        (rc = doc_text(doc, "key_pem", DOC_REQUIRED, SIGN_PEM_SIZE, &bid.key_pem, err)) < 0 ||
        (rc = doc_text(doc, "drill_key_pem", DOC_REQUIRED, SIGN_PEM_SIZE, &bid.drill_key_pem, err)) < 0 ||
        (rc = doc_text(doc, "url", DOC_OPTIONAL, ENROL_URL_MAX, &bid.url, err)) < 0 ||
        (rc = doc_text(doc, "request", DOC_REQUIRED, PKI_PEM_SIZE, &bid.request, err)) < 0 ||
        (rc = doc_text(doc, "authority", DOC_OPTIONAL, PKI_PEM_SIZE, &bid.authority, err)) < 0 ||
        (rc = check_url(bid.url, true, err)) < 0)
        return rc;
    *out = bid;
    return ERR_OK;
}

enum errc enrol_bid_write(const struct enrol_bid *bid, struct buf *out, struct err *err)
{
    json_t *doc = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "v", VERSION, "node", bid->node,
                            "suite", bid->suite, "key_pem", bid->key_pem, "drill_key_pem", bid->drill_key_pem,
                            "url", bid->url, "request", bid->request, "authority", bid->authority);
    char secret[2 * ADMIT_SECRET_BYTES + 1];
    if (bid->secret)
        hex_encode(bid->secret, ADMIT_SECRET_BYTES, secret);
    bool whole = doc && (!bid->secret || json_object_set_new(doc, "secret", json_string(secret)) == 0);
    enum errc rc = whole ? doc_write(doc, out, err) : err_set(err, ERR_NOMEM, "no memory for the bid");
    json_decref(doc);
    return rc;
}

/* ---- the tier above ---- */

struct enroller {
    const struct enrol_authority *authority;
    char pin[HASH_TEXT_SIZE];
    int64_t window_ms; /* beginning of the minute that is counted */
    int wrong;
};

enum errc enroller_new(const struct enrol_authority *authority, struct enroller **out, struct err *err)
{
    struct pki_identity ca;
    struct pki_identity root;
    enum errc rc = pki_describe(authority->chain, &ca, err);
    if (rc >= 0)
        rc = pki_describe(authority->root, &root, err);
    if (rc >= 0 && ca.kind != PKI_CA)
        rc = err_set(err, ERR_INVALID, "the certificate of %s may not issue others", ca.node);
    if (rc < 0)
        return rc;
    struct enroller *enroller = calloc(1, sizeof *enroller);
    if (!enroller)
        return err_set(err, ERR_NOMEM, "no memory for enrolments");
    enroller->authority = authority;
    memcpy(enroller->pin, root.fingerprint, sizeof enroller->pin);
    *out = enroller;
    return ERR_OK;
}

void enroller_free(struct enroller *enroller)
{
    free(enroller);
}

enum errc enrol_offer(struct enroller *enroller, struct desk *desk, const struct admit_offer *offer,
                      char out_ticket[ENROL_TICKET_SIZE], struct err *err)
{
    struct enrol_ticket ticket = {.parent = ""};
    enum errc rc = check_url(enroller->authority->url, false, err);
    if (rc < 0)
        return rc;
    (void)snprintf(ticket.parent, sizeof ticket.parent, "%s", desk_parts(desk)->node);
    (void)snprintf(ticket.url, sizeof ticket.url, "%s", enroller->authority->url);
    memcpy(ticket.pin, enroller->pin, sizeof ticket.pin);
    rc = admit_offer(desk, offer, ticket.secret, err);
    if (rc >= 0)
        enrol_ticket_write(&ticket, out_ticket);
    explicit_bzero(&ticket, sizeof ticket);
    return rc;
}

/* Guessing is hopeless with 160 bits; this keeps it from costing anything, and shows up in the answers. */
static enum errc check_rate(struct enroller *enroller, int64_t now_ms, struct err *err)
{
    if (now_ms - enroller->window_ms >= WRONG_WINDOW_MS || now_ms < enroller->window_ms) {
        enroller->window_ms = now_ms;
        enroller->wrong = 0;
    }
    if (enroller->wrong >= WRONG_MAX)
        return err_set(err, ERR_BUSY, "too many wrong enrolment codes; try again in a minute");
    return ERR_OK;
}

static enum errc check_keys(const struct enrol_bid *bid, struct err *err)
{
    const char *const pems[] = {bid->key_pem, bid->drill_key_pem};
    if (streq(bid->key_pem, bid->drill_key_pem))
        return err_field(err, ERR_INVALID, "drill_key_pem", "drills need a key of their own");
    for (size_t i = 0; i < 2; i++) {
        struct sign_key *key = NULL;
        enum errc rc = sign_key_read_public(pems[i], &key, err);
        if (rc < 0)
            return rc;
        bool fits = streq(bid->suite, suite_name(sign_key_suite(key)));
        sign_key_free(key);
        if (!fits)
            return err_field(err, ERR_INVALID, "suite", "the keys are not of the suite '%s'", bid->suite);
    }
    return ERR_OK;
}

static enum errc issue(struct desk *desk, const struct enrol_bid *bid, enum pki_kind kind,
                       char out[PKI_PEM_SIZE], struct err *err)
{
    int64_t now_ms = env_now_ms(desk_parts(desk)->env);
    int64_t days = kind == PKI_CA ? PKI_DAYS_CA : PKI_DAYS_LEAF;
    struct pki_order order = {.request = kind == PKI_CA ? bid->authority : bid->request,
                              .node = bid->node,
                              .kind = kind,
                              .validity = {now_ms - BACKDATE_MS, now_ms + days * 86400000}};
    return seal_issue(desk_parts(desk)->seal, &order, out, err);
}

static json_t *all_cards(struct desk *desk)
{
    const struct directory *dir = desk_directory(desk);
    json_t *list = json_array();
    bool whole = true;
    for (size_t i = 0; i < dir->count && whole; i++)
        whole = json_array_append_new(list, card_write(&dir->cards[i])) == 0;
    if (whole)
        return list;
    json_decref(list);
    return NULL;
}

static enum errc write_grant(struct enroller *enroller, struct desk *desk, const char *leaf,
                             const char *authority, struct arena *arena, struct buf *out, struct err *err)
{
    const char *chain = arena_printf(arena, "%s%s", leaf, enroller->authority->chain);
    if (!chain)
        return err_set(err, ERR_NOMEM, "no memory for the grant");
    json_t *doc = json_pack("{s:i, s:s, s:s, s:s, s:o}", "v", VERSION, "chain", chain, "root",
                            enroller->authority->root, "authority", authority, "cards", all_cards(desk));
    buf_reset(out);
    enum errc rc = doc ? doc_write(doc, out, err) : err_set(err, ERR_NOMEM, "no memory for the grant");
    json_decref(doc);
    return rc;
}

static enum errc check_authority(const struct node_card *card, const struct enrol_bid *bid, struct err *err)
{
    if (*bid->authority && card->tier != TIER_PROVINCE)
        return err_field(err, ERR_INVALID, "authority", "only a province enrols others");
    return ERR_OK;
}

/* A node that has a certificate gets a new one for the same name; its card stays as it is. */
static enum errc check_renewal(struct desk *desk, const struct pki_identity *caller,
                               const struct enrol_bid *bid, struct err *err)
{
    const struct node_card *card = caller ? directory_find(desk_directory(desk), caller->node) : NULL;
    if (!card || !streq(card->parent, desk_parts(desk)->node) || !streq(caller->node, bid->node))
        return err_set(err, ERR_AUTH, "only a node enrolled here renews its own certificate without a code");
    if (card->revoked_ms != 0)
        return err_set(err, ERR_AUTH, "the node %s was revoked; it needs a new code", card->id);
    return check_authority(card, bid, err);
}

static enum errc look_up(struct enroller *enroller, struct desk *desk, const struct enrol_bid *bid,
                         struct arena *arena, struct node_card *out, struct err *err)
{
    struct node_card card;
    enum errc rc = check_rate(enroller, env_now_ms(desk_parts(desk)->env), err);
    if (rc < 0)
        return rc;
    rc = admit_look(desk, bid->secret, arena, &card, err);
    if (rc >= 0 && !streq(card.id, bid->node))
        rc = err_set(err, ERR_AUTH, "the code is for another node than %.64s", bid->node);
    if (rc == ERR_AUTH)
        enroller->wrong++;
    if (rc >= 0)
        rc = check_keys(bid, err);
    if (rc >= 0)
        rc = check_authority(&card, bid, err);
    if (rc < 0)
        return rc;
    card.suite = bid->suite;
    card.key_pem = bid->key_pem;
    card.drill_key_pem = bid->drill_key_pem;
    card.url = bid->url;
    *out = card;
    return ERR_OK;
}

static enum errc answer(struct enroller *enroller, struct desk *desk, const struct pki_identity *caller,
                        const struct enrol_bid *bid, struct arena *arena, struct buf *out, struct err *err)
{
    char leaf[PKI_PEM_SIZE] = "";
    char authority[PKI_PEM_SIZE] = "";
    struct node_card card;
    enum errc rc = bid->secret ? look_up(enroller, desk, bid, arena, &card, err)
                               : check_renewal(desk, caller, bid, err);
    if (rc >= 0)
        rc = issue(desk, bid, PKI_LEAF, leaf, err);
    if (rc >= 0 && *bid->authority)
        rc = issue(desk, bid, PKI_CA, authority, err);
    /* The code is used up last: whatever was wrong with the bid before leaves it good. */
    if (rc >= 0 && bid->secret)
        rc = admit_node(desk, bid->secret, &card, err);
    return rc < 0 ? rc : write_grant(enroller, desk, leaf, authority, arena, out, err);
}

enum errc enrol_answer(struct enroller *enroller, struct desk *desk, const struct pki_identity *caller,
                       const char *text, size_t size_bytes, struct buf *out, struct err *err)
{
    struct arena arena;
    struct enrol_bid bid;
    uint8_t secret[ADMIT_SECRET_BYTES] = {0};
    arena_init(&arena, ANSWER_ARENA_BYTES);
    enum errc rc = enrol_bid_read(text, size_bytes, secret, &arena, &bid, err);
    if (rc >= 0)
        rc = answer(enroller, desk, caller, &bid, &arena, out, err);
    explicit_bzero(secret, sizeof secret);
    arena_done(&arena);
    return rc;
}

/* ---- the new node ---- */

static enum errc read_cards(json_t *doc, struct arena *arena, struct enrol_grant *out, struct err *err)
{
    json_t *list = NULL;
    enum errc rc = doc_array(doc, "cards", DOC_REQUIRED, ENROL_CARDS_MAX, &list, err);
    if (rc < 0)
        return rc;
    size_t count = json_array_size(list);
    out->cards = arena_array(arena, count, sizeof *out->cards);
    if (!out->cards)
        return err_set(err, ERR_NOMEM, "no memory for the grant");
    for (size_t i = 0; i < count && rc >= 0; i++) {
        char at[32];
        json_t *card = json_array_get(list, i);
        (void)snprintf(at, sizeof at, "cards[%zu]", i);
        if (!json_is_object(card))
            return err_field(err, ERR_INVALID, at, "an object is expected");
        rc = card_read(card, &out->cards[i], err);
        if (rc < 0)
            err_field_prefix(err, at);
    }
    out->card_count = count;
    return rc;
}

enum errc enrol_grant_read(const char *text, size_t size_bytes, struct arena *arena, struct enrol_grant *out,
                           struct err *err)
{
    int64_t version = 0;
    json_t *doc = NULL;
    struct enrol_grant grant = {.authority = ""};
    enum errc rc = read_doc(text, size_bytes, arena, &doc, err);
    if (rc < 0 || (rc = ONLY(doc, "v", "chain", "root", "authority", "cards")) < 0 ||
        (rc = doc_int(doc, "v", DOC_REQUIRED, VERSION, VERSION, &version, err)) < 0 ||
        (rc = doc_text(doc, "chain", DOC_REQUIRED, PKI_CHAIN_SIZE - 1, &grant.chain, err)) < 0 ||
        (rc = doc_text(doc, "root", DOC_REQUIRED, PKI_PEM_SIZE - 1, &grant.root, err)) < 0 ||
        (rc = doc_text(doc, "authority", DOC_OPTIONAL, PKI_PEM_SIZE - 1, &grant.authority, err)) < 0 ||
        (rc = read_cards(doc, arena, &grant, err)) < 0)
        return rc;
    *out = grant;
    return ERR_OK;
}

static const struct node_card *find_card(const struct enrol_grant *grant, const char *id)
{
    for (size_t i = 0; i < grant->card_count; i++)
        if (streq(grant->cards[i].id, id))
            return &grant->cards[i];
    return NULL;
}

/* From the node up to the top, each tier above must be there: the anchors of all trust. */
static enum errc check_cards(const struct enrol_grant *grant, const struct enrol_bid *bid,
                             const struct enrol_ticket *ticket, struct err *err)
{
    const struct node_card *card = find_card(grant, bid->node);
    if (!card || !streq(card->parent, ticket->parent) || !streq(card->key_pem, bid->key_pem) ||
        !streq(card->drill_key_pem, bid->drill_key_pem))
        return err_field(err, ERR_FORGED, "cards", "this node's own card is not what was asked for");
    for (size_t depth = 0; *card->parent; depth++) {
        const struct node_card *above = find_card(grant, card->parent);
        if (!above || depth > TIER_COUNT)
            return err_field(err, ERR_FORGED, "cards", "the card of %s is missing", card->parent);
        card = above;
    }
    return ERR_OK;
}

/* The ticket names the root. Under it only one CA bears the parent's name, and enrol_check asks for that. */
static enum errc check_pin(const struct enrol_grant *grant, const struct enrol_ticket *ticket,
                           struct err *err)
{
    struct pki_identity root;
    enum errc rc = pki_describe(grant->root, &root, err);
    if (rc < 0 || !streq(root.fingerprint, ticket->pin))
        return err_field(err, ERR_FORGED, "root", "it is not the root that the ticket names");
    return ERR_OK;
}

enum errc enrol_check(const struct enrol_grant *grant, const struct enrol_bid *bid,
                      const struct enrol_ticket *ticket, const struct sign_key *key, int64_t now_ms,
                      struct err *err)
{
    struct pki_identity leaf;
    enum errc rc = check_pin(grant, ticket, err);
    if (rc >= 0)
        rc = pki_verify(grant->chain, grant->root, now_ms, &leaf, err);
    if (rc >= 0 && (!streq(leaf.node, bid->node) || !streq(leaf.issuer, ticket->parent)))
        rc = err_field(err, ERR_FORGED, "chain", "the certificate is for %s, issued by %s", leaf.node,
                       leaf.issuer);
    if (rc >= 0)
        rc = pki_check_key(grant->chain, key, err);
    if (rc >= 0 && *bid->authority && !*grant->authority)
        rc = err_field(err, ERR_FORGED, "authority", "the certificate to enrol others is missing");
    return rc < 0 ? rc : check_cards(grant, bid, ticket, err);
}
