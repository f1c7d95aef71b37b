#include "main/config.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <assert.h>
#include <string.h>

#define CONFIG_IS_REQUIRED true
#define CONFIG_IS_OPTIONAL false
/* The member's type follows from the row's type, so its name is taken from the same macros as in the struct:
 * the compiler refuses a row whose member is not there. */
#define MEMBER_ID(section, key) section##_##key
#define MEMBER_TEXT(section, key) section##_##key
#define MEMBER_PATH(section, key) section##_##key
#define MEMBER_ADDRESS(section, key) section##_##key
#define MEMBER_URL(section, key) section##_##key
#define MEMBER_CHOICE(section, key) section##_##key
#define MEMBER_BOOL(section, key) section##_##key
#define MEMBER_COUNT(section, key) section##_##key
#define MEMBER_DURATION(section, key) section##_##key##_ms
#define MEMBER_SIZE(section, key) section##_##key##_bytes

static const struct setting_row ROWS[] = {
#define SECTION(section, text)
#define SETTING(section, key, type, need, value, unit, min, max, text)                                       \
    {#section,                                                                                               \
     #key,                                                                                                   \
     SETTING_##type,                                                                                         \
     CONFIG_IS_##need,                                                                                       \
     value,                                                                                                  \
     unit,                                                                                                   \
     min,                                                                                                    \
     max,                                                                                                    \
     text,                                                                                                   \
     offsetof(struct config, MEMBER_##type(section, key))},
#include "main/settings.def"
#undef SETTING
#undef SECTION
};
enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

static const struct section {
    const char *name;
    const char *text;
} SECTIONS[] = {
#define SECTION(section, text) {#section, text},
#define SETTING(section, key, type, need, value, unit, min, max, text)
#include "main/settings.def"
#undef SETTING
#undef SECTION
};
enum { SECTION_COUNT = sizeof SECTIONS / sizeof SECTIONS[0] };

/* Every value as it was written, in the order of ROWS; NULL where the file is silent. */
struct texts {
    char *at[ROW_COUNT];
};

/* The schema is made from the rows. A section's rows stand together, so a section is a piece of texts. */
struct schema {
    cyaml_schema_field_t fields[ROW_COUNT + SECTION_COUNT]; /* of all sections, each ended by an empty row */
    cyaml_schema_field_t sections[SECTION_COUNT + 1];
    cyaml_schema_value_t top;
};

static void make_section(const struct section *section, size_t *row, cyaml_schema_field_t **field,
                         cyaml_schema_field_t *out)
{
    size_t first = *row;
    const cyaml_schema_field_t *fields = *field;
    for (; *row < ROW_COUNT && streq(ROWS[*row].section, section->name); ++*row)
        *(*field)++ = (cyaml_schema_field_t){
            .key = ROWS[*row].key,
            .data_offset = (uint32_t)((*row - first) * sizeof(char *)),
            .value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, char, 0, YAML_TEXT_MAX)},
        };
    *(*field)++ = (cyaml_schema_field_t){0};
    *out = (cyaml_schema_field_t){
        .key = section->name,
        .data_offset = (uint32_t)(first * sizeof(char *)),
        .value = {.type = CYAML_MAPPING,
                  .flags = CYAML_FLAG_OPTIONAL,
                  .data_size = (uint32_t)((*row - first) * sizeof(char *)),
                  .mapping = {.fields = fields}},
    };
}

static void make_schema(struct schema *out)
{
    size_t row = 0;
    cyaml_schema_field_t *field = out->fields;
    for (size_t i = 0; i < SECTION_COUNT; i++)
        make_section(&SECTIONS[i], &row, &field, &out->sections[i]);
    out->sections[SECTION_COUNT] = (cyaml_schema_field_t){0};
    out->top = (cyaml_schema_value_t){.type = CYAML_MAPPING,
                                      .flags = CYAML_FLAG_POINTER,
                                      .data_size = sizeof(struct texts),
                                      .mapping = {.fields = out->sections}};
}

/* Where the text came from, for messages. */
struct source {
    const char *file;
    const char *text;
    size_t size_bytes;
};

static enum errc fault(const struct source *source, const struct setting_row *row, const char *why,
                       struct err *err)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s.%s", row->section, row->key);
    return yamldoc_fault(err, source->file, source->text, source->size_bytes, path, "%s.%s %s", row->section,
                         row->key, why);
}

static enum errc set(const struct setting_row *row, const char *text, struct arena *arena,
                     struct config *config, struct err *err)
{
    int64_t number = 0;
    enum errc rc = setting_parse(row, text, &number, err);
    if (rc < 0)
        return rc;
    char *member = (char *)config + row->offset;
    if (row->type == SETTING_BOOL) {
        bool truth = number != 0;
        memcpy(member, &truth, sizeof truth);
    } else if (setting_is_number(row->type)) {
        memcpy(member, &number, sizeof number);
    } else {
        const char *copy = arena_strdup(arena, text);
        if (!copy)
            return err_set(err, ERR_NOMEM, "no memory for the settings");
        memcpy(member, &copy, sizeof copy);
    }
    return ERR_OK;
}

static enum errc set_all(const struct texts *texts, const struct source *source, struct arena *arena,
                         struct config *config, struct err *err)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct err why;
        if (!texts->at[i] && ROWS[i].required)
            return fault(source, &ROWS[i], "is required", err);
        enum errc rc = set(&ROWS[i], texts->at[i] ? texts->at[i] : ROWS[i].value, arena, config, &why);
        if (rc == ERR_INVALID)
            return fault(source, &ROWS[i], why.message, err);
        if (rc < 0)
            return err_set(err, rc, "%s", why.message);
    }
    return ERR_OK;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]", 5) == 0;
}

static const struct setting_row *find(const char *section, const char *key)
{
    size_t i = 0;
    while (!streq(ROWS[i].section, section) || !streq(ROWS[i].key, key))
        i++;
    return &ROWS[i];
}

/* What no single row can say. */
static enum errc check_together(const struct config *config, const struct source *source, struct err *err)
{
    assert(config->api_tls_certificate && config->api_tls_key); /* set_all fills every member */
    bool certificate = config->api_tls_certificate[0] != '\0';
    if (certificate != (config->api_tls_key[0] != '\0'))
        return fault(source, find("api", certificate ? "tls_key" : "tls_certificate"),
                     "is missing: certificate and key go together", err);
    if (!certificate && !is_loopback(config->api_listen))
        return fault(
            source, find("api", "listen"),
            "goes beyond this machine and has no api.tls_certificate: tokens would travel in the clear", err);
    if (config->link_retry_ms > config->link_retry_longest_ms)
        return fault(source, find("link", "retry"), "is longer than link.retry_longest", err);
    return ERR_OK;
}

enum errc config_load(const char *file, const char *text, size_t size_bytes, struct arena *arena,
                      struct config *out, struct err *err)
{
    struct schema schema;
    struct config config;
    struct source source = {file, text, size_bytes};
    void *data = NULL;
    static const struct texts NONE;
    make_schema(&schema);
    memset(&config, 0, sizeof config);
    enum errc rc = yamldoc_load(file, text, size_bytes, &schema.top, &data, err);
    if (rc < 0)
        return rc;
    rc = set_all(data ? data : &NONE, &source, arena, &config, err);
    yamldoc_free(&schema.top, data);
    if (rc == ERR_OK)
        rc = check_together(&config, &source, err);
    if (rc == ERR_OK)
        *out = config;
    return rc;
}

const char *config_path(const struct config *config, const char *path, struct arena *arena)
{
    return path[0] == '/' ? arena_strdup(arena, path) : arena_printf(arena, "%s/%s", config->node_data, path);
}

static bool has_required(const char *section)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].required && streq(ROWS[i].section, section))
            return true;
    return false;
}

static void sample_row(const struct setting_row *row, struct buf *out)
{
    buf_addf(out, "  # %s%s", row->text, row->required ? " (required)" : "");
    if (row->type == SETTING_CHOICE)
        buf_addf(out, ": %s", row->unit);
    buf_addf(out, "\n  %s%s: %s\n", row->required ? "" : "#", row->key, row->value[0] ? row->value : "\"\"");
}

void config_sample(struct buf *out)
{
    buf_adds(
        out,
        "# Settings of a node. '#key: value' is a default: take its # away, and that of its section, to\n"
        "# set it. 'fengsui check-config FILE' says what is wrong with a file.\n");
    for (size_t s = 0, i = 0; s < SECTION_COUNT; s++) {
        bool required = has_required(SECTIONS[s].name);
        buf_addf(out, "\n# %s\n%s%s:\n", SECTIONS[s].text, required ? "" : "#", SECTIONS[s].name);
        for (; i < ROW_COUNT && streq(ROWS[i].section, SECTIONS[s].name); i++)
            sample_row(&ROWS[i], out);
    }
}

static json_t *row_json(const struct setting_row *row, const struct config *config)
{
    const char *member = (const char *)config + row->offset;
    int64_t number = 0;
    bool truth = false;
    const char *text = NULL;
    if (row->type == SETTING_BOOL) {
        memcpy(&truth, member, sizeof truth);
        return json_boolean(truth);
    }
    if (setting_is_number(row->type)) {
        memcpy(&number, member, sizeof number);
        return json_integer(number);
    }
    memcpy(&text, member, sizeof text);
    return json_string(text);
}

json_t *config_json(const struct config *config)
{
    json_t *top = json_object();
    json_t *section = NULL;
    bool ok = top != NULL;
    for (size_t i = 0; ok && i < ROW_COUNT; i++) {
        const struct setting_row *row = &ROWS[i];
        const char *unit = row->type == SETTING_DURATION ? "_ms" : row->type == SETTING_SIZE ? "_bytes" : "";
        char key[64];
        (void)snprintf(key, sizeof key, "%s%s", row->key, unit);
        if (i == 0 || !streq(row->section, ROWS[i - 1].section)) {
            section = json_object();
            ok = json_object_set_new(top, row->section, section) == 0;
        }
        ok = ok && json_object_set_new(section, key, row_json(row, config)) == 0;
    }
    if (ok)
        return top;
    json_decref(top);
    return NULL;
}
