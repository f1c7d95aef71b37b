#include "domain/pack_schema.h"

#include "base/str.h"
#include "domain/facts.h"
#include "domain/power.h"

#include <string.h>

static const cyaml_strval_t CONFIDENCES[] = {
    {"source", CONFIDENCE_SOURCE},
    {"verified", CONFIDENCE_VERIFIED},
    {"memory", CONFIDENCE_MEMORY},
    {"draft", CONFIDENCE_DRAFT},
};
static const cyaml_strval_t MODALITIES[] = {
    {"must", MODALITY_MUST},   {"must-not", MODALITY_MUST_NOT}, {"may", MODALITY_MAY},
    {"power", MODALITY_POWER}, {"encourage", MODALITY_ENC},     {"definition", MODALITY_DEF},
    {"goal", MODALITY_GOAL},
};
static const cyaml_strval_t TIERS[] = {
    {"ministry", TIER_MINISTRY},       {"province", TIER_PROVINCE}, {"enterprise", TIER_ENTERPRISE},
    {"institution", TIER_INSTITUTION}, {"vendor", TIER_VENDOR},
};
static const cyaml_strval_t LEVELS[] = {
    {"none", LEVEL_NONE}, {"I", LEVEL_I}, {"II", LEVEL_II}, {"III", LEVEL_III}, {"IV", LEVEL_IV},
};
static const cyaml_strval_t COLOURS[] = {
    {"none", COLOUR_NONE},     {"red", COLOUR_RED},   {"orange", COLOUR_ORANGE},
    {"yellow", COLOUR_YELLOW}, {"blue", COLOUR_BLUE},
};
static const cyaml_strval_t ANSWERS[] = {{"true", ANSWER_YES}, {"false", ANSWER_NO}};
static const cyaml_strval_t DEADLINES[] = {
    {"immediate", DEADLINE_IMMEDIATE}, {"prompt", DEADLINE_PROMPT}, {"hours", DEADLINE_HOURS},
    {"minutes", DEADLINE_MINUTES},     {"days", DEADLINE_DAYS},     {"working_days", DEADLINE_WORKING_DAYS},
    {"yearly", DEADLINE_YEARLY},       {"stated", DEADLINE_STATED}, {"continuous", DEADLINE_CONTINUOUS},
};
static const cyaml_strval_t FACT_OPS[] = {
    {"is", FACT_OP_IS},       {"min", FACT_OP_MIN},         {"max", FACT_OP_MAX},
    {"known", FACT_OP_KNOWN}, {"unknown", FACT_OP_UNKNOWN}, {"has", FACT_OP_HAS},
    {"lacks", FACT_OP_LACKS}, {"above", FACT_OP_ABOVE},     {"outside", FACT_OP_OUTSIDE},
};
static const cyaml_strval_t POWER_WHATS[] = {
    {"tier", POWER_TIER},     {"region", POWER_REGION},   {"publisher", POWER_PUBLISHER},
    {"basis", POWER_BASIS},   {"consent", POWER_CONSENT}, {"response-started", POWER_RESPONSE_STARTED},
    {"nobody", POWER_NOBODY},
};

#define VALUE_OF(type, fields)                                                                               \
    {                                                                                                        \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)                                                \
    }
#define ENUM_VALUE(type, names)                                                                              \
    {                                                                                                        \
        CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, type, names, CYAML_ARRAY_LEN(names))                             \
    }

static const cyaml_schema_value_t TIER_VALUE = ENUM_VALUE(enum tier, TIERS);
static const cyaml_schema_value_t LEVEL_VALUE = ENUM_VALUE(enum level, LEVELS);
static const cyaml_schema_value_t COLOUR_VALUE = ENUM_VALUE(enum colour, COLOURS);

const cyaml_schema_field_t PACK_HEAD[] = {
    YAML_TEXT("id", struct pack_head, id),
    YAML_TEXT("version", struct pack_head, version),
    YAML_TEXT("title", struct pack_head, title),
    YAML_TEXT("en", struct pack_head, en),
    YAML_TEXT_OPTIONAL("number", struct pack_head, number),
    YAML_TEXT_OPTIONAL("number_raw", struct pack_head, number_raw),
    YAML_TEXT("issuer", struct pack_head, issuer),
    YAML_TEXT_OPTIONAL("signed", struct pack_head, signed_on),
    YAML_TEXT_OPTIONAL("effective", struct pack_head, effective),
    YAML_TEXT_OPTIONAL("expires", struct pack_head, expires),
    YAML_TEXT("provenance", struct pack_head, provenance),
    YAML_TEXT_OPTIONAL("checked_by", struct pack_head, checked_by),
    YAML_BOOL_OPTIONAL("complete", struct pack_head, complete),
    YAML_BOOL_OPTIONAL("main", struct pack_head, main),
    YAML_NAMES("supersedes", struct pack_head, supersedes),
    YAML_END,
};
static const cyaml_schema_field_t CLAUSE[] = {
    YAML_TEXT("id", struct clause_row, id),
    YAML_TEXT_OPTIONAL("title", struct clause_row, title),
    YAML_TEXT_OPTIONAL("text", struct clause_row, text),
    YAML_TEXT("en", struct clause_row, en),
    YAML_END,
};
static const cyaml_schema_field_t PROVISION[] = {
    YAML_TEXT("id", struct provision_row, id),
    YAML_TEXT("clause", struct provision_row, clause),
    YAML_ENUM("modality", struct provision_row, modality, MODALITIES),
    YAML_NAMES("who", struct provision_row, who),
    YAML_TEXT("zh", struct provision_row, zh),
    YAML_TEXT("en", struct provision_row, en),
    YAML_END,
};
static const cyaml_schema_field_t WHEN[] = {
    YAML_LIST_OPTIONAL("tier", struct pack_when, tier, &TIER_VALUE),
    YAML_NAMES("role", struct pack_when, role),
    YAML_LIST_OPTIONAL("level", struct pack_when, level, &LEVEL_VALUE),
    YAML_LIST_OPTIONAL("colour", struct pack_when, colour, &COLOUR_VALUE),
    YAML_LIST_OPTIONAL("graded", struct pack_when, graded, &LEVEL_VALUE),
    YAML_BOOL_OPTIONAL("newly", struct pack_when, newly),
    YAML_ENUM_OPTIONAL("happened", struct pack_when, happened, ANSWERS),
    YAML_TEXT_OPTIONAL("field", struct pack_when, field),
    YAML_NAMES("value", struct pack_when, value),
    YAML_END,
};
static const cyaml_schema_field_t LEVEL[] = {
    YAML_ENUM("level", struct level_row, level, LEVELS),
    YAML_TEXT("name", struct level_row, name),
    YAML_TEXT("en", struct level_row, en),
    YAML_ENUM_OPTIONAL("colour", struct level_row, colour, COLOURS),
    YAML_TEXT("clause", struct level_row, clause),
    YAML_END,
};
static const cyaml_schema_field_t TEST[] = {
    YAML_TEXT("fact", struct fact_test, fact),
    YAML_ENUM("op", struct fact_test, op, FACT_OPS),
    YAML_TEXT_OPTIONAL("value", struct fact_test, value),
    YAML_END,
};
static const cyaml_schema_value_t TEST_VALUE = VALUE_OF(struct fact_test, TEST);
static const cyaml_schema_field_t CONDITION[] = {
    YAML_TEXT("id", struct condition_row, id),
    YAML_ENUM("level", struct condition_row, level, LEVELS),
    YAML_TEXT("provision", struct condition_row, provision),
    YAML_BOOL_OPTIONAL("machine", struct condition_row, machine),
    YAML_ROWS("tests", struct condition_row, tests, &TEST_VALUE),
    YAML_NAMES("wants", struct condition_row, wants),
    YAML_TEXT_OPTIONAL("figure", struct condition_row, figure),
    YAML_ENUM("confidence", struct condition_row, confidence, CONFIDENCES),
    YAML_BOOL_OPTIONAL("enforce", struct condition_row, enforce),
    YAML_END,
};
static const cyaml_schema_field_t DERIVE[] = {
    YAML_TEXT("fact", struct derive_row, fact),
    YAML_TEXT("from", struct derive_row, from),
    CYAML_FIELD_INT("min", CYAML_FLAG_DEFAULT, struct derive_row, min),
    YAML_TEXT_OPTIONAL("ambiguity", struct derive_row, ambiguity),
    YAML_TEXT("zh", struct derive_row, zh),
    YAML_TEXT("en", struct derive_row, en),
    YAML_END,
};
static const cyaml_schema_field_t NOTE[] = {
    YAML_TEXT("id", struct note_row, id),
    YAML_ROWS("tests", struct note_row, tests, &TEST_VALUE),
    YAML_TEXT_OPTIONAL("ambiguity", struct note_row, ambiguity),
    YAML_TEXT("zh", struct note_row, zh),
    YAML_TEXT("en", struct note_row, en),
    YAML_END,
};
static const cyaml_schema_field_t SAID[] = {
    YAML_TEXT("zh", struct said, zh),
    YAML_TEXT("en", struct said, en),
    YAML_END,
};
static const cyaml_schema_value_t SAID_VALUE = VALUE_OF(struct said, SAID);
static const cyaml_schema_field_t NEED[] = {
    YAML_ENUM("what", struct power_need, what, POWER_WHATS),
    YAML_NAMES("in", struct power_need, in),
    YAML_TEXT_OPTIONAL("provision", struct power_need, provision),
    YAML_TEXT("zh", struct power_need, zh),
    YAML_TEXT("en", struct power_need, en),
    YAML_ROWS("then", struct power_need, then, &SAID_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t NEED_VALUE = VALUE_OF(struct power_need, NEED);
static const cyaml_schema_field_t POWER[] = {
    YAML_TEXT("id", struct power_row, id),
    YAML_TEXT("act", struct power_row, act),
    YAML_TEXT("provision", struct power_row, provision),
    YAML_MAP_OPTIONAL("when", struct power_row, when, WHEN),
    YAML_LIST("needs", struct power_row, needs, &NEED_VALUE),
    YAML_TEXT("zh", struct power_row, zh),
    YAML_TEXT("en", struct power_row, en),
    YAML_ROWS("then", struct power_row, then, &SAID_VALUE),
    YAML_ENUM("confidence", struct power_row, confidence, CONFIDENCES),
    YAML_BOOL_OPTIONAL("enforce", struct power_row, enforce),
    YAML_END,
};
static const cyaml_schema_field_t DEADLINE[] = {
    YAML_ENUM("kind", struct pack_deadline, kind, DEADLINES),
    YAML_INT_OPTIONAL("n", struct pack_deadline, n),
    YAML_TEXT_OPTIONAL("from", struct pack_deadline, from),
    YAML_END,
};
static const cyaml_schema_field_t DUTY[] = {
    YAML_TEXT("id", struct duty_row, id),
    YAML_TEXT("provision", struct duty_row, provision),
    YAML_NAMES("opened_by", struct duty_row, opened_by),
    YAML_MAP_OPTIONAL("when", struct duty_row, when, WHEN),
    YAML_NAMES("owners", struct duty_row, owners),
    YAML_NAMES("owner_roles", struct duty_row, owner_roles),
    YAML_NAMES("receivers", struct duty_row, receivers),
    CYAML_FIELD_MAPPING("deadline", CYAML_FLAG_DEFAULT, struct duty_row, deadline, DEADLINE),
    YAML_NAMES("performed_by", struct duty_row, performed_by),
    YAML_NAMES("cancelled_by", struct duty_row, cancelled_by),
    YAML_BOOL_OPTIONAL("anywhere", struct duty_row, anywhere),
    YAML_BOOL_OPTIONAL("repeats", struct duty_row, repeats),
    YAML_TEXT_OPTIONAL("en", struct duty_row, en),
    YAML_TEXT_OPTIONAL("ambiguity", struct duty_row, ambiguity),
    YAML_ENUM("confidence", struct duty_row, confidence, CONFIDENCES),
    YAML_BOOL_OPTIONAL("enforce", struct duty_row, enforce),
    YAML_END,
};
static const cyaml_schema_field_t ROUTE[] = {
    YAML_TEXT("id", struct route_row, id),
    YAML_TEXT("act", struct route_row, act),
    YAML_TEXT("provision", struct route_row, provision),
    YAML_MAP_OPTIONAL("when", struct route_row, when, WHEN),
    YAML_NAMES("to", struct route_row, to),
    YAML_TEXT_OPTIONAL("ambiguity", struct route_row, ambiguity),
    YAML_TEXT_OPTIONAL("en", struct route_row, en),
    YAML_END,
};
static const cyaml_schema_field_t FIELD_ITEM[] = {
    YAML_TEXT("name", struct field_item, name),
    YAML_TEXT("zh", struct field_item, zh),
    YAML_TEXT("en", struct field_item, en),
    YAML_BOOL_OPTIONAL("ours", struct field_item, ours),
    YAML_END,
};
static const cyaml_schema_value_t FIELD_ITEM_VALUE = VALUE_OF(struct field_item, FIELD_ITEM);
static const cyaml_schema_field_t FIELD_SET[] = {
    YAML_TEXT("name", struct field_set, name),
    YAML_TEXT("provision", struct field_set, provision),
    YAML_TEXT("zh", struct field_set, zh),
    YAML_TEXT("en", struct field_set, en),
    YAML_NAMES("acts", struct field_set, acts),
    YAML_LIST("fields", struct field_set, fields, &FIELD_ITEM_VALUE),
    YAML_END,
};
static const cyaml_schema_field_t ENUM_ITEM[] = {
    YAML_TEXT("id", struct enum_value, id),
    YAML_TEXT("zh", struct enum_value, zh),
    YAML_TEXT("en", struct enum_value, en),
    YAML_BOOL_OPTIONAL("open", struct enum_value, open),
    YAML_END,
};
static const cyaml_schema_value_t ENUM_ITEM_VALUE = VALUE_OF(struct enum_value, ENUM_ITEM);
static const cyaml_schema_field_t ENUM[] = {
    YAML_TEXT("name", struct enum_row, name),
    YAML_TEXT("clause", struct enum_row, clause),
    YAML_TEXT("zh", struct enum_row, zh),
    YAML_TEXT("en", struct enum_row, en),
    YAML_LIST("values", struct enum_row, values, &ENUM_ITEM_VALUE),
    YAML_END,
};
static const cyaml_schema_field_t DOCUMENT[] = {
    YAML_TEXT("id", struct document_row, id),
    YAML_TEXT("zh", struct document_row, zh),
    YAML_TEXT("en", struct document_row, en),
    YAML_TEXT("group", struct document_row, group),
    YAML_TEXT("clause", struct document_row, clause),
    YAML_NAMES("acts", struct document_row, acts),
    YAML_END,
};
static const cyaml_schema_field_t AMBIGUITY[] = {
    YAML_TEXT("id", struct ambiguity_row, id),
    YAML_TEXT("where", struct ambiguity_row, where),
    YAML_TEXT("problem", struct ambiguity_row, problem),
    YAML_TEXT("treatment", struct ambiguity_row, treatment),
    YAML_TEXT("zh", struct ambiguity_row, zh),
    YAML_BOOL_OPTIONAL("plan", struct ambiguity_row, plan),
    YAML_NAMES("clauses", struct ambiguity_row, clauses),
    YAML_END,
};
static const cyaml_schema_field_t GAP[] = {
    YAML_TEXT("provision", struct gap_row, provision),
    YAML_TEXT("kind", struct gap_row, kind),
    YAML_TEXT("reason", struct gap_row, reason),
    YAML_END,
};
static const cyaml_schema_field_t ROLE[] = {
    YAML_TEXT("code", struct role_row, code),
    YAML_TEXT("zh", struct role_row, zh),
    YAML_TEXT("en", struct role_row, en),
    YAML_TEXT_OPTIONAL("of", struct role_row, of),
    YAML_BOOL_OPTIONAL("large", struct role_row, large),
    YAML_BOOL_OPTIONAL("assumed", struct role_row, assumed),
    YAML_NAMES("names", struct role_row, names),
    YAML_END,
};
static const cyaml_schema_field_t ALIAS[] = {
    YAML_TEXT("name", struct alias_row, name),
    YAML_TEXT_OPTIONAL("from", struct alias_row, from),
    YAML_TEXT_OPTIONAL("until", struct alias_row, until),
    YAML_END,
};
static const cyaml_schema_value_t ALIAS_VALUE = VALUE_OF(struct alias_row, ALIAS);
static const cyaml_schema_field_t ORGANISATION[] = {
    YAML_TEXT("id", struct organisation_row, id),
    YAML_TEXT("name", struct organisation_row, name),
    YAML_TEXT("role", struct organisation_row, role),
    YAML_LIST_OPTIONAL("aliases", struct organisation_row, aliases, &ALIAS_VALUE),
    YAML_TEXT_OPTIONAL("note", struct organisation_row, note),
    YAML_ENUM("confidence", struct organisation_row, confidence, CONFIDENCES),
    YAML_END,
};

/* list(enum, key, member of struct pack, row type, id member, row fields) */
#define FOR_EACH_LIST(list)                                                                                  \
    list(PACK_CLAUSES, "clauses", clauses, clause_row, id,                                                   \
         CLAUSE) list(PACK_PROVISIONS, "provisions", provisions, provision_row, id,                          \
                      PROVISION) list(PACK_LEVELS, "levels", levels, level_row, name, LEVEL)                 \
        list(PACK_CONDITIONS, "conditions", conditions, condition_row, id, CONDITION)                        \
            list(PACK_DERIVED, "derived", derived, derive_row, fact, DERIVE)                                 \
                list(PACK_NOTES, "notes", notes, note_row, id, NOTE) list(PACK_POWERS, "powers", powers,     \
                                                                          power_row, id, POWER)              \
                    list(PACK_DUTIES, "duties", duties, duty_row, id, DUTY)                                  \
                        list(PACK_ROUTES, "routes", routes, route_row, id, ROUTE)                            \
                            list(PACK_FIELDS, "fields", fields, field_set, name, FIELD_SET)                  \
                                list(PACK_ENUMS, "enums", enums, enum_row, name, ENUM)                       \
                                    list(PACK_DOCUMENTS, "documents", documents, document_row, id, DOCUMENT) \
                                        list(PACK_AMBIGUITIES, "ambiguities", ambiguities, ambiguity_row,    \
                                             id, AMBIGUITY)                                                  \
                                            list(PACK_GAPS, "gaps", gaps, gap_row, provision, GAP)           \
                                                list(PACK_ROLES, "roles", roles, role_row, code, ROLE)       \
                                                    list(PACK_ORGANISATIONS, "organisations", organisations, \
                                                         organisation_row, id, ORGANISATION)

#define ROW_VALUE(index, key, member, row, id, fields)                                                       \
    static const cyaml_schema_value_t fields##_ROW = VALUE_OF(struct row, fields);
FOR_EACH_LIST(ROW_VALUE)
#undef ROW_VALUE

static const cyaml_schema_field_t FILE_FIELDS[] = {
    CYAML_FIELD_MAPPING_PTR("pack", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct pack, head, PACK_HEAD),
#define LIST_FIELD(index, key, member, row, id, fields)                                                      \
    YAML_LIST_OPTIONAL(key, struct pack, member, &fields##_ROW),
    FOR_EACH_LIST(LIST_FIELD)
#undef LIST_FIELD
        YAML_END,
};

const cyaml_schema_value_t PACK_FILE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct pack, FILE_FIELDS),
};

const struct pack_list_info PACK_LISTS[PACK_LIST_COUNT] = {
#define LIST_INFO(index, key, member, row, id, fields)                                                       \
    [index] = {key,                                                                                          \
               offsetof(struct pack, member),                                                                \
               offsetof(struct pack, member##_count),                                                        \
               sizeof(struct row),                                                                           \
               offsetof(struct row, id),                                                                     \
               fields},
    FOR_EACH_LIST(LIST_INFO)
#undef LIST_INFO
};

void *pack_rows(const struct pack *pack, enum pack_list list)
{
    void *rows = NULL;
    memcpy(&rows, (const char *)pack + PACK_LISTS[list].rows_at, sizeof rows);
    return rows;
}

uint32_t pack_row_count(const struct pack *pack, enum pack_list list)
{
    uint32_t count = 0;
    memcpy(&count, (const char *)pack + PACK_LISTS[list].count_at, sizeof count);
    return count;
}

const char *pack_row_id(const struct pack *pack, enum pack_list list, uint32_t index)
{
    const struct pack_list_info *info = &PACK_LISTS[list];
    const char *row = (const char *)pack_rows(pack, list) + info->row_bytes * index;
    const char *id = NULL;
    memcpy(&id, row + info->id_at, sizeof id);
    return id ? id : "";
}

const void *pack_row_find(const struct pack *pack, enum pack_list list, const char *id)
{
    for (uint32_t i = 0; id && i < pack_row_count(pack, list); i++)
        if (streq(pack_row_id(pack, list, i), id))
            return (const char *)pack_rows(pack, list) + PACK_LISTS[list].row_bytes * i;
    return NULL;
}
