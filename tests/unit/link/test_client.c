#include "lib/check.h"
#include "lib/http/serving.h"
#include "lib/toy_pki.h"
#include "link/client.h"

#include <stdio.h>
#include <string.h>

static struct toy_pki *PKI;
static struct serving *SERVING;
static struct ssl_ctx_st *CTX;
static struct tls_setup SERVER;
static struct tls_setup CALLER;
static struct client *CLIENT;
static struct buf REPLY;

static struct tls_setup side(enum tls_side which, enum toy_node node)
{
    return (struct tls_setup){.side = which,
                              .peer = TLS_PEER_MUST,
                              .chain = PKI->chains[node],
                              .key = PKI->keys[node],
                              .root = PKI->root};
}

static int set_up(void **state)
{
    struct err err;
    int64_t now_ms = ENV_REAL.now_ms(NULL);
    struct pki_validity validity = {now_ms - 60000, now_ms + 86400000};
    (void)state;
    PKI = toy_pki_new(SUITE_SM2_SM3, &validity);
    SERVER = side(TLS_SERVER, TOY_PROVINCE);
    CALLER = side(TLS_CLIENT, TOY_ENTERPRISE);
    assert_ok(tls_open(&SERVER, &CTX, &err), &err);
    SERVING = serving_start(NULL, CTX);
    assert_ok(client_new(&CALLER, &CLIENT, &err), &err);
    buf_init(&REPLY, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_free(CLIENT);
    serving_stop(SERVING);
    tls_close(CTX);
    toy_pki_free(PKI);
    buf_done(&REPLY);
    return 0;
}

static enum errc post_to(const char *node, const char *path, const char *body, struct err *err)
{
    char url[100];
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", serving_port(SERVING));
    struct client_post post = {url, path, node, body, strlen(body), 5000};
    return client_post(CLIENT, &post, &REPLY, err);
}

static void a_node_is_called_by_its_name_at_its_address(void **state)
{
    (void)state;
    struct err err;
    assert_ok(post_to("pca-330000", "/echo", "烽火", &err), &err);
    assert_string_equal(REPLY.data, "烽火");
    assert_ok(post_to("pca-330000", "/echo", "again", &err), &err);
    assert_string_equal(REPLY.data, "again");
}

static void another_node_at_that_address_is_not_talked_to(void **state)
{
    (void)state;
    struct err err;
    assert_code(post_to("miit", "/echo", "secret", &err), ERR_AUTH);
    assert_code(post_to("pca-320000", "/echo", "secret", &err), ERR_AUTH);
}

static void strangers_fail_in_both_directions(void **state)
{
    (void)state;
    struct err err;
    struct client *stranger = NULL;
    int64_t now_ms = ENV_REAL.now_ms(NULL);
    struct pki_validity validity = {now_ms - 60000, now_ms + 86400000};
    struct toy_pki *own = PKI;
    struct toy_pki *other = toy_pki_new(SUITE_P256_SHA256, &validity);
    struct client *kept = CLIENT;
    PKI = other;
    struct tls_setup setup = side(TLS_CLIENT, TOY_ENTERPRISE);
    assert_ok(client_new(&setup, &stranger, &err), &err);
    CLIENT = stranger;
    assert_code(post_to("pca-330000", "/echo", "x", &err), ERR_AUTH); /* it does not believe the server */
    setup.root = own->root;
    assert_true(post_to("pca-330000", "/echo", "x", &err) < 0); /* the server does not believe it */
    CLIENT = kept;
    PKI = own;
    client_free(stranger);
    toy_pki_free(other);
}

static void refusals_are_told_in_the_others_words(void **state)
{
    (void)state;
    struct err err;
    assert_code(post_to("pca-330000", "/nowhere", "x", &err), ERR_PERMISSION);
    assert_non_null(strstr(err.message, "404"));
    assert_non_null(strstr(err.message, "there is nothing at this path"));
}

static void what_is_too_much_or_nobody_is_told_apart(void **state)
{
    (void)state;
    struct err err;
    struct buf small;
    char url[100];
    buf_init(&small, 3);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", serving_port(SERVING));
    struct client_post post = {url, "/echo", "pca-330000", "four", 4, 5000};
    assert_code(client_post(CLIENT, &post, &small, &err), ERR_LIMIT);
    post.url = "https://127.0.0.1:1";
    assert_code(client_post(CLIENT, &post, &REPLY, &err), ERR_IO);
    post.url = url;
    post.path = "/held";
    post.body_bytes = 0;
    post.timeout_ms = 200;
    assert_code(client_post(CLIENT, &post, &REPLY, &err), ERR_TIMEOUT);
    serving_release(SERVING);
    buf_done(&small);
}

static void only_plain_addresses_of_nodes_are_called(void **state)
{
    (void)state;
    static const char *const BAD[] = {"http://127.0.0.1:1", "https://127.0.0.1:1/path", "ftp://h", "",
                                      "https://",           "file:///etc/passwd"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct err err;
        struct client_post post = {BAD[i], "/echo", "pca-330000", "x", 1, 1000};
        assert_code(client_post(CLIENT, &post, &REPLY, &err), ERR_INVALID);
        assert_string_equal(err.field, "url");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_node_is_called_by_its_name_at_its_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_node_at_that_address_is_not_talked_to, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strangers_fail_in_both_directions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_are_told_in_the_others_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_much_or_nobody_is_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_plain_addresses_of_nodes_are_called, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
