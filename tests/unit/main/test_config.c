#include "main/config.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/shared.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct arena arena;
    struct config config;
    struct err err;
};

static enum errc load(struct fixture *f, const char *text)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena, 1 << 20);
    return config_load("a.yaml", text, strlen(text), &f->arena, &f->config, &f->err);
}

static void what_is_silent_has_its_default(void **state)
{
    (void)state;
    struct fixture f;
    assert_ok(load(&f, "node:\n  id: pca-330000\n"), &f.err);
    assert_string_equal(f.config.node_id, "pca-330000");
    assert_string_equal(f.config.node_data, "/var/lib/fengsui");
    assert_string_equal(f.config.api_tls_key, "");
    assert_true(f.config.universes_drills);
    assert_true(f.config.limits_request_body_bytes == 1 << 20);
    assert_true(f.config.link_retry_longest_ms == 300000);
    assert_string_equal(config_path(&f.config, f.config.link_key, &f.arena),
                        "/var/lib/fengsui/link/node.key");
    assert_string_equal(config_path(&f.config, "/etc/k", &f.arena), "/etc/k");
    arena_done(&f.arena);
}

static void what_is_written_holds(void **state)
{
    (void)state;
    struct fixture f;
    assert_ok(load(&f, "limits: {idle: 5 s, readers: 2, request_body: 2 MiB}\n"
                       "universes:\n  drills: false\n"
                       "node:\n  data: \"数据\"\n  id: a\n"
                       "api: {listen: '[::1]:0'}\n"),
              &f.err);
    assert_true(f.config.limits_idle_ms == 5000);
    assert_true(f.config.limits_readers == 2);
    assert_true(f.config.limits_request_body_bytes == 2 << 20);
    assert_false(f.config.universes_drills);
    assert_string_equal(f.config.node_data, "数据");
    assert_string_equal(f.config.api_listen, "[::1]:0");
    arena_done(&f.arena);
}

static void refuses(const char *text, int line, const char *field, const char *why)
{
    struct fixture f;
    enum errc rc = load(&f, text);
    if (rc != ERR_INVALID && rc != ERR_SYNTAX)
        fail_msg("taken: %s", text);
    if (f.err.line != line || strcmp(f.err.field, field) != 0 || !strstr(f.err.message, why))
        fail_msg("line %d, field '%s', '%s' for: %s", f.err.line, f.err.field, f.err.message, text);
    assert_null(f.config.node_id);
    arena_done(&f.arena);
}

static void what_is_wrong_is_named_with_file_line_and_setting(void **state)
{
    (void)state;
    refuses("node: {id: a}\nlimts: {}\n", 2, "limts", "a.yaml:2: ");
    refuses("node:\n  id: a\n\n  dta: x\n", 4, "node.dta", "a.yaml:4: ");
    refuses("node:\n  id: a\n  id: b\n", 3, "node.id", "a.yaml:3: ");
    refuses("node: {id: a}\nlimits:\n  readers: 2\n  idle: 60\n", 4, "limits.idle",
            "a.yaml:4: limits.idle takes a whole number and one of ms, s, min, h, d, not '60'");
    refuses("node: {id: a}\nlimits:\n  readers: -4\n", 3, "limits.readers", "takes 1 to 256, not '-4'");
    refuses("node: {id: a}\nlimits:\n  readers: 18446744073709551612\n", 3, "limits.readers",
            "takes 1 to 256");
    refuses("node:\n  id: A\n", 2, "node.id", "small letters");
    refuses("node:\n  data: /x\n", 1, "node.id", "node.id is required");
    refuses("node:\n  id:\n", 2, "node.id", "must not be empty");
    refuses("node: {id: a}\nlog:\n  level: [info]\n", 3, "log.level", "a.yaml:3: ");
    refuses("node: {id: a}\nlog: info\n", 2, "log", "a.yaml:2: ");
    refuses("node:\n  id: \"a\n", 3, "node.id", "a.yaml:3: ");
    refuses("node: &n {id: a}\nlog: *n\n", 2, "log", "a.yaml:2: ");
}

static void settings_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    refuses("node: {id: a}\napi:\n  listen: 0.0.0.0:80\n", 3, "api.listen", "in the clear");
    refuses("node: {id: a}\napi:\n  tls_certificate: c\n", 2, "api.tls_key", "go together");
    refuses("node: {id: a}\napi:\n  tls_key: k\n", 2, "api.tls_certificate", "go together");
    refuses("node: {id: a}\nlink:\n  retry: 10 s\n  retry_longest: 9 s\n", 3, "link.retry", "longer than");
    struct fixture f;
    assert_ok(load(&f, "node: {id: a}\napi: {listen: 0.0.0.0:80, tls_certificate: c, tls_key: k}\n"), &f.err);
    arena_done(&f.arena);
}

static void an_empty_file_lacks_what_is_required(void **state)
{
    (void)state;
    struct fixture f;
    enum errc rc = load(&f, "");
    assert_true(rc == ERR_INVALID || rc == ERR_SYNTAX);
    arena_done(&f.arena);
    assert_code(load(&f, "# nothing\n"), rc);
    arena_done(&f.arena);
}

static void memory_is_limited(void **state)
{
    (void)state;
    struct arena arena;
    struct config config;
    struct err err;
    arena_init(&arena, 64);
    assert_code(config_load("a.yaml", "node: {id: a}", 13, &arena, &config, &err), ERR_NOMEM);
    arena_done(&arena);
}

/* Takes the # off every line that holds a setting or a section: no space follows it. */
static char *uncomment(const char *sample)
{
    char *text = strdup(sample);
    assert_non_null(text);
    char *to = text;
    bool indent = true;
    for (const char *from = sample; *from; from++) {
        bool mark = indent && *from == '#' && from[1] != ' ';
        indent = *from == '\n' || (indent && *from == ' ');
        if (!mark)
            *to++ = *from;
    }
    *to = '\0';
    return text;
}

static void the_sample_is_taken_as_it_is_and_says_the_defaults(void **state)
{
    (void)state;
    struct buf sample;
    struct fixture f;
    struct fixture g;
    buf_init(&sample, 1 << 16);
    config_sample(&sample);
    assert_ok(load(&f, sample.data), &f.err);
    char *all = uncomment(sample.data);
    assert_ok(load(&g, all), &g.err);
    json_t *defaults = config_json(&f.config);
    json_t *written = config_json(&g.config);
    assert_true(json_equal(defaults, written));
    assert_int_equal(json_integer_value(json_object_get(json_object_get(written, "limits"), "idle_ms")),
                     60000);
    /* Every setting stands in the uncommented sample. */
    const char *section;
    json_t *settings;
    size_t count = 0;
    json_object_foreach(written, section, settings)
    {
        count += json_object_size(settings);
    }
    size_t lines = 0;
    for (const char *p = all; (p = strstr(p, "\n  ")) != NULL; p++)
        lines += p[3] != '#';
    assert_int_equal(lines, count);
    json_decref(defaults);
    json_decref(written);
    free(all);
    arena_done(&f.arena);
    arena_done(&g.arena);
    buf_done(&sample);
}

static void the_packaged_sample_is_in_step(void **state)
{
    (void)state;
    struct buf sample;
    size_t size = 0;
    buf_init(&sample, 1 << 16);
    config_sample(&sample);
    char *kept = shared_read("packaging/fengsui.yaml", &size);
    assert_non_null(kept);
    if (strcmp(kept, sample.data) != 0)
        fail_msg("packaging/fengsui.yaml is stale: build/fengsui sample-config > packaging/fengsui.yaml");
    free(kept);
    buf_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_silent_has_its_default),
        cmocka_unit_test(what_is_written_holds),
        cmocka_unit_test(what_is_wrong_is_named_with_file_line_and_setting),
        cmocka_unit_test(settings_that_contradict_each_other_are_refused),
        cmocka_unit_test(an_empty_file_lacks_what_is_required),
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(the_sample_is_taken_as_it_is_and_says_the_defaults),
        cmocka_unit_test(the_packaged_sample_is_in_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
