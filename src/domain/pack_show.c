#include "domain/pack_show.h"

#include "base/str.h"

#include <string.h>

static const char *const MODALITIES[] = {"must",      "must-not",   "may", "power",
                                         "encourage", "definition", "goal"};
static const char *const CONFIDENCES[] = {"source", "verified", "memory", "draft"};

const char *modality_name(enum modality modality)
{
    return MODALITIES[modality];
}

const char *confidence_name(enum confidence confidence)
{
    return CONFIDENCES[confidence];
}

/* Appends and drops; a NULL list or value (out of memory) makes the list NULL for good. */
static void push(json_t **list, json_t *value)
{
    if (*list && json_array_append_new(*list, value) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static json_t *names_json(const struct names *names)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < names->count; i++)
        push(&list, json_string(names->at[i]));
    return list;
}

static json_t *deadline_json(const struct pack_deadline *deadline)
{
    return json_pack("{s:s, s:I, s:s}", "kind", deadline_name(deadline->kind), "n", (json_int_t)deadline->n,
                     "from", deadline->from ? deadline->from : "happened");
}

static json_t *conditions_json(const struct pack *pack, const struct provision_row *law)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->conditions_count; i++) {
        const struct condition_row *row = &pack->conditions[i];
        if (row->law == law)
            push(&list,
                 json_pack("{s:s, s:s, s:b, s:b, s:s, s:s?}", "id", row->id, "level", level_name(row->level),
                           "machine", (int)row->machine, "enforce", (int)row->enforce, "confidence",
                           confidence_name(row->confidence), "figure", row->figure));
    }
    return list;
}

static bool power_rests_on(const struct power_row *row, const struct provision_row *law)
{
    for (uint32_t i = 0; i < row->needs_count; i++)
        if (row->needs[i].law == law)
            return true;
    return row->law == law;
}

static json_t *powers_json(const struct pack *pack, const struct provision_row *law)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->powers_count; i++) {
        const struct power_row *row = &pack->powers[i];
        if (power_rests_on(row, law))
            push(&list, json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "id", row->id, "act", row->act, "zh",
                                  row->zh, "en", row->en, "enforce", (int)row->enforce, "confidence",
                                  confidence_name(row->confidence)));
    }
    return list;
}

static json_t *duties_json(const struct pack *pack, const struct provision_row *law)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->duties_count; i++) {
        const struct duty_row *row = &pack->duties[i];
        if (row->law == law)
            push(&list,
                 json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:s, s:s?}", "id", row->id, "en",
                           row->en ? row->en : law->en, "opened_by", names_json(&row->opened_by), "owners",
                           names_json(&row->owners), "receivers", names_json(&row->receivers), "deadline",
                           deadline_json(&row->deadline), "performed_by", names_json(&row->performed_by),
                           "enforce", (int)row->enforce, "confidence", confidence_name(row->confidence),
                           "ambiguity", row->ambiguity));
    }
    return list;
}

static json_t *routes_json(const struct pack *pack, const struct provision_row *law)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->routes_count; i++) {
        const struct route_row *row = &pack->routes[i];
        if (row->law == law)
            push(&list, json_pack("{s:s, s:s, s:o, s:s?}", "id", row->id, "act", row->act, "to",
                                  names_json(&row->to), "ambiguity", row->ambiguity));
    }
    return list;
}

static json_t *items_json(const struct field_set *set)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < set->fields_count; i++)
        push(&list, json_pack("{s:s, s:s, s:s, s:b}", "name", set->fields[i].name, "zh", set->fields[i].zh,
                              "en", set->fields[i].en, "ours", (int)set->fields[i].ours));
    return list;
}

static json_t *fields_json(const struct pack *pack, const struct provision_row *law)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->fields_count; i++) {
        const struct field_set *set = &pack->fields[i];
        if (streq(set->provision, law->id))
            push(&list, json_pack("{s:s, s:s, s:o, s:o}", "name", set->name, "zh", set->zh, "acts",
                                  names_json(&set->acts), "fields", items_json(set)));
    }
    return list;
}

static json_t *gap_json(const struct pack *pack, const struct provision_row *law)
{
    for (uint32_t i = 0; i < pack->gaps_count; i++)
        if (streq(pack->gaps[i].provision, law->id))
            return json_pack("{s:s, s:s}", "kind", pack->gaps[i].kind, "reason", pack->gaps[i].reason);
    return json_null();
}

static json_t *provisions_json(const struct pack *pack, const char *clause)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->provisions_count; i++) {
        const struct provision_row *law = &pack->provisions[i];
        if (streq(law->clause, clause))
            push(&list, json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", law->id,
                                  "modality", modality_name(law->modality), "who", names_json(&law->who),
                                  "zh", law->zh, "en", law->en, "conditions", conditions_json(pack, law),
                                  "powers", powers_json(pack, law), "duties", duties_json(pack, law),
                                  "routes", routes_json(pack, law), "fields", fields_json(pack, law), "gap",
                                  gap_json(pack, law)));
    }
    return list;
}

static json_t *enums_json(const struct pack *pack, const char *clause)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->enums_count; i++)
        if (streq(pack->enums[i].clause, clause))
            push(&list, json_pack("{s:s, s:s, s:i}", "name", pack->enums[i].name, "zh", pack->enums[i].zh,
                                  "values", (int)pack->enums[i].values_count));
    return list;
}

static json_t *documents_json(const struct pack *pack, const char *clause)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->documents_count; i++)
        if (streq(pack->documents[i].clause, clause))
            push(&list,
                 json_pack("{s:s, s:s, s:s, s:o}", "id", pack->documents[i].id, "zh", pack->documents[i].zh,
                           "en", pack->documents[i].en, "acts", names_json(&pack->documents[i].acts)));
    return list;
}

static json_t *ambiguities_json(const struct pack *pack, const char *clause)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->ambiguities_count; i++) {
        const struct ambiguity_row *row = &pack->ambiguities[i];
        if (names_have(&row->clauses, clause))
            push(&list, json_pack("{s:s, s:s, s:s, s:s}", "id", row->id, "problem", row->problem, "treatment",
                                  row->treatment, "zh", row->zh));
    }
    return list;
}

/* 4.5 contains 4.5.1; 3.2 contains 3.2(4). */
static bool lies_in(const char *inner, const char *outer)
{
    size_t n = strlen(outer);
    return strncmp(inner, outer, n) == 0 && (inner[n] == '.' || inner[n] == '(');
}

static json_t *contains_json(const struct pack *pack, const char *clause)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->clauses_count; i++)
        if (lies_in(pack->clauses[i].id, clause))
            push(&list, json_string(pack->clauses[i].id));
    return list;
}

json_t *pack_show_clause(const struct pack *pack, const struct clause_row *clause)
{
    return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s, s:o, s:o, s:o, s:o, s:o}", "pack", pack->head->id,
                     "version", pack->head->version, "clause", clause->id, "title", clause->title, "text",
                     clause->text, "en", clause->en, "contains", contains_json(pack, clause->id),
                     "provisions", provisions_json(pack, clause->id), "enums", enums_json(pack, clause->id),
                     "documents", documents_json(pack, clause->id), "ambiguities",
                     ambiguities_json(pack, clause->id));
}

const struct clause_row *pack_show_find(const struct pack *pack, const char *id)
{
    const struct clause_row *clause = pack_clause(pack, id);
    const struct provision_row *law = pack_provision(pack, id);
    const struct duty_row *duty = pack_duty(pack, id);
    const struct power_row *power = pack_power(pack, id);
    const struct route_row *route = pack_route(pack, id);
    if (clause)
        return clause;
    if (!law)
        law = duty ? duty->law : power ? power->law : route ? route->law : NULL;
    return law ? pack_clause(pack, law->clause) : NULL;
}
