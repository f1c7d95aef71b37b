#include "unit/main/node_fixture.h"

#include "lib/check.h"
#include "main/node_setup.h"

#include <string.h>

void node_fixture_begin(struct node_fixture *fixture, bool top)
{
    static const struct node_card TOP = {.name = "工业和信息化部",
                                         .tier = TIER_MINISTRY,
                                         .region = "000000",
                                         .roles = {"MEO"},
                                         .role_count = 1};
    char text[2 * SHARED_PATH_SIZE];
    struct err err;
    assert_true(shared_folder(fixture->folder));
    arena_init(&fixture->arena, 16 << 20);
    int n = snprintf(
        text, sizeof text,
        "node:\n  id: %s\n  data: \"%s/data\"\napi:\n  listen: 127.0.0.1:0\nlink:\n  listen: 127.0.0.1:0\n",
        top ? "miit" : "tel-zj", fixture->folder);
    assert_ok(config_load("test", text, (size_t)n, &fixture->arena, &fixture->config, &err), &err);
    struct node_setup setup = {
        .config = &fixture->config, .top = top ? &TOP : NULL, .person = "王五", .post = "系统管理员"};
    assert_ok(node_setup(&setup, &ENV_REAL, &fixture->arena, &err), &err);
}

void node_fixture_end(struct node_fixture *fixture)
{
    arena_done(&fixture->arena);
    shared_remove(fixture->folder);
}

const char *node_fixture_path(struct node_fixture *fixture, const char *name)
{
    const char *path = arena_printf(&fixture->arena, "%s/%s", fixture->folder, name);
    assert_non_null(path);
    return path;
}

void node_fixture_act(struct node *node, const char *kind, const char *body, struct submission *out)
{
    json_t *doc = NULL;
    struct err err;
    assert_ok(doc_parse_object(body, strlen(body), &doc, &err), &err);
    *out = (struct submission){
        .kind = kind, .person = "张三", .post = "值班员", .body = doc, .expected_rev = -1};
    assert_ok(desk_submit(node->desk, out, &err), &err);
    json_decref(doc);
    out->body = NULL;
}
