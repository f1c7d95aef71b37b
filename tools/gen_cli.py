#!/usr/bin/env python3
"""gen_cli.py API_FOLDER OUT_FILE: makes the commands that do acts from api/openapi.yaml and api/acts/*.yaml.

One command an act that people can make: `incident report` for incident.reported, its fields as options, its
words as choices; and `list` and `show` for each type of matter. The rows are those of src/main/command.h, so
help, completion and man page follow. The generator refuses what it cannot name: a participle without its
verb, a field that hides an option of the commands.
"""
import sys

import gen_api

# The last words of act kinds, and what one types.
VERBS = {
    "accepted": "accept", "acknowledged": "acknowledge", "added": "add", "adjusted": "adjust",
    "adopted": "adopt", "assessed": "assess", "cancelled": "cancel", "changed": "change",
    "closed": "close", "consented": "consent", "consolidated": "consolidate", "consulted": "consult",
    "corrected": "correct", "denied": "deny", "disabled": "disable", "done": "finish", "dropped": "drop",
    "enabled": "enable", "ended": "end", "escalated": "escalate", "filed": "file", "followed": "follow",
    "forwarded": "forward", "held": "hold", "informed": "inform", "issued": "issue", "lifted": "lift",
    "marked": "mark", "merged": "merge", "notified": "notify", "offered": "offer", "planned": "plan",
    "posted": "assign", "preserved": "preserve", "progressed": "progress", "proposed": "propose",
    "provided": "provide", "published": "publish", "received": "receive", "recorded": "record",
    "refused": "refuse", "reissued": "reissue", "reported": "report", "requested": "request",
    "retired": "retire", "reviewed": "review", "revoked": "revoke", "run": "run", "set": "set",
    "started": "start", "stated": "state", "submitted": "submit", "superseded": "supersede",
    "verified": "verify", "withdrawn": "withdraw",
}
TAKEN = {"authority", "client", "config", "data", "dry-run", "file", "happened", "help", "json", "key",
         "no-color", "token", "under", "url"}
LEVELS = ["I", "II", "III", "IV"]
COLOURS = ["red", "orange", "yellow", "blue"]
ID = "01936f6e-0000-7000-8000-000000000000"
SAMPLES = {"time": "2009-05-19T21:50:00+08:00", "date": "2009-05-19", "region": "330000",
           "regions": "330000", "node": "pca-330000", "nodes": "pca-330000", "subject": ID, "hash": "0" * 64,
           "int": "1", "bool": "yes", "level": "III", "colour": "yellow"}

# type of a field: kind of option, how help shows the value, how it becomes JSON, may it be repeated
TYPES = {
    "text": ("TEXT", "TEXT", "TEXT", False),
    "int": ("INT", "N", "INT", False),
    "bool": ("CHOICE", "yes|no", "BOOL", False),
    "time": ("TEXT", "TIME", "TEXT", False),
    "date": ("DATE", "YYYY-MM-DD", "TEXT", False),
    "region": ("TEXT", "CODE", "TEXT", False),
    "regions": ("TEXT", "CODE", "CODES", True),
    "level": ("CHOICE", "|".join(LEVELS), "TEXT", False),
    "colour": ("CHOICE", "|".join(COLOURS), "TEXT", False),
    "enum": ("CHOICE", None, "TEXT", False),
    "enums": ("CHOICE", None, "TEXTS", True),
    "node": ("TEXT", "NODE", "TEXT", False),
    "nodes": ("TEXT", "NODE", "CODES", True),
    "subject": ("TEXT", "ID", "TEXT", False),
    "hash": ("TEXT", "HEX", "TEXT", False),
    "facts": ("TEXT", "JSON|@FILE", "JSON", False),
    "texts": ("TEXT", "TEXT", "TEXTS", True),
    "figures": ("TEXT", "JSON|@FILE", "JSON", False),
    "object": ("TEXT", "JSON|@FILE", "JSON", False),
}
BY = {"anyone": "", "owner": "By the owner of the matter. ", "party": "By a party to the matter. ",
      "addressee": "By an addressee. ", "assignee": "By the assignee. ",
      "offered": "By the node it was offered to. "}


def verb(kind):
    """"information_reported" is typed "report-information", "followed_up" "follow-up"."""
    words = kind.split(".")[1].split("_")
    for at, word in enumerate(words):
        if word in VERBS:
            return "-".join([VERBS[word]] + words[at + 1:] + words[:at])
    raise gen_api.Unsound(f"{kind}: none of its words stands in VERBS of tools/gen_cli.py")


def paths_of(contract):
    """kind → {"new": path, "subject": path, "parent": path}, and type → (list, show)."""
    acts, matters = {}, {}
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if method == "post" and "x-act" in operation:
                role = operation.get("x-id", "subject") if "{id}" in path else "new"
                acts.setdefault(operation["x-act"], {})[role] = path
            if method == "get" and operation.get("x-query") == "matters" and "x-of" in operation:
                matters[operation["x-of"]] = path
    return acts, matters


def quote(value):
    return gen_api.text(value.replace("\n", "\\n")).replace("\\\\n", "\\n")


def option_name(act, field):
    name = field["name"].replace("_", "-")
    if name in TAKEN:
        raise gen_api.Unsound(f"{act['kind']}: the field '{field['name']}' hides an option of the command")
    return name


def option_row(act, field):
    kind, value, _, repeated = TYPES[field["type"]]
    if value is None:
        value = "|".join(field["values"]) if field.get("values") else "WORD"
        kind = kind if field.get("values") else "TEXT"
    said = f"{field['zh']} {field['en']}"
    said += f" ({field['clause']})" if field.get("clause") else ""
    said += " *" if field.get("required") else ""
    said += "; secret" if field.get("secret") else ""
    parts = [f".name = {quote(option_name(act, field))}", f".kind = OPTION_{kind}",
             f".value = {quote(value)}", f".text = {quote(said)}"]
    if repeated:
        parts.append(".repeated = true")
    if kind == "INT":
        parts.append(f".min = {field.get('min', 0)}, .max = {field.get('max') or 'INT64_MAX'}")
    return "        {" + ", ".join(parts) + "},\n"


def field_row(act, field):
    return (f"        {{{quote(field['name'])}, {quote(option_name(act, field))}, "
            f"ACT_{TYPES[field['type']][2]}, {'true' if field.get('required') else 'false'}, "
            f"{quote(field.get('clause') or '')}, {quote(field['zh'])}}},\n")


def details(act, paths):
    said = BY[act.get("by", "anyone")]
    said += f"From the states {', '.join(act['from'])}. " if act.get("from") else ""
    said += f"Power {act['power']}. " if act.get("power") else ""
    said += f"Clause {act['clause']}. " if act.get("clause") else ""
    lines = [said.strip()] if said else []
    if "new" in paths and "subject" in paths:
        lines.append("Without MATTER a new one is made.")
    if "parent" in paths:
        lines.append("With --under a new one is made under that matter.")
    lines.append("Fields with * are required; those of --file and of options are put together.")
    return "\n".join(lines)


def example(name, act, paths):
    fields = [field for field in act.get("fields") or [] if field.get("required")]
    where = f" {ID}" if "subject" in paths and "new" not in paths and "parent" not in paths else ""
    where += f" --under {ID}" if "parent" in paths else ""
    if len(fields) > 3 or any(TYPES[field["type"]][2] == "JSON" for field in fields):
        return f"fengsui {name}{where} --file {name.replace(' ', '-')}.json"
    for field in fields:
        value = field["values"][0] if field.get("values") else SAMPLES.get(field["type"], field["zh"])
        value = field.get("min", value) if field["type"] == "int" else value
        where += f" --{option_name(act, field)} '{value}'" if field["type"] in ("text", "texts") else \
                 f" --{option_name(act, field)} {value}"
    return f"fengsui {name}{where}"


def operands(paths):
    if "subject" not in paths:
        return None, 0
    return ("[MATTER]", 0) if "new" in paths or "parent" in paths else ("MATTER", 1)


def path_text(path):
    return "NULL" if path is None else quote(path)


def write_act(name, act, paths, out):
    ident = name.replace(" ", "_").replace("-", "_")
    word, least = operands(paths)
    fields = act.get("fields") or []
    out.write(f"static const struct option_row OPTIONS_{ident}[] = {{\n")
    out.write("".join(option_row(act, field) for field in fields))
    out.write("        ACT_UNDER_OPTION,\n" if "parent" in paths else "")
    out.write("        ACT_OPTIONS,\n        {0}};\n")
    row = f"    {{.name = {quote(name)},\n     .summary = {quote(act['zh'] + ' ' + act['en'])},\n"
    if word:
        row += f"     .operands = {quote(word)},\n     .operands_min = {least},\n     .operands_max = 1,\n"
    row += (f"     .options = OPTIONS_{ident},\n     .details = {quote(details(act, paths))},\n"
            f"     .examples = (const struct example_row[]){{{{{quote(example(name, act, paths))}, "
            f"{quote(act['en'])}}}, {{0}}}},\n     .run = act_run}},\n")
    out.write(f"static const struct act_field FIELDS_{ident}[] = {{\n")
    out.write("".join(field_row(act, field) for field in fields))
    out.write("        {0}};\n\n")
    form = (f"    {{{quote(name)}, {quote(act['kind'])}, {quote(act['zh'])}, "
            f"{quote(act.get('clause') or '')}, {path_text(paths.get('new'))}, "
            f"{path_text(paths.get('subject'))}, {path_text(paths.get('parent'))}, FIELDS_{ident}}},\n")
    return row, form


def reading_row(name, said, options, example_line, example_said, run, operand=None):
    row = f"    {{.name = {quote(name)},\n     .summary = {quote(said)},\n"
    if operand:
        row += f"     .operands = {quote(operand)},\n     .operands_min = 1,\n     .operands_max = 1,\n"
    return row + (f"     .options = {options},\n     .examples = (const struct example_row[]){{"
                  f"{{{quote(example_line)}, {quote(example_said)}}}, {{0}}}},\n     .run = {run}}},\n")


def matter_rows(kind, zh):
    return (reading_row(f"{kind} list", f"list: {zh}", "MATTER_LIST_OPTIONS_ROWS",
                        f"fengsui {kind} list --limit 20", "the twenty that changed last", "matter_run_list")
            + reading_row(f"{kind} show", f"show one with its acts and duties: {zh}",
                          "MATTER_SHOW_OPTIONS_ROWS", f"fengsui {kind} show {ID}", "all of it",
                          "matter_run_show", "MATTER"))


def duty_rows():
    """Duties are no matters: nobody makes them but the law."""
    return (reading_row("duty list", "list what clauses make nodes owe: 义务", "DUTY_LIST_OPTIONS_ROWS",
                        "fengsui duty list --standing overdue", "what is late", "duty_run_list")
            + reading_row("duty show", "show one with its provision: 义务", "DUTY_SHOW_OPTIONS_ROWS",
                          "fengsui duty show 405cc207bf04598c3b5cee79b4a3ce93", "all of it", "duty_run_show",
                          "DUTY"))


def family_order(name):
    first = ["incident", "warning", "response", "order", "drill", "duty"]
    family = name.split()[0]
    return (first.index(family) if family in first else len(first), family)


def main(folder, out_path):
    contract, acts = gen_api.load(folder)
    try:
        paths, matters = paths_of(contract)
        commands = []
        forms = []
        with open(out_path, "w", encoding="utf-8") as out:
            out.write("/* Made by tools/gen_cli.py from api/openapi.yaml and api/acts. */\n"
                      "#include \"main/act_form.h\"\n#include \"main/matter.h\"\n\n")
            zh = {act["subject"]: act["subject_zh"] for act in acts.values()}
            for kind in sorted(matters):
                commands.append((f"{kind} list", matter_rows(kind, zh[kind])))
            commands.append(("duty list", duty_rows()))
            for kind in paths:
                name = f"{kind.split('.')[0]} {verb(kind)}"
                if any(name == known for known, _ in commands):
                    raise gen_api.Unsound(f"{kind}: the command '{name}' is there twice")
                row, form = write_act(name, acts[kind], paths[kind], out)
                commands.append((name, row))
                forms.append(form)
            commands.sort(key=lambda command: family_order(command[0]))
            out.write("static const struct act_form FORMS[] = {\n" + "".join(forms) + "    {0}};\n\n")
            out.write("const struct act_form *const ACT_FORMS = FORMS;\n\n")
            out.write("static const struct command ROWS[] = {\n" + "".join(row for _, row in commands)
                      + "    {0}};\n\n")
            out.write("const struct command_group COMMANDS_acts = {\"Acts and matters of a running node\", "
                      "ROWS};\n")
    except gen_api.Unsound as fault:
        sys.exit(f"{folder}: {fault}")


if __name__ == "__main__":
    main(*sys.argv[1:])
