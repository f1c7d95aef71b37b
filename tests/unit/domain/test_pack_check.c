#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

#define PLAN "miit-2017-281/"

/* Each rule of pack_check.c is broken once. */
static const struct rules_fault FAULTS[] = {
    /* the description */
    {PLAN "pack.yaml", "id: miit-2017-281", "id: miit-2017", "id: miit-2017", "name of the folder"},
    {PLAN "pack.yaml", "signed: 2017-11-14", "signed: 2017-11-31", "2017-11-31", "no such day"},
    {PLAN "pack.yaml", "effective: 2017-11-14", "effective: soon", "soon", "no such day"},
    {PLAN "pack.yaml", "  main: true", "  main: true\n  expires: x", "expires", "no such day"},
    {"shca-2020/pack.yaml", "complete: false", "main: true", "main: true", "main pack already"},
    /* ids */
    {PLAN "clauses.yaml", "  - id: \"1.2\"", "  - id: \"1.1\"", "  - id: \"1.1\"\n    title: 编制依据",
     "twice"},
    {PLAN "duties.yaml", "  - id: 004.4.1d", "  - id: 004.4.1b", "  - id: 004.4.1b\n    provision: 004.4.1d",
     "twice"},
    {PLAN "enums.yaml", "{id: intrusion, zh: 网络入侵, en: intrusion}\n      - {id: malware",
     "{id: malware, zh: 网络入侵, en: x}\n      - {id: malware", "values:", "twice"},
    /* clauses and provisions */
    {PLAN "provisions.yaml", "zh: 不得迟报", "zh: 不要迟报", "不要迟报", "word for word"},
    {PLAN "provisions.yaml", "clause: \"4.3\"", "clause: \"4.9\"", "clause: \"4.9\"", "no clause '4.9'"},
    {PLAN "provisions.yaml", "who: [CSAB]", "who: [CSA]", "who: [CSA]", "no role 'CSA'"},
    {PLAN "provisions.yaml", "clause: \"9.2\"", "clause: \"9.1\"", "zh: 本预案由工业和信息化部网络安全管理局",
     "word for word"},
    {PLAN "clauses.yaml", "  - id: \"9.2\"", "  - id: \"9.2a\"\n    en: x\n    text: x\n  - id: \"9.2\"",
     "9.2a", "no provision"},
    {PLAN "gaps.yaml", "provision: 004.5.5e", "provision: 004.x", "004.x", "no provision"},
    {PLAN "gaps.yaml", "provision: 004.5.5e", "provision: 004.5.5f", "004.5.5f", "so it is no gap"},
    /* levels */
    {PLAN "levels.yaml", "clause: \"3.4\"}", "clause: \"3.5\"}", "clause: \"3.5\"}", "no clause"},
    {PLAN "levels.yaml", "    machine: true\n    tests: [{fact: leaked_users, op: min, value: 100000000}]",
     "    machine: true\n    tests: [{fact: judged.virus_outbreak, op: is, value: true}]",
     "    machine: true\n    tests: [{fact: judged", "no test asks for a number"},
    {PLAN "levels.yaml", "    tests: [{fact: judged.cn_tld_degraded, op: is, value: true}]\n", "",
     "    enforce: true\n  - id: L1-3", "without tests"},
    {PLAN "levels.yaml", "  - {level: IV, name: 一般, en: ordinary, colour: blue, clause: \"3.4\"}\n", "",
     "    level: IV\n", "no such level"},
    {"cac-2025/levels.yaml", "confidence: verified, enforce: true", "confidence: draft, enforce: true",
     "C1-leak", "only what is source or verified"},
    /* powers */
    {PLAN "powers.yaml", "in: [ministry]", "in: [minister]", "in: [minister]", "no answer to this need"},
    {PLAN "powers.yaml", "in: [own]", "in: [mine]", "in: [mine]", "no answer"},
    {PLAN "powers.yaml", "in: [self]", "in: [me]", "in: [me]", "no answer"},
    {PLAN "powers.yaml", "in: [state, leading-group]", "in: [state, whim]", "in: [state, whim]", "no answer"},
    {PLAN "powers.yaml", "in: [\"yes\"]", "in: [maybe]", "in: [maybe]", "no answer"},
    {PLAN "powers.yaml", "        in: [ministry]\n", "", "      - what: tier", "which answers will do"},
    {PLAN "powers.yaml", "when: {colour: [red]}", "when: {tier: [ministry]}", "when: {tier", "only"},
    {PLAN "powers.yaml", "    confidence: source\n    enforce: true",
     "    confidence: memory\n    enforce: true", "    enforce: true\n  - id: publish-orange",
     "only what is source"},
    /* duties */
    {PLAN "duties.yaml", "  - id: 004.4.1a\n", "  - id: watch\n", "id: watch", "begin the id"},
    {PLAN "duties.yaml", "    opened_by: [incident.received]\n", "", "  - id: 004.2.2b.1",
     "nothing opens it"},
    {PLAN "duties.yaml", "    performed_by: [outside.informed]\n", "", "  - id: 004.2.2b.1",
     "nothing performs it"},
    {PLAN "duties.yaml", "    owners: [self]\n", "", "  - id: 004.2.2b.1", "nobody owes it"},
    {PLAN "duties.yaml", "owners: [meo]", "owners: [boss]", "owners: [boss]", "no resolver 'boss'"},
    {PLAN "duties.yaml", "receivers: [meo]", "receivers: [\"x:MOON\"]", "x:MOON", "no resolver 'x:MOON'"},
    {PLAN "duties.yaml", "owner_roles: [MEO, PCA]", "owner_roles: [MEO, PCB]", "owner_roles: [MEO, PCB]",
     "no role"},
    {PLAN "duties.yaml", "when: {role: [TEL, DNS, INT]}", "when: {role: [TEL, DNS, NET]}", "NET]", "no role"},
    {PLAN "duties.yaml", "when: {field: measure, value: [duty_24h]}", "when: {field: measure}",
     "when: {field: measure}", "go together"},
    {PLAN "duties.yaml", "when: {level: [I]}", "when: {newly: true}", "newly", "needs the levels"},
    {PLAN "duties.yaml", "kind: working_days, n: 10", "kind: working_days", "kind: working_days, from",
     "needs n"},
    {PLAN "duties.yaml", "kind: immediate, from: body.aware", "kind: immediate, n: 2, from: body.aware",
     "n: 2", "none may be invented"},
    {PLAN "duties.yaml", "from: recorded", "from: yesterday", "from: yesterday",
     "happened, recorded or body"},
    {PLAN "duties.yaml", "kind: stated, from: body.due", "kind: stated", "kind: stated}", "which field"},
    {PLAN "duties.yaml", "    anywhere: true\n", "    anywhere: true\n    repeats: true\n", "repeats: true\n",
     "nothing ends it"},
    {PLAN "duties.yaml", "ambiguity: \"6\"", "ambiguity: \"66\"", "ambiguity: \"66\"", "no ambiguity"},
    {"cac-2025/duties.yaml", "    confidence: memory\n", "    confidence: memory\n    enforce: true\n",
     "    enforce: true\n  - id: cac.4.2a", "only what is source"},
    /* routes */
    {PLAN "routes.yaml", "to: [meo, pca_relevant], ambiguity: \"6\"}", "to: [], ambiguity: \"6\"}", "to: []",
     "leads to nobody"},
    {PLAN "routes.yaml", "to: [meo, pca_relevant]", "to: [meo, pca]", "pca]", "no resolver 'pca'"},
    {PLAN "routes.yaml", "ambiguity: \"50\"", "ambiguity: \"99\"", "ambiguity: \"99\"", "no ambiguity"},
    {PLAN "routes.yaml", "when: {role: [PRO, SEC]}", "when: {role: [PRA, SEC]}", "PRA", "no role"},
    /* words */
    {PLAN "fields.yaml", "provision: 004.4.4g", "provision: 004.x", "004.x", "no provision"},
    {PLAN "enums.yaml", "clause: \"7.5\"", "clause: \"7.9\"", "7.9", "no clause"},
    {PLAN "documents.yaml", "clause: 4.5.1(2)", "clause: 4.5.1(9)", "4.5.1(9)", "no clause"},
    {PLAN "ambiguities.yaml", "clauses: [\"4.3\"]", "clauses: [\"4.33\"]", "4.33", "no clause"},
    /* roles and organisations */
    {PLAN "roles.yaml", "en: the ministry, of: TRA", "en: the ministry, of: TRX", "of: TRX", "no role"},
    {PLAN "roles.yaml", "of: INT, large: true", "large: true", "code: INT-L", "which role is large"},
    {PLAN "organisations.yaml", "role: PRO", "role: PRX", "role: PRX", "no role"},
    {PLAN "organisations.yaml", "{name: CNCERT}", "{name: CNCERT, from: 2018-13-01}", "2018-13-01",
     "no such day"},
};

static void every_rule_is_fed_a_violation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        assert_rules_refused(&FAULTS[i]);
}

static void a_provision_without_a_rule_must_be_a_gap(void **state)
{
    (void)state;
    static const struct rules_fault FAULT = {PLAN "provisions.yaml", "  - id: 004.9.1a",
                                             "  - id: 004.9.1z\n    clause: \"9.1\"\n    modality: must\n    "
                                             "zh: 本预案原则上每年评估一次\n    en: x\n  - id: 004.9.1a",
                                             "004.9.1z", "no rule hangs on 004.9.1z"};
    assert_rules_refused(&FAULT);
}

static void roles_cannot_go_in_a_circle(void **state)
{
    (void)state;
    static const struct rules_fault FAULT = {PLAN "roles.yaml", "zh: 电信主管部门, en:",
                                             "zh: 电信主管部门, of: PCA, en:", "of: PCA", "a kind of itself"};
    assert_rules_refused(&FAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_fed_a_violation),
        cmocka_unit_test(a_provision_without_a_rule_must_be_a_gap),
        cmocka_unit_test(roles_cannot_go_in_a_circle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
