#!/usr/bin/env python3
"""Writes docs/clauses.md: every clause of the plan, the rules that hang on it, the acts, the code, the tests.

tools/clauses.py BUILD/fengsui            writes the page
tools/clauses.py --check BUILD/fengsui    fails where a clause has no rule and no gap with a reason, where an
                                          act is in no catalogue, or where the page is out of date

The rules are what the program itself says (`fengsui rules show --json all`), the acts those of api/acts. The
tests named are those that ask every row of a kind.
"""
import argparse
import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PACK = "miit-2017-281"
PAGE = "docs/clauses.md"

# What a kind of row is worked by: its code, and the tests that ask every row of the kind.
WORKED_BY = {
    "condition": ("src/domain/grade.c", "tests/unit/domain/test_grade.c"),
    "power": ("src/domain/power.c", "tests/unit/domain/test_power.c"),
    "duty": ("src/domain/duties.c", "tests/unit/domain/test_rule_rows.c"),
    "route": ("src/domain/judge.c", "tests/unit/domain/test_rule_rows.c"),
    "fields": ("src/domain/fields.c", "tests/unit/domain/test_rule_rows.c"),
    "list": ("src/domain/fields.c", "tests/unit/domain/test_rule_rows.c"),
}


def clauses(program):
    done = subprocess.run([program, "rules", "show", "--json", "--pack", PACK, "all"], capture_output=True,
                          check=True, cwd=ROOT)
    return json.loads(done.stdout)


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def catalogue():
    """The act kinds, and for every power the kinds that ask for it."""
    kinds, powers = set(), {}
    folder = os.path.join(ROOT, "api/acts")
    for name in sorted(os.listdir(folder)):
        kind = None
        for line in text_of(f"api/acts/{name}").splitlines():
            found = re.match(r"  - kind: (\S+)", line)
            if found:
                kind = found[1]
                kinds.add(kind)
            found = re.search(r"power: ([\w.]+)", line)
            if found and kind:
                powers.setdefault(found[1], []).append(kind)
    return kinds, powers


def rules_of(provision, powers):
    """(kind of row, id, acts) of everything that hangs on a provision."""
    for row in provision["conditions"]:
        yield "condition", row["id"], ["incident.reported", "incident.assessed"]
    for row in provision["powers"]:
        yield "power", row["id"], powers.get(row["act"], [])
    for row in provision["duties"]:
        yield "duty", row["id"], row["opened_by"] + row["performed_by"]
    for row in provision["routes"]:
        yield "route", row["id"], [row["act"]]
    for row in provision["fields"]:
        yield "fields", row["name"], row["acts"]


def lists_of(clause, provision):
    """A definition works through the lists of its clause."""
    if provision["modality"] == "definition":
        for row in clause["enums"]:
            yield "list", row["name"], []


def unique(items):
    return list(dict.fromkeys(items))


def row_of(clause, provision, powers, findings, kinds):
    rules = list(rules_of(provision, powers))
    if not rules and not provision["gap"]:
        rules = list(lists_of(clause, provision))
    if not rules and clause["clause"] in ("3.1", "3.2", "3.3", "3.4"):
        rules = [("condition", f"L{clause['clause'][2]}-*", [])]
    acts = unique(a for _, _, acts in rules for a in acts)
    for act in acts:
        if act not in kinds:
            findings.append(f"{provision['id']}: the act '{act}' is in no catalogue")
    if not rules and not provision["gap"]:
        findings.append(f"{provision['id']}: no rule hangs on it, and it is no gap with a reason")
    code = unique(WORKED_BY[kind][0] for kind, _, _ in rules)
    tests = unique(WORKED_BY[kind][1] for kind, _, _ in rules)
    gap = f"— {provision['gap']['kind']}: {provision['gap']['reason']}" if provision["gap"] else ""
    return [provision["id"], provision["modality"],
            ", ".join(f"{kind} `{name}`" for kind, name, _ in rules) or gap,
            ", ".join(f"`{act}`" for act in acts), ", ".join(link(path) for path in code),
            ", ".join(link(path) for path in tests)]


def link(path):
    return f"[{os.path.basename(path)}](../{path})"


def page(program, findings):
    kinds, powers = catalogue()
    lines = ["# Every clause of the plan, and what became of it", "",
             "Made by `tools/clauses.py` from the rules that the program holds; do not edit. Each provision",
             "of 《公共互联网网络安全突发事件应急预案》 with the rules that hang on it, the acts they",
             "concern, the code that works them and the tests that ask every row of the kind. A dash is a",
             "provision on which nothing hangs, with the reason.", ""]
    count, gaps = 0, 0
    for clause in clauses(program):
        if not clause["provisions"]:
            continue
        lines += [f"## {clause['clause']} {clause['title'] or ''}".rstrip(), "",
                  "| provision | modality | rules | acts | code | tests |", "|---|---|---|---|---|---|"]
        for provision in clause["provisions"]:
            lines.append("| " + " | ".join(row_of(clause, provision, powers, findings, kinds)) + " |")
            count += 1
            gaps += provision["gap"] is not None
        lines.append("")
    lines.insert(7, f"{count} provisions: {count - gaps} with rules, {gaps} without, each with its reason.")
    lines.insert(8, "")
    return "\n".join(lines).rstrip() + "\n", count


def check_tests(findings):
    for code, test in WORKED_BY.values():
        for path in (code, test):
            if not os.path.exists(os.path.join(ROOT, path)):
                findings.append(f"there is no {path}; correct WORKED_BY in tools/clauses.py")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is wrong")
    parser.add_argument("--page", default=PAGE, help=f"the page to write or check; default: {PAGE}")
    parser.add_argument("program", help="the built fengsui")
    args = parser.parse_args()
    findings = []
    text, count = page(os.path.abspath(args.program), findings)
    check_tests(findings)
    if not args.check:
        with open(os.path.join(ROOT, args.page), "w", encoding="utf-8") as file:
            file.write(text)
    elif not os.path.exists(os.path.join(ROOT, args.page)) or text_of(args.page) != text:
        findings.append(f"{args.page} is out of date; run tools/clauses.py BUILD/fengsui")
    for finding in findings:
        print(finding)
    print(f"{count} provisions, {len(findings)} findings")
    return 1 if findings or count == 0 else 0


sys.exit(main())
