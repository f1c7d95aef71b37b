#include "desk/access.h"

#include "lib/check.h"
#include "lib/world.h"

#include <string.h>

struct fixture {
    struct world world;
    struct arena arena;
    struct err err;
};

static int setup(void **state)
{
    static struct fixture f;
    world_open(&f.world);
    world_people(&f.world);
    arena_init(&f.arena, 1 << 20);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_done(&f->arena);
    world_close(&f->world);
    return 0;
}

static struct access_made make(struct fixture *f, const char *role, int64_t expires_ms)
{
    struct access_request request = {
        .role = role, .person = "张三", .post = "值班员", .expires_ms = expires_ms, .address = "127.0.0.1"};
    struct access_made made;
    assert_ok(access_create(world_node(&f->world, "miit")->desk, &request, &made, &f->err), &f->err);
    return made;
}

static enum errc check(struct fixture *f, const char *text, struct token *token,
                       const struct access_role **role)
{
    enum errc rc = access_check(world_node(&f->world, "miit")->store, text, "127.0.0.1", f->world.now_ms,
                                &f->arena, token, &f->err);
    *role = rc == ERR_OK ? access_role(token->role) : NULL;
    return rc;
}

static void a_token_opens_what_its_role_permits(void **state)
{
    struct fixture *f = *state;
    struct token token;
    const struct access_role *role = NULL;
    for (size_t i = 0; access_role_at(i); i++) {
        struct access_made made = make(f, access_role_at(i)->name, 0);
        assert_ok(check(f, made.text, &token, &role), &f->err);
        assert_ptr_equal(role, access_role_at(i));
        assert_true(role->permits & ACCESS_READ);
        assert_string_equal(token.id, made.id);
        assert_string_equal(token.person, "张三");
    }
    assert_false(access_role("viewer")->permits & ACCESS_ACT);
    assert_false(access_role("operator")->permits & ACCESS_ACT);
}

static void unknown_expired_and_revoked_tokens_open_nothing(void **state)
{
    struct fixture *f = *state;
    struct token token;
    const struct access_role *role = NULL;
    struct access_made made = make(f, "officer", f->world.now_ms + 1000);
    assert_ok(check(f, made.text, &token, &role), &f->err);
    f->world.now_ms += 1000;
    assert_code(check(f, made.text, &token, &role), ERR_AUTH);
    made = make(f, "officer", 0);
    assert_ok(access_revoke(world_node(&f->world, "miit")->desk, made.id, &f->err), &f->err);
    assert_code(check(f, made.text, &token, &role), ERR_AUTH);
    assert_code(access_revoke(world_node(&f->world, "miit")->desk, made.id, &f->err), ERR_NOT_FOUND);
    made.text[10] = made.text[10] == '0' ? '1' : '0';
    assert_code(check(f, made.text, &token, &role), ERR_AUTH);
    assert_code(check(f, "", &token, &role), ERR_AUTH);
    assert_code(check(f, "fst_", &token, &role), ERR_AUTH);
}

static void a_bound_token_is_good_from_its_address_alone(void **state)
{
    struct fixture *f = *state;
    struct store *store = world_node(&f->world, "miit")->store;
    static const char *const ELSEWHERE[] = {"127.0.0.2", "::1", "", "127.0.0.1 "};
    struct token token;
    const struct access_role *role = NULL;
    struct access_made made = make(f, "wall", 0);
    assert_ok(check(f, made.text, &token, &role), &f->err);
    assert_int_equal(role->permits, ACCESS_READ);
    for (size_t i = 0; i < sizeof ELSEWHERE / sizeof ELSEWHERE[0]; i++)
        assert_code(access_check(store, made.text, ELSEWHERE[i], f->world.now_ms, &f->arena, &token, &f->err),
                    ERR_AUTH);
}

static void a_request_is_checked_field_by_field(void **state)
{
    struct fixture *f = *state;
    struct desk *desk = world_node(&f->world, "miit")->desk;
    struct access_made made;
    struct access_request request = {.role = "king", .person = "张三", .post = "值班员"};
    assert_code(access_create(desk, &request, &made, &f->err), ERR_INVALID);
    assert_string_equal(f->err.field, "role");
    request.role = "viewer";
    request.person = "";
    assert_code(access_create(desk, &request, &made, &f->err), ERR_INVALID);
    assert_string_equal(f->err.field, "person");
    request.person = "\xff";
    assert_code(access_create(desk, &request, &made, &f->err), ERR_INVALID);
    request.person = "张三";
    request.role = "wall";
    assert_code(access_create(desk, &request, &made, &f->err), ERR_INVALID);
    assert_string_equal(f->err.field, "address");
    request.role = "viewer";
    request.post = NULL;
    assert_code(access_create(desk, &request, &made, &f->err), ERR_INVALID);
    assert_string_equal(f->err.field, "post");
    request.post = "值班员";
    request.expires_ms = f->world.now_ms;
    assert_code(access_create(desk, &request, &made, &f->err), ERR_INVALID);
    assert_string_equal(f->err.field, "expires");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_opens_what_its_role_permits),
        cmocka_unit_test(unknown_expired_and_revoked_tokens_open_nothing),
        cmocka_unit_test(a_bound_token_is_good_from_its_address_alone),
        cmocka_unit_test(a_request_is_checked_field_by_field),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
