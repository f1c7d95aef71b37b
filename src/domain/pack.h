/* domain/pack.h — a rule pack: one document of law as rows of data, and the ways to look them up.
 *
 * Every row names its clause through a provision. A pack that loads is sound: every provision stands in
 * its clause word for word, every clause has a provision, every name used is known, every id is unique.
 *
 * Layer    domain: pure.
 * Owns     nothing by itself: packs belong to the pack_set that loaded them (domain/pack_set.h).
 * Threads  immutable after loading.
 * Errors   lookups give NULL for what is not there.
 * Data     rules/<pack>/
 * Tests    tests/unit/domain/test_pack.c
 */
#ifndef DOMAIN_PACK_H
#define DOMAIN_PACK_H

#include "domain/pack_law.h"

struct pack {
    struct pack_head *head;
    struct clause_row *clauses;
    uint32_t clauses_count;
    struct provision_row *provisions;
    uint32_t provisions_count;
    struct level_row *levels;
    uint32_t levels_count;
    struct condition_row *conditions;
    uint32_t conditions_count;
    struct derive_row *derived;
    uint32_t derived_count;
    struct note_row *notes;
    uint32_t notes_count;
    struct power_row *powers;
    uint32_t powers_count;
    struct duty_row *duties;
    uint32_t duties_count;
    struct route_row *routes;
    uint32_t routes_count;
    struct field_set *fields;
    uint32_t fields_count;
    struct enum_row *enums;
    uint32_t enums_count;
    struct document_row *documents;
    uint32_t documents_count;
    struct ambiguity_row *ambiguities;
    uint32_t ambiguities_count;
    struct gap_row *gaps;
    uint32_t gaps_count;
    struct role_row *roles;
    uint32_t roles_count;
    struct organisation_row *organisations;
    uint32_t organisations_count;
};

/* What a row's condition is held against. */
struct pack_case {
    const struct node_card *actor; /* the node that acts; NULL when there is none */
    enum level level;              /* of the matter or its root, as the act leaves it */
    enum colour colour;
    enum level graded;        /* proposed by the pack whose row it is, after the act … */
    enum level graded_before; /* … and before it */
    enum answer happened;
    const json_t *body;     /* of the act; NULL when there is none */
    const json_t *doc;      /* of the subject, after the act */
    const json_t *root_doc; /* of the root */
};

bool pack_when(const struct pack *pack, const struct pack_when *when, const struct pack_case *subject);

/* True when the card has the role or one that the pack calls a kind of it. A role that the pack marks
 * large asks also for the regulator's list. */
bool pack_role(const struct pack *pack, const struct node_card *card, const char *role);
/* True when the card has one of the roles; an empty list asks for nothing. */
bool pack_any_role(const struct pack *pack, const struct node_card *card, const struct names *roles);

bool names_have(const struct names *names, const char *name);

/* The outside parties, for people: "国家网络安全应急办公室"; NULL for an unknown one. */
const char *pack_outside_name(const char *id);

/* Lookups by id. */
const struct clause_row *pack_clause(const struct pack *pack, const char *id);
const struct provision_row *pack_provision(const struct pack *pack, const char *id);
const struct level_row *pack_level(const struct pack *pack, enum level level);
const struct power_row *pack_power(const struct pack *pack, const char *id);
const struct duty_row *pack_duty(const struct pack *pack, const char *id);
const struct route_row *pack_route(const struct pack *pack, const char *id);
const struct enum_row *pack_enum(const struct pack *pack, const char *name);
const struct role_row *pack_role_row(const struct pack *pack, const char *code);
const struct ambiguity_row *pack_ambiguity(const struct pack *pack, const char *id);

#endif
