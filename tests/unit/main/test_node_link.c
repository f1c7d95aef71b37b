#include "main/node_link.h"

#include "lib/check.h"
#include "main/file.h"
#include "unit/main/node_fixture.h"

#include <string.h>

static enum errc load(struct node_fixture *f, struct node_link *out, struct err *err)
{
    struct node_dir dir;
    assert_ok(node_dir_of(f->config.node_data, &f->arena, &dir, err), err);
    return node_link_load(&f->config, &dir, &ENV_REAL, out, err);
}

static void the_ministry_has_a_certificate_and_an_authority(void **state)
{
    struct node_fixture f;
    struct node_link link;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_ok(load(&f, &link, &err), &err);
    assert_string_equal(link.self.node, "miit");
    assert_non_null(link.authority);
    struct tls_setup server = node_link_tls(&link, TLS_SERVER);
    assert_ptr_equal(server.chain, link.chain);
    assert_int_equal(server.side, TLS_SERVER);
    node_link_free(&link);
    node_fixture_end(&f);
}

static void a_node_that_nobody_enrolled_has_none(void **state)
{
    struct node_fixture f;
    struct node_link link;
    struct err err;
    (void)state;
    node_fixture_begin(&f, false);
    assert_int_equal(load(&f, &link, &err), ERR_NOT_FOUND);
    assert_non_null(strstr(err.message, "enroll join"));
    node_fixture_end(&f);
}

static void the_certificate_of_another_node_is_refused(void **state)
{
    struct node_fixture f;
    struct node_link link;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    f.config.node_id = "other";
    assert_int_equal(load(&f, &link, &err), ERR_FORGED);
    node_fixture_end(&f);
}

static void a_key_that_does_not_belong_is_refused(void **state)
{
    struct node_fixture f;
    struct node_link link;
    struct sign_key *key = NULL;
    char pem[SIGN_PEM_SIZE];
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &key, &err), &err);
    assert_ok(sign_key_write_private(key, NULL, pem, &err), &err);
    sign_key_free(key);
    const char *path = config_path(&f.config, f.config.link_key, &f.arena);
    assert_ok(file_write(path, pem, FILE_REPLACE, 0600, &err), &err);
    assert_true(load(&f, &link, &err) < 0);
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ministry_has_a_certificate_and_an_authority),
        cmocka_unit_test(a_node_that_nobody_enrolled_has_none),
        cmocka_unit_test(the_certificate_of_another_node_is_refused),
        cmocka_unit_test(a_key_that_does_not_belong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
