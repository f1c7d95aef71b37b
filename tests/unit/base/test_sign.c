#include "base/sign.h"
#include "lib/check.h"

#include <string.h>

static struct sign_key *key_of(enum suite suite)
{
    struct err err;
    struct sign_key *key = NULL;
    assert_ok(sign_key_generate(suite, &key, &err), &err);
    return key;
}

static void self_test_holds(void **state)
{
    (void)state;
    struct err err;
    assert_ok(sign_self_test(&err), &err);
}

static void every_changed_bit_is_refused(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct signature signature;
        struct sign_key *key = key_of(suite);
        uint8_t message[] = "烽火连三月";
        assert_ok(sign_bytes(key, message, sizeof message, &signature, &err), &err);
        for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
            message[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_code(sign_verify(key, message, sizeof message, &signature, &err), ERR_FORGED);
            message[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        for (size_t bit = 0; bit < 8 * signature.size_bytes; bit++) {
            signature.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_code(sign_verify(key, message, sizeof message, &signature, &err), ERR_FORGED);
            signature.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_ok(sign_verify(key, message, sizeof message, &signature, &err), &err);
        signature.size_bytes--;
        assert_code(sign_verify(key, message, sizeof message, &signature, &err), ERR_FORGED);
        signature.size_bytes = 0;
        assert_code(sign_verify(key, message, sizeof message, &signature, &err), ERR_FORGED);
        signature.size_bytes = SIGN_SIZE_MAX + 1;
        assert_code(sign_verify(key, message, sizeof message, &signature, &err), ERR_FORGED);
        sign_key_free(key);
    }
}

static void a_shared_key_outlives_the_one_it_was_shared_from(void **state)
{
    (void)state;
    struct err err;
    struct signature signature;
    struct sign_key *shared = NULL;
    struct sign_key *key = key_of(SUITE_SM2_SM3);
    assert_ok(sign_bytes(key, "x", 1, &signature, &err), &err);
    assert_ok(sign_key_share(key, &shared, &err), &err);
    sign_key_free(key);
    assert_ok(sign_verify(shared, "x", 1, &signature, &err), &err);
    assert_int_equal(sign_key_suite(shared), SUITE_SM2_SM3);
    assert_true(sign_key_is_private(shared));
    sign_key_free(shared);
}

static void another_key_does_not_verify(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct signature signature;
        struct sign_key *mine = key_of(suite);
        struct sign_key *other = key_of(suite);
        struct sign_key *foreign = key_of(SUITE_COUNT - 1 - suite);
        assert_ok(sign_bytes(mine, "x", 1, &signature, &err), &err);
        assert_code(sign_verify(other, "x", 1, &signature, &err), ERR_FORGED);
        assert_code(sign_verify(foreign, "x", 1, &signature, &err), ERR_FORGED);
        sign_key_free(mine);
        sign_key_free(other);
        sign_key_free(foreign);
    }
}

static void keys_survive_their_pem(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct signature signature;
        char open[SIGN_PEM_SIZE];
        char locked[SIGN_PEM_SIZE];
        char public[SIGN_PEM_SIZE];
        struct sign_key *key = key_of(suite);
        struct sign_key *from_open = NULL;
        struct sign_key *from_locked = NULL;
        struct sign_key *from_public = NULL;
        assert_ok(sign_key_write_private(key, NULL, open, &err), &err);
        assert_ok(sign_key_write_private(key, "烽火 1234", locked, &err), &err);
        assert_ok(sign_key_write_public(key, public, &err), &err);
        assert_non_null(strstr(locked, "ENCRYPTED"));
        assert_ok(sign_key_read_private(open, NULL, &from_open, &err), &err);
        assert_ok(sign_key_read_private(locked, "烽火 1234", &from_locked, &err), &err);
        assert_ok(sign_key_read_public(public, &from_public, &err), &err);
        assert_int_equal(sign_key_suite(from_public), suite);
        assert_true(sign_key_is_private(from_locked) && !sign_key_is_private(from_public));
        assert_ok(sign_bytes(from_locked, "x", 1, &signature, &err), &err);
        assert_ok(sign_verify(from_public, "x", 1, &signature, &err), &err);
        assert_ok(sign_verify(from_open, "x", 1, &signature, &err), &err);
        assert_code(sign_bytes(from_public, "x", 1, &signature, &err), ERR_CRYPTO);
        assert_code(sign_key_write_private(from_public, NULL, open, &err), ERR_INVALID);
        struct sign_key *none = NULL;
        assert_code(sign_key_read_private(locked, "wrong", &none, &err), ERR_SYNTAX);
        assert_code(sign_key_read_private(locked, NULL, &none, &err), ERR_SYNTAX);
        assert_code(sign_key_read_private(public, NULL, &none, &err), ERR_SYNTAX);
        assert_code(sign_key_read_public(open, &none, &err), ERR_SYNTAX);
        assert_null(none);
        sign_key_free(key);
        sign_key_free(from_open);
        sign_key_free(from_locked);
        sign_key_free(from_public);
    }
}

static void foreign_curves_are_refused(void **state)
{
    (void)state;
    /* Ed25519, and a P-256 point that is not on the curve. */
    static const char *const BAD[] = {
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
        "M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n-----END PUBLIC KEY-----\n",
        "",
        "-----BEGIN PUBLIC KEY-----\n",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct err err;
        struct sign_key *key = NULL;
        assert_code(sign_key_read_public(BAD[i], &key, &err), ERR_SYNTAX);
        assert_null(key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(self_test_holds),
        cmocka_unit_test(every_changed_bit_is_refused),
        cmocka_unit_test(a_shared_key_outlives_the_one_it_was_shared_from),
        cmocka_unit_test(another_key_does_not_verify),
        cmocka_unit_test(keys_survive_their_pem),
        cmocka_unit_test(foreign_curves_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
