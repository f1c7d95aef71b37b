/* The signer as a hijacked main process would use it: raw messages. */
#include "lib/check.h"
#include "lib/toy_ledger.h"
#include "seal/signer.h"

#include <stdio.h>
#include <string.h>

struct desk {
    struct signer *signer;
    struct seal_request request;
    struct seal_reply reply;
    struct toy_ledger *toy; /* its tree; it has the same key as the signer */
};

static struct sign_key *copy_of(const struct sign_key *key)
{
    struct err err;
    char pem[SIGN_PEM_SIZE];
    struct sign_key *copy = NULL;
    assert_ok(sign_key_write_private(key, NULL, pem, &err), &err);
    assert_ok(sign_key_read_private(pem, NULL, &copy, &err), &err);
    return copy;
}

static struct desk *desk_new(enum seal_order order, size_t acts)
{
    struct err err;
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    desk->toy = toy_new("miit", "real", SUITE_SM2_SM3, NULL);
    for (size_t i = 0; i < acts; i++)
        toy_append(desk->toy, "act");
    struct sign_key *drill = NULL;
    assert_ok(sign_key_generate(SUITE_SM2_SM3, &drill, &err), &err);
    assert_ok(signer_new("miit", order, copy_of(desk->toy->key), drill, &desk->signer, &err), &err);
    return desk;
}

static void desk_free(struct desk *desk)
{
    signer_close(desk->signer);
    toy_free(desk->toy);
    free(desk);
}

static enum errc ask(struct desk *desk, enum seal_op op, const struct tree_head *head,
                     const struct growth_proof *growth)
{
    memset(&desk->request, 0, sizeof desk->request);
    desk->request.op = op;
    desk->request.head = *head;
    desk->request.has_growth = growth != NULL;
    if (growth)
        desk->request.growth = *growth;
    signer_answer(desk->signer, &desk->request, &desk->reply);
    return desk->reply.rc;
}

static void a_kept_head_is_never_contradicted(void **state)
{
    (void)state;
    struct desk *desk = desk_new(SEAL_AFTER_COMMIT, 10);
    struct tree_head head = toy_head(desk->toy, 5, 1);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_OK);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_OK);
    head.tree.root[0] ^= 1;
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_FORGED);
    head = toy_head(desk->toy, 4, 1);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_FORGED);
    head = toy_head(desk->toy, 9, 1);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_FORGED);
    struct growth_proof growth = toy_growth(desk->toy, 5, 9);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, &growth), ERR_OK);
    head.tree.root[0] ^= 1;
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_FORGED);
    desk_free(desk);
}

static void an_open_head_may_be_replaced_until_it_is_kept(void **state)
{
    (void)state;
    struct desk *desk = desk_new(SEAL_BEFORE_COMMIT, 10);
    struct tree_head head = toy_head(desk->toy, 5, 1);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_OK);
    struct tree_head other = head;
    other.tree.root[0] ^= 1;
    assert_code(ask(desk, SEAL_OP_SIGN, &other, NULL), ERR_OK); /* the commit of head failed */
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_OK);
    assert_code(ask(desk, SEAL_OP_KEEP, &desk->reply.head, NULL), ERR_OK);
    assert_code(ask(desk, SEAL_OP_SIGN, &other, NULL), ERR_FORGED);
    assert_code(ask(desk, SEAL_OP_KEEP, &other, NULL), ERR_FORGED);
    desk_free(desk);
}

/* At a start the store shows its last head: it counts only with the node's own signature and its growth. */
static void keeping_an_unknown_head_needs_its_signature(void **state)
{
    (void)state;
    struct desk *desk = desk_new(SEAL_BEFORE_COMMIT, 10);
    struct tree_head head = toy_head(desk->toy, 5, 1);
    struct tree_head unsigned_head = head;
    unsigned_head.sig.bytes[20] ^= 1;
    assert_code(ask(desk, SEAL_OP_KEEP, &unsigned_head, NULL), ERR_FORGED);
    assert_code(ask(desk, SEAL_OP_KEEP, &head, NULL), ERR_OK);
    head = toy_head(desk->toy, 8, 1);
    assert_code(ask(desk, SEAL_OP_KEEP, &head, NULL), ERR_FORGED);
    struct growth_proof growth = toy_growth(desk->toy, 5, 8);
    assert_code(ask(desk, SEAL_OP_KEEP, &head, &growth), ERR_OK);
    head = toy_head(desk->toy, 6, 1); /* the store was set back */
    assert_code(ask(desk, SEAL_OP_KEEP, &head, NULL), ERR_FORGED);
    struct tree_head nothing = {.node = "miit", .universe = "drill-1"};
    assert_code(ask(desk, SEAL_OP_KEEP, &nothing, NULL), ERR_OK);
    desk_free(desk);
}

static void drills_have_their_own_key_and_history(void **state)
{
    (void)state;
    struct err err;
    struct desk *desk = desk_new(SEAL_AFTER_COMMIT, 10);
    struct sign_key *real = NULL;
    struct sign_key *drill = NULL;
    struct tree_head head = toy_head(desk->toy, 5, 1);
    assert_code(ask(desk, SEAL_OP_HELLO, &head, NULL), ERR_OK);
    assert_ok(sign_key_read_public(desk->reply.pem, &real, &err), &err);
    assert_ok(sign_key_read_public(desk->reply.drill_pem, &drill, &err), &err);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_OK);
    assert_ok(proof_head_verify(&desk->reply.head, real, &err), &err);
    assert_code(proof_head_verify(&desk->reply.head, drill, &err), ERR_FORGED);
    head = toy_head(desk->toy, 2, 1);
    (void)snprintf(head.universe, sizeof head.universe, "drill-1");
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_OK);
    assert_ok(proof_head_verify(&desk->reply.head, drill, &err), &err);
    assert_code(proof_head_verify(&desk->reply.head, real, &err), ERR_FORGED);
    sign_key_free(real);
    sign_key_free(drill);
    desk_free(desk);
}

static void badly_formed_requests_are_refused(void **state)
{
    (void)state;
    struct desk *desk = desk_new(SEAL_AFTER_COMMIT, 3);
    const struct tree_head good = toy_head(desk->toy, 3, 1);
    struct tree_head head = good;
    (void)snprintf(head.node, sizeof head.node, "pca-330000");
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_INVALID);
    head = good;
    memset(head.node, 'm', sizeof head.node);
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_INVALID);
    head = good;
    (void)snprintf(head.universe, sizeof head.universe, "re\nal");
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_INVALID);
    head = good;
    head.tree.size = MERKLE_SIZE_MAX + 1;
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_INVALID);
    head = good;
    head.suite = SUITE_COUNT;
    assert_code(ask(desk, SEAL_OP_SIGN, &head, NULL), ERR_INVALID);
    assert_code(ask(desk, (enum seal_op)77, &good, NULL), ERR_INVALID);
    assert_code(ask(desk, SEAL_OP_COSIGN, &good, NULL), ERR_INVALID); /* itself */
    struct growth_proof growth = {.path.count = SIZE_MAX};
    assert_code(ask(desk, SEAL_OP_SIGN, &good, NULL), ERR_OK);
    head = good;
    head.tree.size++;
    growth.from = 3;
    growth.to = 4;
    assert_code(ask(desk, SEAL_OP_SIGN, &head, &growth), ERR_FORGED);
    assert_code(ask(desk, SEAL_OP_ISSUE, &good, NULL), ERR_UNSUPPORTED);
    desk_free(desk);
}

static void witnesses_only_what_continues(void **state)
{
    (void)state;
    struct err err;
    struct desk *desk = desk_new(SEAL_BEFORE_COMMIT, 1);
    struct sign_key *real = NULL;
    struct toy_ledger *peer = toy_new("pca-330000", "real", SUITE_P256_SHA256, NULL);
    for (int i = 0; i < 8; i++)
        toy_append(peer, "act");
    struct tree_head head = toy_head(peer, 3, 1);
    assert_code(ask(desk, SEAL_OP_HELLO, &head, NULL), ERR_OK);
    assert_ok(sign_key_read_public(desk->reply.pem, &real, &err), &err);
    assert_code(ask(desk, SEAL_OP_COSIGN, &head, NULL), ERR_OK);
    assert_ok(proof_cosignature_verify(&desk->reply.cosignature, &head, real, &err), &err);
    assert_string_equal(desk->reply.cosignature.witness, "miit");
    /* Co-signing keeps at once, also where own heads stay open: the peer has it in hand. */
    head.tree.root[0] ^= 1;
    assert_code(ask(desk, SEAL_OP_COSIGN, &head, NULL), ERR_FORGED);
    head = toy_head(peer, 8, 1);
    assert_code(ask(desk, SEAL_OP_COSIGN, &head, NULL), ERR_FORGED);
    struct growth_proof growth = toy_growth(peer, 3, 8);
    assert_code(ask(desk, SEAL_OP_COSIGN, &head, &growth), ERR_OK);
    assert_code(ask(desk, SEAL_OP_KEPT, &head, NULL), ERR_OK);
    assert_int_equal(desk->reply.claim.size, 8);
    head = toy_head(peer, 3, 1);
    assert_code(ask(desk, SEAL_OP_COSIGN, &head, NULL), ERR_FORGED);
    (void)snprintf(head.universe, sizeof head.universe, "drill-9");
    assert_code(ask(desk, SEAL_OP_KEPT, &head, NULL), ERR_OK);
    assert_int_equal(desk->reply.claim.size, 0);
    toy_free(peer);
    sign_key_free(real);
    desk_free(desk);
}

static void both_keys_must_be_of_one_suite(void **state)
{
    (void)state;
    struct err err;
    struct sign_key *real = NULL;
    struct sign_key *drill = NULL;
    struct signer *signer = NULL;
    assert_ok(sign_key_generate(SUITE_SM2_SM3, &real, &err), &err);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &drill, &err), &err);
    assert_code(signer_new("miit", SEAL_AFTER_COMMIT, real, drill, &signer, &err), ERR_INVALID);
    assert_null(signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_head_is_never_contradicted),
        cmocka_unit_test(an_open_head_may_be_replaced_until_it_is_kept),
        cmocka_unit_test(keeping_an_unknown_head_needs_its_signature),
        cmocka_unit_test(drills_have_their_own_key_and_history),
        cmocka_unit_test(badly_formed_requests_are_refused),
        cmocka_unit_test(witnesses_only_what_continues),
        cmocka_unit_test(both_keys_must_be_of_one_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
