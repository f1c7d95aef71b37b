#include "domain/catalogue.h"

#include "base/str.h"

#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

enum { STATES_MAX = 32, LIST_MAX = 64, TYPES_MAX = 64 };

struct catalogue {
    struct subject_row *rows[TYPES_MAX];
    size_t count;
};

static const cyaml_strval_t TYPE_NAMES[] = {
    {"text", FIELD_TEXT},     {"int", FIELD_INT},         {"bool", FIELD_BOOL},       {"time", FIELD_TIME},
    {"date", FIELD_DATE},     {"region", FIELD_REGION},   {"regions", FIELD_REGIONS}, {"level", FIELD_LEVEL},
    {"colour", FIELD_COLOUR}, {"enum", FIELD_ENUM},       {"enums", FIELD_ENUMS},     {"node", FIELD_NODE},
    {"nodes", FIELD_NODES},   {"subject", FIELD_SUBJECT}, {"hash", FIELD_HASH},       {"facts", FIELD_FACTS},
    {"texts", FIELD_TEXTS},   {"figures", FIELD_FIGURES}, {"object", FIELD_OBJECT},
};
static const cyaml_strval_t BY_NAMES[] = {
    {"anyone", BY_ANYONE},     {"owner", BY_OWNER},     {"party", BY_PARTY},   {"addressee", BY_ADDRESSEE},
    {"assignee", BY_ASSIGNEE}, {"offered", BY_OFFERED}, {"system", BY_SYSTEM},
};
static const cyaml_strval_t FOLD_NAMES[] = {
    {"merge", FOLD_MERGE},   {"append", FOLD_APPEND},   {"none", FOLD_NONE},       {"offer", FOLD_OFFER},
    {"accept", FOLD_ACCEPT}, {"decline", FOLD_DECLINE}, {"release", FOLD_RELEASE},
};

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, 4000)
#define TEXT_OPTIONAL(key, type, member)                                                                     \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, 4000)
#define BOOL_OPTIONAL(key, type, member) CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, type, member)
#define ENUM_OF(key, flags, type, member, names)                                                             \
    CYAML_FIELD_ENUM(key, flags, type, member, names, CYAML_ARRAY_LEN(names))
#define LIST_OPTIONAL(key, type, member, schema)                                                             \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, schema, 0, LIST_MAX)

static const cyaml_schema_value_t NAME_VALUE = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 200),
};

static const cyaml_schema_field_t FIELD_FIELDS[] = {
    TEXT("name", struct field_row, name),
    ENUM_OF("type", CYAML_FLAG_DEFAULT, struct field_row, type, TYPE_NAMES),
    BOOL_OPTIONAL("required", struct field_row, required),
    BOOL_OPTIONAL("secret", struct field_row, secret),
    CYAML_FIELD_INT("min", CYAML_FLAG_OPTIONAL, struct field_row, min),
    CYAML_FIELD_INT("max", CYAML_FLAG_OPTIONAL, struct field_row, max),
    TEXT_OPTIONAL("clause", struct field_row, clause),
    TEXT("zh", struct field_row, zh),
    TEXT("en", struct field_row, en),
    TEXT_OPTIONAL("of", struct field_row, of),
    LIST_OPTIONAL("values", struct field_row, values, &NAME_VALUE),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t FIELD_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct field_row, FIELD_FIELDS),
};

static const cyaml_schema_field_t UNDER_FIELDS[] = {
    TEXT("parent", struct power_under, parent),
    TEXT("power", struct power_under, power),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t UNDER_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct power_under, UNDER_FIELDS),
};

static const cyaml_schema_field_t ACT_FIELDS[] = {
    TEXT("kind", struct act_row, kind),
    TEXT("zh", struct act_row, zh),
    TEXT("en", struct act_row, en),
    BOOL_OPTIONAL("creates", struct act_row, creates),
    LIST_OPTIONAL("from", struct act_row, from, &NAME_VALUE),
    TEXT_OPTIONAL("to", struct act_row, to),
    TEXT_OPTIONAL("parent_to", struct act_row, parent_to),
    ENUM_OF("by", CYAML_FLAG_DEFAULT, struct act_row, by, BY_NAMES),
    TEXT_OPTIONAL("power", struct act_row, power),
    LIST_OPTIONAL("power_under", struct act_row, power_under, &UNDER_VALUE),
    TEXT_OPTIONAL("clause", struct act_row, clause),
    ENUM_OF("fold", CYAML_FLAG_OPTIONAL, struct act_row, fold, FOLD_NAMES),
    TEXT_OPTIONAL("list", struct act_row, list),
    LIST_OPTIONAL("route", struct act_row, route, &NAME_VALUE),
    LIST_OPTIONAL("guards", struct act_row, guards, &NAME_VALUE),
    LIST_OPTIONAL("follow", struct act_row, follow, &NAME_VALUE),
    TEXT_OPTIONAL("cascade", struct act_row, cascade),
    BOOL_OPTIONAL("free", struct act_row, free),
    TEXT_OPTIONAL("expand", struct act_row, expand),
    LIST_OPTIONAL("fields", struct act_row, fields, &FIELD_VALUE),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t ACT_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct act_row, ACT_FIELDS),
};

static const cyaml_schema_field_t STATE_FIELDS[] = {
    TEXT("name", struct state_row, name),
    TEXT("zh", struct state_row, zh),
    TEXT("en", struct state_row, en),
    BOOL_OPTIONAL("initial", struct state_row, initial),
    BOOL_OPTIONAL("final", struct state_row, final),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t STATE_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct state_row, STATE_FIELDS),
};

static const cyaml_schema_field_t SUBJECT_FIELDS[] = {
    TEXT("subject", struct subject_row, subject),
    TEXT("zh", struct subject_row, zh),
    TEXT("en", struct subject_row, en),
    TEXT_OPTIONAL("parent", struct subject_row, parent),
    LIST_OPTIONAL("states", struct subject_row, states, &STATE_VALUE),
    CYAML_FIELD_SEQUENCE("acts", CYAML_FLAG_POINTER, struct subject_row, acts, &ACT_VALUE, 1, LIST_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t SUBJECT_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct subject_row, SUBJECT_FIELDS),
};

/* libcyaml tells line and key only through its log: the first message and its "line:" are kept. */
struct story {
    char text[300];
    int line;
};

static void listen(cyaml_log_t level, void *context, const char *fmt, va_list args) PRINTF_LIKE(3, 0);

static void listen(cyaml_log_t level, void *context, const char *fmt, va_list args)
{
    struct story *story = context;
    char text[300];
    if (level < CYAML_LOG_ERROR)
        return;
    (void)vsnprintf(text, sizeof text, fmt, args);
    const char *at = strstr(text, "line: ");
    if (at && story->line == 0)
        story->line = (int)strtol(at + strlen("line: "), NULL, 10);
    const char *said = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
    if (story->text[0] == '\0')
        (void)snprintf(story->text, sizeof story->text, "%.*s", (int)strcspn(said, "\n"), said);
}

static const cyaml_config_t *config(struct story *story, cyaml_config_t *out)
{
    *out = (cyaml_config_t){
        .log_fn = listen,
        .log_ctx = story,
        .mem_fn = cyaml_mem,
        .log_level = CYAML_LOG_ERROR,
        .flags = CYAML_CFG_DEFAULT,
    };
    return out;
}

static void free_row(struct subject_row *row)
{
    cyaml_config_t quiet;
    struct story story = {0};
    (void)cyaml_free(config(&story, &quiet), &SUBJECT_VALUE, row, 0);
}

static bool listed(const char *const *names, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (streq(names[i], name))
            return true;
    return false;
}

static bool leaves(const struct act_row *act, const struct state_row *state)
{
    if (act->from_count > 0)
        return listed(act->from, act->from_count, state->name);
    return !act->creates && !act->free && !state->final;
}

/* Acts of children move their parent too: marks the states they lead to. */
static void mark_by_children(const struct catalogue *cat, const struct subject_row *row, bool *seen)
{
    for (size_t c = 0; c < cat->count; c++) {
        const struct subject_row *child = cat->rows[c];
        for (uint32_t a = 0; streq(child->parent, row->subject) && a < child->acts_count; a++)
            for (uint32_t i = 0; i < row->states_count; i++)
                seen[i] |= streq(child->acts[a].parent_to, row->states[i].name);
    }
}

/* The first state that cannot be reached from the initial one; NULL when there is none. */
static const struct state_row *unreachable(const struct catalogue *cat, const struct subject_row *row)
{
    bool seen[STATES_MAX] = {false};
    mark_by_children(cat, row, seen);
    for (uint32_t i = 0; i < row->states_count; i++)
        seen[i] |= row->states[i].initial;
    for (uint32_t a = 0; a < row->acts_count; a++)
        for (uint32_t i = 0; i < row->states_count; i++)
            seen[i] |= row->acts[a].creates && streq(row->acts[a].to, row->states[i].name);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t a = 0; a < row->acts_count; a++)
            for (uint32_t i = 0; i < row->states_count; i++)
                for (uint32_t k = 0; k < row->states_count; k++) {
                    bool step = seen[i] && !seen[k] && leaves(&row->acts[a], &row->states[i]) &&
                                streq(row->acts[a].to, row->states[k].name);
                    seen[k] |= step;
                    more |= step;
                }
    }
    for (uint32_t i = 0; i < row->states_count; i++)
        if (!seen[i])
            return &row->states[i];
    return NULL;
}

static bool has_exit(const struct subject_row *row, const struct state_row *state)
{
    for (uint32_t a = 0; a < row->acts_count; a++)
        if (leaves(&row->acts[a], state))
            return true;
    return false;
}

static enum errc check_act(const struct subject_row *row, const struct act_row *act, struct err *err)
{
    for (uint32_t i = 0; i < act->from_count; i++)
        if (!catalogue_state(row, act->from[i]))
            return err_field(err, ERR_INVALID, act->kind, "from: there is no state '%s'", act->from[i]);
    if (act->to && !catalogue_state(row, act->to))
        return err_field(err, ERR_INVALID, act->kind, "to: there is no state '%s'", act->to);
    if ((act->fold == FOLD_APPEND) != (act->list != NULL))
        return err_field(err, ERR_INVALID, act->kind, "fold: append and list go together");
    if (act->expand && !act_row_field(act, act->expand))
        return err_field(err, ERR_INVALID, act->kind, "expand: there is no field '%s'", act->expand);
    for (uint32_t i = 0; i < act->fields_count; i++) {
        const struct field_row *field = &act->fields[i];
        bool closed = field->type == FIELD_ENUM || field->type == FIELD_ENUMS;
        if (closed != (field->values_count > 0))
            return err_field(err, ERR_INVALID, act->kind, "field %s: values belong to enum and enums only",
                             field->name);
        if (act_row_field(act, field->name) != field)
            return err_field(err, ERR_INVALID, act->kind, "field %s stands twice", field->name);
    }
    return ERR_OK;
}

static enum errc check_states(const struct catalogue *cat, const struct subject_row *row, struct err *err)
{
    uint32_t initial = 0;
    for (uint32_t i = 0; i < row->states_count; i++) {
        const struct state_row *state = &row->states[i];
        initial += state->initial;
        if (!state->final && !has_exit(row, state))
            return err_field(err, ERR_INVALID, row->subject,
                             "no act leaves the state '%s' and it is not final", state->name);
    }
    if (row->states_count > 0 && initial != 1)
        return err_field(err, ERR_INVALID, row->subject, "exactly one state must be initial, not %u",
                         initial);
    const struct state_row *lost = unreachable(cat, row);
    if (lost)
        return err_field(err, ERR_INVALID, row->subject, "no act leads to the state '%s'", lost->name);
    return ERR_OK;
}

/* Follow-on acts and parents refer across files, so they are checked when all are there. */
static enum errc check_across(const struct catalogue *cat, const struct subject_row *row, struct err *err)
{
    const struct subject_row *parent = catalogue_subject(cat, row->parent);
    if (row->parent && !parent)
        return err_field(err, ERR_INVALID, row->subject, "parent: there is no subject '%s'", row->parent);
    for (uint32_t a = 0; a < row->acts_count; a++) {
        const struct act_row *act = &row->acts[a];
        const struct subject_row *at = NULL;
        if (catalogue_act(cat, act->kind, &at) != act)
            return err_field(err, ERR_INVALID, act->kind, "this kind of act stands twice");
        for (uint32_t i = 0; i < act->follow_count; i++) {
            const struct act_row *next = catalogue_act(cat, act->follow[i], &at);
            if (!next || next->by != BY_SYSTEM)
                return err_field(err, ERR_INVALID, act->kind, "follow: '%s' is not an act by the system",
                                 act->follow[i]);
        }
        const struct act_row *fall = act->cascade ? catalogue_act(cat, act->cascade, &at) : NULL;
        if (act->cascade && (!fall || fall->by != BY_SYSTEM))
            return err_field(err, ERR_INVALID, act->kind, "cascade: '%s' is not an act by the system",
                             act->cascade);
        if (act->parent_to && (!parent || !catalogue_state(parent, act->parent_to)))
            return err_field(err, ERR_INVALID, act->kind, "parent_to: no state '%s' there", act->parent_to);
    }
    return ERR_OK;
}

static enum errc load_file(struct catalogue *cat, const struct embed_file *file, struct err *err)
{
    cyaml_config_t cyaml;
    struct story story = {0};
    struct subject_row *row = NULL;
    if (cat->count == TYPES_MAX)
        return err_set(err, ERR_LIMIT, "more than %d subject types", TYPES_MAX);
    cyaml_err_t rc = cyaml_load_data((const uint8_t *)file->bytes, file->size_bytes, config(&story, &cyaml),
                                     &SUBJECT_VALUE, (cyaml_data_t **)&row, NULL);
    if (rc != CYAML_OK) {
        (void)err_field(err, ERR_SYNTAX, file->path, "line %d: %s (%s)", story.line, story.text,
                        cyaml_strerror(rc));
        if (err)
            err->line = story.line;
        return ERR_SYNTAX;
    }
    cat->rows[cat->count++] = row;
    enum errc code = ERR_OK;
    if (row->states_count > STATES_MAX)
        code = err_field(err, ERR_LIMIT, row->subject, "more than %d states", STATES_MAX);
    for (uint32_t a = 0; code >= 0 && a < row->acts_count; a++)
        code = check_act(row, &row->acts[a], err);
    if (code < 0)
        err_field_prefix(err, file->path);
    return code;
}

enum errc catalogue_load(const struct embed_set *files, struct catalogue **out, struct err *err)
{
    struct embed_set acts = embed_under(files, "acts/");
    struct catalogue *cat = calloc(1, sizeof *cat);
    if (!cat)
        return err_set(err, ERR_NOMEM, "no memory for the catalogue of acts");
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < acts.count; i++)
        rc = load_file(cat, &acts.files[i], err);
    for (size_t i = 0; rc >= 0 && i < cat->count; i++) {
        rc = check_across(cat, cat->rows[i], err);
        if (rc >= 0)
            rc = check_states(cat, cat->rows[i], err);
    }
    if (rc < 0) {
        catalogue_free(cat);
        return rc;
    }
    *out = cat;
    return ERR_OK;
}

void catalogue_free(struct catalogue *cat)
{
    if (!cat)
        return;
    for (size_t i = 0; i < cat->count; i++)
        free_row(cat->rows[i]);
    free(cat);
}

size_t catalogue_count(const struct catalogue *cat)
{
    return cat->count;
}

const struct subject_row *catalogue_at(const struct catalogue *cat, size_t index)
{
    return index < cat->count ? cat->rows[index] : NULL;
}

const struct subject_row *catalogue_subject(const struct catalogue *cat, const char *type)
{
    for (size_t i = 0; i < cat->count; i++)
        if (streq(cat->rows[i]->subject, type))
            return cat->rows[i];
    return NULL;
}

const struct act_row *catalogue_act(const struct catalogue *cat, const char *kind,
                                    const struct subject_row **out_subject)
{
    for (size_t i = 0; i < cat->count; i++) {
        const struct subject_row *row = cat->rows[i];
        for (uint32_t a = 0; a < row->acts_count; a++) {
            if (!streq(row->acts[a].kind, kind))
                continue;
            if (out_subject)
                *out_subject = row;
            return &row->acts[a];
        }
    }
    return NULL;
}

const struct state_row *catalogue_state(const struct subject_row *row, const char *name)
{
    for (uint32_t i = 0; i < row->states_count; i++)
        if (streq(row->states[i].name, name))
            return &row->states[i];
    return NULL;
}

const struct field_row *act_row_field(const struct act_row *row, const char *name)
{
    for (uint32_t i = 0; i < row->fields_count; i++)
        if (streq(row->fields[i].name, name))
            return &row->fields[i];
    return NULL;
}
