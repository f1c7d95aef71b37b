#include "domain/pack_check.h"

#include "base/str.h"
#include "domain/facts.h"
#include "domain/power.h"

#include <stdio.h>
#include <string.h>

enum errc pack_fault(const struct pack_draft *draft, enum pack_list list, uint32_t index, const char *path,
                     struct err *err, const char *fmt, ...)
{
    char message[400];
    char whole[120];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    (void)snprintf(whole, sizeof whole, "%s[%u]%s%s", PACK_LISTS[list].key, index, path[0] ? "." : "", path);
    const struct embed_file *file = draft->list_files[list];
    return yamldoc_fault(err, file->path, file->bytes, file->size_bytes, whole, "%s", message);
}

/* A place in a row, for the helpers below. */
struct place {
    const struct pack_draft *draft;
    enum pack_list list;
    uint32_t index;
};

static enum errc link_law(struct place at, const char *id, const char *path, const struct provision_row **out,
                          struct err *err)
{
    *out = pack_provision(at.draft->pack, id);
    if (!*out)
        return pack_fault(at.draft, at.list, at.index, path, err,
                          "there is no provision '%s'; add it to 'provisions' or correct the id", id);
    return ERR_OK;
}

/* Whole, not negative, without sign or spaces. */
static bool read_number(const char *text, int64_t *out)
{
    int64_t number = 0;
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || n > 18)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    *out = number;
    return true;
}

static bool takes_number(int op)
{
    return op == FACT_OP_MIN || op == FACT_OP_MAX;
}

static bool takes_word(int op)
{
    return op == FACT_OP_IS || op == FACT_OP_HAS || op == FACT_OP_LACKS;
}

static bool takes_fact(int op)
{
    return op == FACT_OP_ABOVE || op == FACT_OP_OUTSIDE;
}

/* Which kinds of fact an op can ask. */
static bool fits(int op, enum fact_type type)
{
    switch ((enum fact_op)op) {
    case FACT_OP_IS: return type == FACT_IS_BOOL || type == FACT_IS_WORD;
    case FACT_OP_MIN:
    case FACT_OP_MAX: return type == FACT_IS_COUNT || type == FACT_IS_WORDS || type == FACT_IS_REGIONS;
    case FACT_OP_HAS:
    case FACT_OP_LACKS: return type == FACT_IS_WORDS;
    case FACT_OP_ABOVE: return type == FACT_IS_COUNT;
    case FACT_OP_OUTSIDE: return type == FACT_IS_REGIONS;
    case FACT_OP_KNOWN:
    case FACT_OP_UNKNOWN:
    case FACT_OP_COUNT: break;
    }
    return true;
}

static enum errc link_test(struct place at, uint32_t t, struct fact_test *test, struct err *err)
{
    char path[40];
    const char *op = fact_op_name((enum fact_op)test->op);
    (void)snprintf(path, sizeof path, "tests[%u].fact", t);
    test->fact_id = fact_parse(test->fact);
    if (test->fact_id < 0)
        return pack_fault(at.draft, at.list, at.index, path, err,
                          "there is no fact '%s'; the facts are those of 'fengsui grade'", test->fact);
    enum fact_type type = fact_type((enum fact_id)test->fact_id);
    (void)snprintf(path, sizeof path, "tests[%u].op", t);
    if (!fits(test->op, type))
        return pack_fault(at.draft, at.list, at.index, path, err, "'%s' cannot be asked of %s", op,
                          test->fact);
    (void)snprintf(path, sizeof path, "tests[%u].value", t);
    if (takes_number(test->op) && !read_number(test->value, &test->number))
        return pack_fault(at.draft, at.list, at.index, path, err, "'%s' needs a whole number as its value",
                          op);
    if (takes_word(test->op) && !fact_word_known((enum fact_id)test->fact_id, test->value))
        return pack_fault(at.draft, at.list, at.index, path, err, "%s can never be '%s'", test->fact,
                          test->value ? test->value : "");
    if (takes_fact(test->op)) {
        test->other_id = fact_parse(test->value);
        if (test->other_id < 0 || fact_type((enum fact_id)test->other_id) != type)
            return pack_fault(at.draft, at.list, at.index, path, err,
                              "'%s' needs another fact of the same kind as its value", op);
    }
    if ((test->op == FACT_OP_KNOWN || test->op == FACT_OP_UNKNOWN) && test->value)
        return pack_fault(at.draft, at.list, at.index, path, err, "'%s' takes no value; remove it", op);
    return ERR_OK;
}

static enum errc link_tests(struct place at, struct tests *tests, struct err *err)
{
    enum errc rc = ERR_OK;
    for (uint32_t t = 0; t < tests->count && rc == ERR_OK; t++)
        rc = link_test(at, t, &tests->at[t], err);
    return rc;
}

static enum errc link_conditions(const struct pack_draft *draft, struct err *err)
{
    struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->conditions_count && rc == ERR_OK; i++) {
        struct condition_row *row = &pack->conditions[i];
        struct place at = {draft, PACK_CONDITIONS, i};
        rc = link_law(at, row->provision, "provision", &row->law, err);
        if (rc == ERR_OK)
            rc = link_tests(at, &row->tests, err);
        for (uint32_t w = 0; w < row->wants.count && rc == ERR_OK; w++)
            if (fact_parse(row->wants.at[w]) < 0)
                rc = pack_fault(draft, PACK_CONDITIONS, i, "wants", err, "there is no fact '%s'",
                                row->wants.at[w]);
    }
    return rc;
}

static enum errc link_facts(const struct pack_draft *draft, struct err *err)
{
    struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->notes_count && rc == ERR_OK; i++)
        rc = link_tests((struct place){draft, PACK_NOTES, i}, &pack->notes[i].tests, err);
    for (uint32_t i = 0; i < pack->derived_count && rc == ERR_OK; i++) {
        struct derive_row *row = &pack->derived[i];
        row->fact_id = fact_parse(row->fact);
        row->from_id = fact_parse(row->from);
        if (row->fact_id < 0 || fact_type((enum fact_id)row->fact_id) != FACT_IS_REGIONS ||
            row->from_id < 0 || fact_type((enum fact_id)row->from_id) != FACT_IS_REGIONS)
            rc = pack_fault(draft, PACK_DERIVED, i, "fact", err,
                            "only facts that list regions can be derived");
    }
    return rc;
}

static enum errc link_powers(const struct pack_draft *draft, struct err *err)
{
    struct pack *pack = draft->pack;
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; i < pack->powers_count && rc == ERR_OK; i++) {
        struct power_row *row = &pack->powers[i];
        struct place at = {draft, PACK_POWERS, i};
        rc = link_law(at, row->provision, "provision", &row->law, err);
        for (uint32_t n = 0; n < row->needs_count && rc == ERR_OK; n++) {
            struct power_need *need = &row->needs[n];
            char path[40];
            (void)snprintf(path, sizeof path, "needs[%u].provision", n);
            need->law = row->law;
            if (need->provision)
                rc = link_law(at, need->provision, path, &need->law, err);
        }
    }
    return rc;
}

enum errc pack_link(const struct pack_draft *draft, struct err *err)
{
    struct pack *pack = draft->pack;
    enum errc rc = link_conditions(draft, err);
    if (rc == ERR_OK)
        rc = link_facts(draft, err);
    if (rc == ERR_OK)
        rc = link_powers(draft, err);
    for (uint32_t i = 0; i < pack->duties_count && rc == ERR_OK; i++)
        rc = link_law((struct place){draft, PACK_DUTIES, i}, pack->duties[i].provision, "provision",
                      &pack->duties[i].law, err);
    for (uint32_t i = 0; i < pack->routes_count && rc == ERR_OK; i++)
        rc = link_law((struct place){draft, PACK_ROUTES, i}, pack->routes[i].provision, "provision",
                      &pack->routes[i].law, err);
    return rc;
}
