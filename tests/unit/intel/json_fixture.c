#include "unit/intel/json_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- through jansson --- */

struct walk {
    const struct field_table *table;
    field_visit_fn *visit;
    void *context;
};

static void visit_value(const struct walk *walk, const json_t *value, const char *path, const char *shown,
                        int depth);

static void visit_object(const struct walk *walk, const json_t *object, const char *path, const char *shown,
                         int depth)
{
    for (void *at = json_object_iter((json_t *)(uintptr_t)object); at;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        char deeper[JSON_READ_PATH_MAX + 1];
        char deeper_shown[2 * JSON_READ_PATH_MAX];
        const char *key = json_object_iter_key(at);
        const char *dot = path[0] ? "." : "";
        if (strlen(path) + strlen(key) + strlen(dot) > JSON_READ_PATH_MAX)
            continue;
        (void)snprintf(deeper, sizeof deeper, "%s%s%s", path, dot, key);
        (void)snprintf(deeper_shown, sizeof deeper_shown, "%s%s%s", shown, dot, key);
        visit_value(walk, json_object_iter_value(at), deeper, deeper_shown, depth);
    }
}

static void visit_array(const struct walk *walk, const json_t *array, const char *path, const char *shown,
                        int depth)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        char deeper_shown[2 * JSON_READ_PATH_MAX];
        (void)snprintf(deeper_shown, sizeof deeper_shown, "%s[%zu]", shown, i);
        visit_value(walk, json_array_get(array, i), path, deeper_shown, depth);
    }
}

static void visit_value(const struct walk *walk, const json_t *value, const char *path, const char *shown,
                        int depth)
{
    if (json_is_object(value) || json_is_array(value)) {
        if (depth == JSON_READ_DEPTH_MAX)
            return;
        if (json_is_object(value))
            visit_object(walk, value, path, shown, depth + 1);
        else
            visit_array(walk, value, path, shown, depth + 1);
        return;
    }
    const struct field_rule *rule = field_find(walk->table, (struct str){path, strlen(path)});
    if (!rule)
        return;
    char number[32];
    struct str text = {json_string_value(value), json_string_length(value)};
    if (!text.p) {
        if (rule->type != FIELD_PORT || !json_is_integer(value))
            return;
        text.n = (size_t)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text.p = number;
    }
    struct field field = {{shown, strlen(shown)}, text, rule, NULL};
    walk->visit(walk->context, &field);
}

bool json_fixture_read(const struct field_table *table, struct str record, field_visit_fn *visit,
                       void *context)
{
    json_t *doc = json_loadb(record.p, record.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!doc)
        return false;
    struct walk walk = {table, visit, context};
    visit_value(&walk, doc, "", "", 0);
    json_decref(doc);
    return true;
}

/* --- random records --- */

static uint32_t choose(struct json_random *r, uint32_t below)
{
    r->seed ^= r->seed << 13;
    r->seed ^= r->seed >> 7;
    r->seed ^= r->seed << 17;
    return (uint32_t)(r->seed >> 11) % below;
}

static void put(struct json_random *r, const char *text)
{
    size_t n = strlen(text);
    if (r->size + n >= sizeof r->text)
        abort();
    memcpy(r->text + r->size, text, n + 1);
    r->size += n;
}

static void blank(struct json_random *r, bool pretty)
{
    static const char *const BLANKS[] = {" ", "  ", "\t", "\n", "\r\n "};
    uint32_t which = choose(r, pretty ? 5 : 24);
    if (which < (pretty ? 5u : 3u))
        put(r, BLANKS[which]);
}

/* Letters as they are, or as escapes that mean the same. */
static void put_text(struct json_random *r, const char *text)
{
    for (; *text; text++) {
        char one[8] = {*text, '\0'};
        bool must = *text == '"' || *text == '\\';
        if (choose(r, 40) == 0)
            (void)snprintf(one, sizeof one, "\\u%04X", (unsigned char)*text);
        else if (must || (*text == '/' && choose(r, 3) == 0))
            (void)snprintf(one, sizeof one, "\\%c", *text);
        put(r, one);
    }
}

static void put_string(struct json_random *r, const char *text)
{
    put(r, "\"");
    put_text(r, text);
    put(r, "\"");
}

static const char *const KEYS[] = {
    "rrname",     "rdata",
    "sni",        "hostname",
    "url",        "src_ip",
    "dest_ip",    "src_port",
    "host",       "query",
    "answers",    "md5",
    "id.orig_h",  "dns",
    "http",       "tls",
    "grouped",    "A",
    "CNAME",      "x",
    "",           "name",
    "a.rrname",   "to",
    "cc",         "subject",
    "message",    "dest_port",
    "uri",        "rrnames",
    "\"",         "a\\b",
    "event_type", "sha256",
    "hash",       "ja3",
    "arrname",    "longer_than_hostname",
    "path",
};

static const char *const VALUES[] = {
    "evil.example",
    "a.b.evil.example",
    "192.0.2.1",
    "10.1.2.3",
    "2001:db8::1",
    "",
    ":foo",
    "\":\"rrname\":\"",
    "http://evil.example/a/b",
    "/a/b?c=d",
    "a\\\"b",
    "\\",
    "x\"",
    "d41d8cd98f00b204e9800998ecf8427e",
    "rrname",
    ":",
    "{\"rrname\":\"evil.example\"}",
    "\"rrname\":",
    "+8613800138000",
    "CN=evil.example",
    "[",
    "]",
    "a@evil.example",
    "a name that is much longer than any window of sixty-four bytes in which somebody looks.evil.example",
};

static void put_value(struct json_random *r, bool pretty, int depth);

static void put_members(struct json_random *r, bool pretty, int depth)
{
    bool used[sizeof KEYS / sizeof KEYS[0]] = {false};
    uint32_t count = choose(r, 6);
    bool first = true;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t key = choose(r, sizeof KEYS / sizeof KEYS[0]);
        if (used[key])
            continue;
        used[key] = true;
        if (!first)
            put(r, ",");
        first = false;
        blank(r, pretty);
        put_string(r, KEYS[key]);
        blank(r, pretty);
        put(r, ":");
        blank(r, pretty);
        put_value(r, pretty, depth + 1);
        blank(r, pretty);
    }
}

static void put_value(struct json_random *r, bool pretty, int depth)
{
    static const char *const OTHERS[] = {"1", "443", "-1.5e3", "true", "false", "null", "65536"};
    uint32_t which = choose(r, depth > 5 ? 8 : 12);
    if (which < 6) {
        put_string(r, VALUES[choose(r, sizeof VALUES / sizeof VALUES[0])]);
    } else if (which < 8) {
        put(r, OTHERS[choose(r, sizeof OTHERS / sizeof OTHERS[0])]);
    } else if (which < 10) {
        put(r, "{");
        blank(r, pretty);
        put_members(r, pretty, depth);
        put(r, "}");
    } else {
        put(r, "[");
        uint32_t count = choose(r, 4);
        for (uint32_t i = 0; i < count; i++) {
            if (i > 0)
                put(r, ",");
            blank(r, pretty);
            put_value(r, pretty, depth + 1);
            blank(r, pretty);
        }
        put(r, "]");
    }
}

void json_random_record(struct json_random *random, bool pretty)
{
    random->size = 0;
    put(random, "{");
    put_members(random, pretty, 0);
    blank(random, pretty);
    put(random, "}");
}
