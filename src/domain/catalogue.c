#include "domain/catalogue.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <stdlib.h>
#include <string.h>

enum { STATES_MAX = 32, TYPES_MAX = 64 };

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

const char *field_type_name(enum field_type type)
{
    return TYPE_NAMES[type].str;
}

const char *act_by_name(enum act_by by)
{
    return BY_NAMES[by].str;
}

static const cyaml_schema_field_t FIELD_FIELDS[] = {
    YAML_TEXT("name", struct field_row, name),
    YAML_ENUM("type", struct field_row, type, TYPE_NAMES),
    YAML_BOOL_OPTIONAL("required", struct field_row, required),
    YAML_BOOL_OPTIONAL("secret", struct field_row, secret),
    YAML_INT_OPTIONAL("min", struct field_row, min),
    YAML_INT_OPTIONAL("max", struct field_row, max),
    YAML_TEXT_OPTIONAL("clause", struct field_row, clause),
    YAML_TEXT("zh", struct field_row, zh),
    YAML_TEXT("en", struct field_row, en),
    YAML_TEXT_OPTIONAL("of", struct field_row, of),
    YAML_LIST_OPTIONAL("values", struct field_row, values, &YAML_NAME),
    YAML_END,
};
static const cyaml_schema_value_t FIELD_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct field_row, FIELD_FIELDS),
};

static const cyaml_schema_field_t UNDER_FIELDS[] = {
    YAML_TEXT("parent", struct power_under, parent),
    YAML_TEXT("power", struct power_under, power),
    YAML_END,
};
static const cyaml_schema_value_t UNDER_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct power_under, UNDER_FIELDS),
};

static const cyaml_schema_field_t ACT_FIELDS[] = {
    YAML_TEXT("kind", struct act_row, kind),
    YAML_TEXT("zh", struct act_row, zh),
    YAML_TEXT("en", struct act_row, en),
    YAML_BOOL_OPTIONAL("creates", struct act_row, creates),
    YAML_LIST_OPTIONAL("from", struct act_row, from, &YAML_NAME),
    YAML_TEXT_OPTIONAL("to", struct act_row, to),
    YAML_TEXT_OPTIONAL("parent_to", struct act_row, parent_to),
    YAML_ENUM("by", struct act_row, by, BY_NAMES),
    YAML_TEXT_OPTIONAL("power", struct act_row, power),
    YAML_LIST_OPTIONAL("power_under", struct act_row, power_under, &UNDER_VALUE),
    YAML_TEXT_OPTIONAL("clause", struct act_row, clause),
    YAML_ENUM_OPTIONAL("fold", struct act_row, fold, FOLD_NAMES),
    YAML_TEXT_OPTIONAL("list", struct act_row, list),
    YAML_LIST_OPTIONAL("route", struct act_row, route, &YAML_NAME),
    YAML_LIST_OPTIONAL("guards", struct act_row, guards, &YAML_NAME),
    YAML_LIST_OPTIONAL("follow", struct act_row, follow, &YAML_NAME),
    YAML_TEXT_OPTIONAL("cascade", struct act_row, cascade),
    YAML_BOOL_OPTIONAL("free", struct act_row, free),
    YAML_BOOL_OPTIONAL("code", struct act_row, code),
    YAML_TEXT_OPTIONAL("expand", struct act_row, expand),
    YAML_LIST_OPTIONAL("fields", struct act_row, fields, &FIELD_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t ACT_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct act_row, ACT_FIELDS),
};

static const cyaml_schema_field_t STATE_FIELDS[] = {
    YAML_TEXT("name", struct state_row, name),
    YAML_TEXT("zh", struct state_row, zh),
    YAML_TEXT("en", struct state_row, en),
    YAML_BOOL_OPTIONAL("initial", struct state_row, initial),
    YAML_BOOL_OPTIONAL("final", struct state_row, final),
    YAML_END,
};
static const cyaml_schema_value_t STATE_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct state_row, STATE_FIELDS),
};

static const cyaml_schema_field_t SUBJECT_FIELDS[] = {
    YAML_TEXT("subject", struct subject_row, subject),
    YAML_TEXT("zh", struct subject_row, zh),
    YAML_TEXT("en", struct subject_row, en),
    YAML_TEXT_OPTIONAL("parent", struct subject_row, parent),
    YAML_BOOL_OPTIONAL("local", struct subject_row, local),
    YAML_LIST_OPTIONAL("states", struct subject_row, states, &STATE_VALUE),
    YAML_LIST("acts", struct subject_row, acts, &ACT_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t SUBJECT_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct subject_row, SUBJECT_FIELDS),
};

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
    void *row = NULL;
    if (cat->count == TYPES_MAX)
        return err_set(err, ERR_LIMIT, "more than %d subject types", TYPES_MAX);
    enum errc rc = yamldoc_load(file->path, file->bytes, file->size_bytes, &SUBJECT_VALUE, &row, err);
    if (rc < 0)
        return rc;
    if (!row)
        return err_field(err, ERR_SYNTAX, file->path, "the file holds nothing");
    struct subject_row *type = row;
    cat->rows[cat->count++] = type;
    if (type->states_count > STATES_MAX)
        return err_field(err, ERR_LIMIT, type->subject, "more than %d states", STATES_MAX);
    for (uint32_t a = 0; rc >= 0 && a < type->acts_count; a++)
        rc = check_act(type, &type->acts[a], err);
    if (rc < 0)
        err_field_prefix(err, file->path);
    return rc;
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
        yamldoc_free(&SUBJECT_VALUE, cat->rows[i]);
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
