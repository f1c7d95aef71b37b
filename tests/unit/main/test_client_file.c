#include "main/client_file.h"

#include "desk/access.h"
#include "lib/check.h"
#include "main/file.h"
#include "unit/main/node_fixture.h"

#include <string.h>

static void the_token_in_the_file_is_an_operators(void **state)
{
    struct node_fixture f;
    struct node node;
    struct client_file made;
    struct client_file read;
    struct token token;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_ok(client_file_make(&f.config, &ENV_REAL, "王五", "系统管理员", &f.arena, &made, &err), &err);
    assert_ok(client_file_read(node_fixture_path(&f, "data/client.yaml"), &f.arena, &read, &err), &err);
    assert_string_equal(read.token, made.token);
    assert_string_equal(read.url, "http://127.0.0.1:0");
    assert_ok(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), &err);
    assert_ok(access_check(node.store, read.token, "", env_now_ms(&ENV_REAL), &f.arena, &token, &err), &err);
    assert_string_equal(token.role, "operator");
    assert_string_equal(token.person, "王五");
    node_close(&node);
    node_fixture_end(&f);
}

static void a_file_of_another_form_is_refused(void **state)
{
    struct node_fixture f;
    struct client_file read;
    struct err err;
    (void)state;
    node_fixture_begin(&f, false);
    const char *path = node_fixture_path(&f, "c.yaml");
    static const char *const BAD[] = {"", "url: x\n", "url: x\ntoken: y\nmore: z\n", "[1]"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_ok(file_write(path, BAD[i], FILE_REPLACE, 0600, &err), &err);
        assert_code(client_file_read(path, &f.arena, &read, &err), ERR_SYNTAX);
    }
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_in_the_file_is_an_operators),
        cmocka_unit_test(a_file_of_another_form_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
