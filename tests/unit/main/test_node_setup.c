#include "main/node_setup.h"

#include "lib/check.h"
#include "unit/main/node_fixture.h"

#include <stdlib.h>
#include <string.h>

static void a_node_is_made_once(void **state)
{
    struct node_fixture f;
    struct err err;
    (void)state;
    node_fixture_begin(&f, false);
    struct node_setup again = {.config = &f.config, .person = "x", .post = "x"};
    assert_code(node_setup(&again, &ENV_REAL, &f.arena, &err), ERR_CONFLICT);
    node_fixture_end(&f);
}

static void a_ledger_may_be_signed_with_sm2(void **state)
{
    struct node_fixture f;
    struct node node;
    struct err err;
    struct pki_identity who;
    size_t size = 0;
    struct node_card top = {
        .name = "部", .tier = TIER_MINISTRY, .region = "000000", .roles = {"MEO"}, .role_count = 1};
    (void)state;
    node_fixture_begin(&f, true);
    f.config.node_data = node_fixture_path(&f, "sm2");
    struct node_setup setup = {
        .config = &f.config, .suite = SUITE_SM2_SM3, .top = &top, .person = "王五", .post = "系统管理员"};
    assert_ok(node_setup(&setup, &ENV_REAL, &f.arena, &err), &err);
    assert_ok(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), &err);
    assert_string_equal(desk_self(node.desk)->suite, "sm2-sm3");
    node_close(&node);
    char *chain = shared_read(node_fixture_path(&f, "sm2/link/node.crt"), &size);
    char *root = shared_read(node_fixture_path(&f, "sm2/link/authority.crt"), &size);
    assert_ok(pki_verify(chain, root, env_now_ms(&ENV_REAL), &who, &err), &err);
    assert_string_equal(who.node, "miit");
    free(chain);
    free(root);
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_is_made_once),
        cmocka_unit_test(a_ledger_may_be_signed_with_sm2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
