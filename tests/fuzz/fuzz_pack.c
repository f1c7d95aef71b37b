/* Rules that are taken can be asked and shown; what is refused names the file, and nothing is left behind.
 *
 * The first byte says which kind of file the rest is: of a pack, of the calendar, of the regions. A pack gets
 * the regions of two lines beside it. */
#include "domain/calendar.h"
#include "domain/grade.h"
#include "domain/pack_diff.h"
#include "domain/pack_show.h"
#include "domain/power.h"
#include "fuzz.h"

#include <string.h>

static const char REGIONS[] = "regions:\n  - {code: 330000, name: a}\n  - {code: 330100, name: b}\n";

static enum errc ignore(void *context, const struct pack_change *change, struct err *err)
{
    (void)err;
    *(size_t *)context += change->pack[0] != '\0';
    return ERR_OK;
}

static void ask_power(const struct pack_set *set, const struct pack *pack)
{
    for (uint32_t i = 0; i < pack->powers_count && i < 8; i++) {
        struct power_query query = power_query(pack->powers[i].act, TIER_PROVINCE);
        struct power_answer answer;
        struct err err;
        query.colour = COLOUR_BLUE;
        if (power_check(set, &query, &answer, &err) == ERR_OK)
            must(answer.clause && answer.why.en && answer.allowed == !answer.need);
        else
            must(err.message[0]);
    }
}

static void ask_grade(const struct pack *pack)
{
    struct facts facts = {0};
    struct grade grade;
    struct arena arena;
    struct err err;
    facts.at[FACT_LEAKED_USERS] = (struct fact){.known = true, .number = 1000000};
    arena_init(&arena, 1 << 20);
    if (grade_facts(pack, &facts, &arena, &grade, &err) == ERR_OK) {
        must(grade.condition_count == pack->conditions_count);
        json_decref(grade_json(&grade, GRADE_ALL));
    }
    arena_done(&arena);
}

static void ask(const struct pack_set *set)
{
    struct calendar_basis basis;
    size_t changes = 0;
    int32_t day = 0;
    must(calendar_add(pack_set_calendar(set), 18000, 20, CALENDAR_LATEST, &day, &basis, NULL) == ERR_OK);
    must(day > 18000);
    must(pack_diff(set, set, ignore, &changes, NULL) == ERR_OK && changes == 0);
    for (size_t i = 0; i < pack_set_count(set); i++) {
        const struct pack *pack = pack_set_at(set, i);
        ask_grade(pack);
        ask_power(set, pack);
        for (uint32_t c = 0; c < pack->clauses_count && c < 8; c++)
            json_decref(pack_show_clause(pack, &pack->clauses[c]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const PATHS[] = {"p/a.yaml", "calendar/a.yaml", "regions/a.yaml"};
    struct pack_set *set = NULL;
    struct err err;
    if (size == 0)
        return 0;
    const char *path = PATHS[data[0] % 3];
    struct embed_file files[] = {{path, (const char *)data + 1, size - 1},
                                 {"regions/b.yaml", REGIONS, sizeof REGIONS - 1}};
    struct embed_set all = {files, 2};
    err_clear(&err);
    if (pack_set_load(&all, &set, &err) == ERR_OK)
        ask(set);
    else
        must(!set && err.code < 0 && err.message[0]);
    pack_set_free(set);
    return 0;
}
