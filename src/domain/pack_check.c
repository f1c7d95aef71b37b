#include "domain/pack_check.h"

#include "base/civil.h"
#include "base/str.h"
#include "domain/facts.h"
#include "domain/matter.h"
#include "domain/power.h"
#include "domain/region.h"

#include <stdio.h>
#include <string.h>

static enum errc head_fault(const struct pack_draft *draft, const char *member, const char *message,
                            struct err *err)
{
    char path[40];
    const struct embed_file *file = draft->head_file;
    (void)snprintf(path, sizeof path, "pack.%s", member);
    return yamldoc_fault(err, file->path, file->bytes, file->size_bytes, path, "%s", message);
}

static bool is_date(const char *text)
{
    struct civil_date date;
    return civil_parse_date(text, &date, NULL) == ERR_OK;
}

static enum errc check_head(const struct pack_draft *draft, struct err *err)
{
    const struct pack_head *head = draft->pack->head;
    if (!streq(head->id, draft->folder))
        return head_fault(draft, "id", "the id is not the name of the folder; make them the same", err);
    if (head->signed_on && !is_date(head->signed_on))
        return head_fault(draft, "signed", "no such day; write YYYY-MM-DD", err);
    if (head->effective && !is_date(head->effective))
        return head_fault(draft, "effective", "no such day; write YYYY-MM-DD", err);
    if (head->expires && !is_date(head->expires))
        return head_fault(draft, "expires", "no such day; write YYYY-MM-DD", err);
    return ERR_OK;
}

static enum errc check_unique(const struct pack_draft *draft, enum pack_list list, struct err *err)
{
    const struct pack *pack = draft->pack;
    for (uint32_t i = 0; draft->list_files[list] && i < pack_row_count(pack, list); i++)
        for (uint32_t k = 0; k < i; k++)
            if (streq(pack_row_id(pack, list, i), pack_row_id(pack, list, k)))
                return pack_fault(draft, list, i, "", err, "'%s' is there twice; give one of them another id",
                                  pack_row_id(pack, list, i));
    return ERR_OK;
}

/* A row's clause must be one of the pack's. */
static enum errc check_clause(const struct pack_draft *draft, enum pack_list list, uint32_t index,
                              const char *clause, struct err *err)
{
    if (pack_clause(draft->pack, clause))
        return ERR_OK;
    return pack_fault(draft, list, index, "clause", err,
                      "there is no clause '%s'; add it or correct the number", clause);
}

static enum errc check_provisions(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    for (uint32_t i = 0; i < pack->provisions_count; i++) {
        const struct provision_row *row = &pack->provisions[i];
        const struct clause_row *clause = pack_clause(pack, row->clause);
        if (!clause)
            return check_clause(draft, PACK_PROVISIONS, i, row->clause, err);
        if (!clause->text || !strstr(clause->text, row->zh))
            return pack_fault(draft, PACK_PROVISIONS, i, "zh", err,
                              "these words do not stand in clause %s; quote it word for word", clause->id);
        for (uint32_t w = 0; w < row->who.count; w++)
            if (!pack_role_row(pack, row->who.at[w]))
                return pack_fault(draft, PACK_PROVISIONS, i, "who", err, "there is no role '%s'",
                                  row->who.at[w]);
    }
    return ERR_OK;
}

static bool has_provision(const struct pack *pack, const char *clause)
{
    for (uint32_t i = 0; i < pack->provisions_count; i++)
        if (streq(pack->provisions[i].clause, clause))
            return true;
    return false;
}

/* A definition works through the levels and lists that cite its clause. */
static bool is_used(const struct pack *pack, const struct provision_row *law)
{
    if (law->modality != MODALITY_DEF)
        return false;
    for (uint32_t i = 0; i < pack->levels_count; i++)
        if (streq(pack->levels[i].clause, law->clause))
            return true;
    for (uint32_t i = 0; i < pack->enums_count; i++)
        if (streq(pack->enums[i].clause, law->clause))
            return true;
    return false;
}

/* True when a row that does something hangs on the provision. */
static bool has_rule(const struct pack *pack, const struct provision_row *law)
{
    for (uint32_t i = 0; i < pack->conditions_count; i++)
        if (pack->conditions[i].law == law)
            return true;
    for (uint32_t i = 0; i < pack->powers_count; i++) {
        if (pack->powers[i].law == law)
            return true;
        for (uint32_t n = 0; n < pack->powers[i].needs_count; n++)
            if (pack->powers[i].needs[n].law == law)
                return true;
    }
    for (uint32_t i = 0; i < pack->duties_count; i++)
        if (pack->duties[i].law == law)
            return true;
    for (uint32_t i = 0; i < pack->routes_count; i++)
        if (pack->routes[i].law == law)
            return true;
    for (uint32_t i = 0; i < pack->fields_count; i++)
        if (streq(pack->fields[i].provision, law->id))
            return true;
    return false;
}

static enum errc check_gaps(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    for (uint32_t i = 0; i < pack->gaps_count; i++) {
        const struct provision_row *law = pack_provision(pack, pack->gaps[i].provision);
        if (!law)
            return pack_fault(draft, PACK_GAPS, i, "provision", err, "there is no provision '%s'",
                              pack->gaps[i].provision);
        if (has_rule(pack, law))
            return pack_fault(draft, PACK_GAPS, i, "provision", err,
                              "%s has rules, so it is no gap; remove it", law->id);
    }
    return ERR_OK;
}

static enum errc check_coverage(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    for (uint32_t i = 0; i < pack->clauses_count; i++)
        if (pack->clauses[i].text && !has_provision(pack, pack->clauses[i].id))
            return pack_fault(draft, PACK_CLAUSES, i, "", err,
                              "clause %s has no provision; say in 'provisions' what it does",
                              pack->clauses[i].id);
    for (uint32_t i = 0; i < pack->provisions_count; i++) {
        const struct provision_row *row = &pack->provisions[i];
        bool gap = pack_row_find(pack, PACK_GAPS, row->id) != NULL;
        if (!gap && !has_rule(pack, row) && !is_used(pack, row))
            return pack_fault(draft, PACK_PROVISIONS, i, "", err,
                              "no rule hangs on %s; write one, or list it in 'gaps' with the reason",
                              row->id);
    }
    return ERR_OK;
}

/* What was never confirmed is told, not applied. */
static enum errc check_enforced(const struct pack_draft *draft, enum pack_list list, uint32_t index,
                                enum confidence confidence, bool enforce, struct err *err)
{
    if (enforce && confidence != CONFIDENCE_SOURCE && confidence != CONFIDENCE_VERIFIED)
        return pack_fault(
            draft, list, index, "enforce", err,
            "only what is source or verified may be enforced; confirm it or set enforce: false");
    return ERR_OK;
}

static enum errc check_levels(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->levels_count && rc == ERR_OK; i++)
        rc = check_clause(draft, PACK_LEVELS, i, pack->levels[i].clause, err);
    for (uint32_t i = 0; i < pack->conditions_count && rc == ERR_OK; i++) {
        const struct condition_row *row = &pack->conditions[i];
        bool numeric = false;
        for (uint32_t t = 0; t < row->tests.count; t++)
            numeric |= row->tests.at[t].op == FACT_OP_MIN || row->tests.at[t].op == FACT_OP_MAX;
        if (!pack_level(pack, row->level))
            return pack_fault(draft, PACK_CONDITIONS, i, "level", err, "the pack has no such level");
        if (row->machine && !numeric)
            return pack_fault(draft, PACK_CONDITIONS, i, "machine", err,
                              "decided by machine, but no test asks for a number");
        if (row->enforce && row->tests.count == 0)
            return pack_fault(draft, PACK_CONDITIONS, i, "enforce", err,
                              "enforced, but without tests; add them or set enforce: false");
        rc = check_enforced(draft, PACK_CONDITIONS, i, row->confidence, row->enforce, err);
    }
    return rc;
}

static enum errc check_roles_of(const struct pack_draft *draft, enum pack_list list, uint32_t index,
                                const char *path, const struct names *roles, struct err *err)
{
    for (uint32_t i = 0; i < roles->count; i++)
        if (!pack_role_row(draft->pack, roles->at[i]))
            return pack_fault(draft, list, index, path, err, "there is no role '%s'; see 'roles'",
                              roles->at[i]);
    return ERR_OK;
}

static enum errc check_resolvers(const struct pack_draft *draft, enum pack_list list, uint32_t index,
                                 const char *key, const struct names *names, struct err *err)
{
    for (uint32_t i = 0; i < names->count; i++) {
        char path[40];
        (void)snprintf(path, sizeof path, "%s[%u]", key, i);
        const char *name = names->at[i];
        if (node_is_outside(name) ? !pack_outside_name(name) : !resolver_known(name))
            return pack_fault(draft, list, index, path, err,
                              "there is no resolver '%s'; see docs/architecture/core.md §3", name);
    }
    return ERR_OK;
}

static enum errc check_when(const struct pack_draft *draft, enum pack_list list, uint32_t index,
                            const struct pack_when *when, struct err *err)
{
    if (!when->field != (when->value.count == 0))
        return pack_fault(draft, list, index, "when", err, "'field' and 'value' go together");
    if (when->newly && when->graded_count == 0)
        return pack_fault(draft, list, index, "when.newly", err, "'newly' needs the levels in 'graded'");
    return check_roles_of(draft, list, index, "when.role", &when->role, err);
}

static bool region_code(const char *text)
{
    return region_covers(text, text);
}

/* The answers that a kind of need understands. */
static bool answer_known(int what, const char *word)
{
    switch ((enum power_what)what) {
    case POWER_TIER: return tier_parse(word) >= 0;
    case POWER_REGION: return streq(word, "own") || region_code(word);
    case POWER_PUBLISHER: return streq(word, "self") || streq(word, "self-told");
    case POWER_BASIS: return basis_parse(word) >= 0;
    case POWER_CONSENT:
    case POWER_RESPONSE_STARTED: return streq(word, "yes") || streq(word, "no");
    case POWER_NOBODY:
    case POWER_WHAT_COUNT: break;
    }
    return false;
}

static enum errc check_need(const struct pack_draft *draft, uint32_t index, uint32_t n,
                            const struct power_need *need, struct err *err)
{
    char path[40];
    (void)snprintf(path, sizeof path, "needs[%u].in", n);
    if (need->what != POWER_NOBODY && need->in.count == 0)
        return pack_fault(draft, PACK_POWERS, index, path, err, "say in 'in' which answers will do");
    for (uint32_t k = 0; k < need->in.count; k++)
        if (!answer_known(need->what, need->in.at[k]))
            return pack_fault(draft, PACK_POWERS, index, path, err, "'%s' is no answer to this need",
                              need->in.at[k]);
    return ERR_OK;
}

static enum errc check_powers(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->powers_count && rc == ERR_OK; i++) {
        const struct power_row *row = &pack->powers[i];
        rc = check_enforced(draft, PACK_POWERS, i, row->confidence, row->enforce, err);
        for (uint32_t n = 0; n < row->needs_count && rc == ERR_OK; n++)
            rc = check_need(draft, i, n, &row->needs[n], err);
        if (rc == ERR_OK && (row->when.tier_count > 0 || row->when.role.count > 0 || row->when.field ||
                             row->when.happened != ANSWER_UNKNOWN))
            rc = pack_fault(draft, PACK_POWERS, i, "when", err,
                            "a power is chosen by level and colour only; put the rest into 'needs'");
    }
    return rc;
}

static bool deadline_counts(enum deadline_kind kind)
{
    return kind == DEADLINE_HOURS || kind == DEADLINE_MINUTES || kind == DEADLINE_DAYS ||
           kind == DEADLINE_WORKING_DAYS;
}

static enum errc check_deadline(const struct pack_draft *draft, uint32_t index,
                                const struct pack_deadline *deadline, struct err *err)
{
    bool counts = deadline_counts(deadline->kind);
    const char *from = deadline->from;
    if (counts && (deadline->n < 1 || deadline->n > 3660))
        return pack_fault(draft, PACK_DUTIES, index, "deadline", err, "%s needs n, from 1 to 3660",
                          deadline_name(deadline->kind));
    if (!counts && deadline->n != 0)
        return pack_fault(draft, PACK_DUTIES, index, "deadline.n", err,
                          "%s has no number, and none may be invented; remove n",
                          deadline_name(deadline->kind));
    if (deadline->kind == DEADLINE_STATED && (!from || strncmp(from, "body.", 5) != 0))
        return pack_fault(draft, PACK_DUTIES, index, "deadline", err,
                          "say in 'from' which field of the act states the time, body.<field>");
    if (from && !streq(from, "happened") && !streq(from, "recorded") && strncmp(from, "body.", 5) != 0)
        return pack_fault(draft, PACK_DUTIES, index, "deadline.from", err,
                          "'%s': write happened, recorded or body.<field>", from);
    return ERR_OK;
}

/* "004.6.1a" or "004.6.1a.2" for the provision 004.6.1a, so that an id leads to the law. */
static bool id_of(const char *id, const char *provision)
{
    size_t n = strlen(provision);
    return strncmp(id, provision, n) == 0 && (id[n] == '\0' || id[n] == '.');
}

static enum errc check_duty(const struct pack_draft *draft, uint32_t i, struct err *err)
{
    const struct duty_row *row = &draft->pack->duties[i];
    enum errc rc = ERR_OK;
    if (!id_of(row->id, row->provision))
        return pack_fault(draft, PACK_DUTIES, i, "id", err, "begin the id with its provision, %s",
                          row->provision);
    if (row->opened_by.count == 0)
        return pack_fault(draft, PACK_DUTIES, i, "", err, "nothing opens it; name an act in 'opened_by'");
    if (row->performed_by.count == 0)
        return pack_fault(draft, PACK_DUTIES, i, "", err,
                          "nothing performs it; name an act in 'performed_by'");
    if (row->owners.count == 0)
        return pack_fault(draft, PACK_DUTIES, i, "", err, "nobody owes it; name a resolver in 'owners'");
    if (row->repeats && row->cancelled_by.count == 0)
        return pack_fault(draft, PACK_DUTIES, i, "repeats", err,
                          "owed again and again, but nothing ends it; name an act in 'cancelled_by'");
    if (row->ambiguity && !pack_ambiguity(draft->pack, row->ambiguity))
        return pack_fault(draft, PACK_DUTIES, i, "ambiguity", err, "there is no ambiguity '%s'",
                          row->ambiguity);
    rc = check_resolvers(draft, PACK_DUTIES, i, "owners", &row->owners, err);
    if (rc == ERR_OK)
        rc = check_resolvers(draft, PACK_DUTIES, i, "receivers", &row->receivers, err);
    if (rc == ERR_OK)
        rc = check_roles_of(draft, PACK_DUTIES, i, "owner_roles", &row->owner_roles, err);
    if (rc == ERR_OK)
        rc = check_when(draft, PACK_DUTIES, i, &row->when, err);
    if (rc == ERR_OK)
        rc = check_deadline(draft, i, &row->deadline, err);
    if (rc == ERR_OK)
        rc = check_enforced(draft, PACK_DUTIES, i, row->confidence, row->enforce, err);
    return rc;
}

static enum errc check_routes(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->routes_count && rc == ERR_OK; i++) {
        const struct route_row *row = &pack->routes[i];
        if (row->to.count == 0)
            return pack_fault(draft, PACK_ROUTES, i, "", err, "it leads to nobody; name a resolver in 'to'");
        if (row->ambiguity && !pack_ambiguity(pack, row->ambiguity))
            return pack_fault(draft, PACK_ROUTES, i, "ambiguity", err, "there is no ambiguity '%s'",
                              row->ambiguity);
        rc = check_resolvers(draft, PACK_ROUTES, i, "to", &row->to, err);
        if (rc == ERR_OK)
            rc = check_when(draft, PACK_ROUTES, i, &row->when, err);
    }
    return rc;
}

static enum errc check_words(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->fields_count && rc == ERR_OK; i++)
        if (!pack_provision(pack, pack->fields[i].provision))
            rc = pack_fault(draft, PACK_FIELDS, i, "provision", err, "there is no provision '%s'",
                            pack->fields[i].provision);
    for (uint32_t i = 0; i < pack->enums_count && rc == ERR_OK; i++) {
        const struct enum_row *row = &pack->enums[i];
        rc = check_clause(draft, PACK_ENUMS, i, row->clause, err);
        for (uint32_t v = 1; v < row->values_count && rc == ERR_OK; v++)
            for (uint32_t k = 0; k < v && rc == ERR_OK; k++)
                if (streq(row->values[v].id, row->values[k].id))
                    rc = pack_fault(draft, PACK_ENUMS, i, "values", err, "the value '%s' is there twice",
                                    row->values[v].id);
    }
    for (uint32_t i = 0; i < pack->documents_count && rc == ERR_OK; i++)
        rc = check_clause(draft, PACK_DOCUMENTS, i, pack->documents[i].clause, err);
    for (uint32_t i = 0; i < pack->ambiguities_count && rc == ERR_OK; i++)
        for (uint32_t c = 0; c < pack->ambiguities[i].clauses.count && rc == ERR_OK; c++)
            if (!pack_clause(pack, pack->ambiguities[i].clauses.at[c]))
                rc = pack_fault(draft, PACK_AMBIGUITIES, i, "clauses", err, "there is no clause '%s'",
                                pack->ambiguities[i].clauses.at[c]);
    return rc;
}

static enum errc check_roles(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    for (uint32_t i = 0; draft->list_files[PACK_ROLES] && i < pack->roles_count; i++) {
        const struct role_row *row = &pack->roles[i];
        uint32_t steps = 0;
        for (const char *of = row->of; of; steps++) {
            const struct role_row *above = pack_role_row(pack, of);
            if (!above)
                return pack_fault(draft, PACK_ROLES, i, "of", err, "there is no role '%s'", of);
            if (steps > pack->roles_count)
                return pack_fault(draft, PACK_ROLES, i, "of", err, "%s is a kind of itself", row->code);
            of = above->of;
        }
        if (row->large && !row->of)
            return pack_fault(draft, PACK_ROLES, i, "large", err, "say in 'of' which role is large");
    }
    return ERR_OK;
}

static enum errc check_organisations(const struct pack_draft *draft, struct err *err)
{
    const struct pack *pack = draft->pack;
    for (uint32_t i = 0; i < pack->organisations_count; i++) {
        const struct organisation_row *row = &pack->organisations[i];
        if (!pack_role_row(pack, row->role))
            return pack_fault(draft, PACK_ORGANISATIONS, i, "role", err, "there is no role '%s'", row->role);
        for (uint32_t a = 0; a < row->aliases_count; a++) {
            const struct alias_row *alias = &row->aliases[a];
            if ((alias->from && !is_date(alias->from)) || (alias->until && !is_date(alias->until)))
                return pack_fault(draft, PACK_ORGANISATIONS, i, "aliases", err,
                                  "%s: no such day; write YYYY-MM-DD", alias->name);
        }
    }
    return ERR_OK;
}

enum errc pack_check(const struct pack_draft *draft, struct err *err)
{
    static enum errc (*const CHECKS[])(const struct pack_draft *draft, struct err *err) = {
        check_roles,  check_provisions, check_levels,        check_powers,
        check_routes, check_words,      check_organisations,
    };
    enum errc rc = check_head(draft, err);
    for (int l = 0; l < PACK_LIST_COUNT && rc == ERR_OK; l++)
        rc = check_unique(draft, (enum pack_list)l, err);
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0] && rc == ERR_OK; i++)
        rc = CHECKS[i](draft, err);
    for (uint32_t i = 0; i < draft->pack->duties_count && rc == ERR_OK; i++)
        rc = check_duty(draft, i, err);
    if (rc == ERR_OK)
        rc = check_gaps(draft, err);
    if (rc == ERR_OK)
        rc = check_coverage(draft, err);
    return rc;
}
