#!/usr/bin/env python3
"""gen_api.py API_FOLDER OUT_FOLDER: makes the API's three forms from api/openapi.yaml and api/acts/*.yaml.

The C route table (api_routes.c), the expanded contract (openapi.json) and the reference page (docs.html).

What stands once in the sources is written out here for every operation: bodies of acts from the catalogue,
the headers and the error statuses of each kind of operation. The generator refuses a contract that is not
whole: an operation without permission, an act that nobody can make and nobody excuses, a name used twice.
"""
import json
import os
import sys

import yaml

import api_page

METHODS = ("get", "post", "put", "patch", "delete")
PERMITS = {"none": 0, "read": 1, "act": 2, "audit": 4, "operate": 8, "secure": 16, "self": 32,
           "open": 64}  # bits of enum access_permit
FREE = ("none", "open")  # without token and session
KINDS = {"x-act": "API_ACT", "x-query": "API_QUERY", "x-call": "API_CALL"}
ACT_BODY_BYTES = 256 << 10
SMALL_BODY_BYTES = 16 << 10

# What can go wrong, by what the operation has. `default` stands for 5xx: the node's fault, not the request's.
ERRORS = {
    "always": ["400", "422"],
    "token": ["401"],
    "more than read": ["403"],
    "path parameter": ["404"],
    "body": ["413", "415"],
    "act": ["409", "412"],
    "conditional": ["304", "412"],
}


class Unsound(Exception):
    """The contract contradicts itself."""


def load(folder):
    with open(f"{folder}/openapi.yaml", encoding="utf-8") as file:
        contract = yaml.safe_load(file)
    acts = {}
    for name in sorted(os.listdir(f"{folder}/acts")):
        with open(f"{folder}/acts/{name}", encoding="utf-8") as file:
            subject = yaml.safe_load(file)
        for act in subject["acts"]:
            acts[act["kind"]] = dict(act, subject=subject["subject"], subject_zh=subject["zh"])
    return contract, acts


def ref(part, name):
    return {"$ref": f"#/components/{part}/{name}"}


# --- bodies of acts ---------------------------------------------------------------------------------------

def list_of(items, field, default=None):
    schema = {"type": "array", "items": items}
    most = field.get("max", default)
    if most:
        schema["maxItems"] = most
    if field.get("required"):
        schema["minItems"] = 1
    return schema


def text_schema(field):
    schema = {"type": "string", "maxLength": field.get("max", 4000)}
    if field.get("required"):
        schema["minLength"] = 1
    return schema


def int_schema(field):
    schema = {"type": "integer", "minimum": field.get("min", 0)}
    if field.get("max"):
        schema["maximum"] = field["max"]
    return schema


def word_schema(field):
    return {"enum": field["values"]} if "values" in field else {"type": "string"}


FIELD_SCHEMAS = {
    "text": text_schema,
    "int": int_schema,
    "bool": lambda field: {"type": "boolean"},
    "time": lambda field: ref("schemas", "Time"),
    "date": lambda field: {"type": "string", "format": "date"},
    "region": lambda field: ref("schemas", "Region"),
    "regions": lambda field: list_of(ref("schemas", "Region"), field),
    "level": lambda field: {"enum": ["I", "II", "III", "IV"]},
    "colour": lambda field: {"enum": ["red", "orange", "yellow", "blue"]},
    "enum": word_schema,
    "enums": lambda field: list_of(word_schema(field), field),
    "node": lambda field: ref("schemas", "NodeId"),
    "nodes": lambda field: list_of(ref("schemas", "NodeId"), field),
    "subject": lambda field: ref("schemas", "Id"),
    "hash": lambda field: ref("schemas", "Hash"),
    "facts": lambda field: ref("schemas", "Facts"),
    "texts": lambda field: list_of({"type": "string", "minLength": 1}, field),
    "figures": lambda field: {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    "object": lambda field: {"type": "object"},
}


def field_schema(field):
    schema = FIELD_SCHEMAS[field["type"]](field)
    said = f"{field['zh']} — {field['en']}"
    if field.get("clause"):
        said += f" (clause {field['clause']})"
    if field.get("of"):
        said += f"; id of a {field['of']}"
    if field.get("secret"):
        said += "; secret: the act carries a salted hash, the value goes to those who need to know"
    return {"allOf": [schema], "description": said} if "$ref" in schema else dict(schema, description=said)


def act_schema(act):
    fields = act.get("fields") or []
    properties = {field["name"]: field_schema(field) for field in fields}
    if "happened" in properties:
        raise Unsound(f"{act['kind']}: a field must not be called 'happened', which is the request's own")
    properties["happened"] = dict(ref("schemas", "Time"), description="When it was done; default now")
    schema = {"type": "object", "title": f"{act['zh']} — {act['en']}", "additionalProperties": False,
              "properties": properties}
    required = [field["name"] for field in fields if field.get("required")]
    if required:
        schema["required"] = required
    return schema


# --- operations -------------------------------------------------------------------------------------------

def kind_of(operation, where):
    kinds = [kind for kind in KINDS if kind in operation]
    if len(kinds) != 1:
        raise Unsound(f"{where}: needs exactly one of {', '.join(KINDS)}")
    return kinds[0]


def expand_act(operation, acts, where):
    kind = operation["x-act"]
    if kind not in acts:
        raise Unsound(f"{where}: there is no act '{kind}'")
    act = acts[kind]
    who = {"anyone": "", "owner": "By the owner of the matter. ", "party": "By a party to the matter. ",
           "addressee": "By an addressee. ", "assignee": "By the assignee. ",
           "offered": "By the node it was offered to. "}.get(act.get("by", "anyone"))
    if who is None:
        raise Unsound(f"{where}: '{kind}' is an act of the program")
    said = who + (f"From {', '.join(act['from'])}. " if act.get("from") else "")
    said += f"Power {act['power']}. " if act.get("power") else ""
    said += f"Clause {act['clause']}." if act.get("clause") else ""
    operation.setdefault("summary", f"{act['zh']} — {act['en']}")
    operation.setdefault("description", said.strip())
    operation["requestBody"] = {"required": True,
                                "content": {"application/json": {"schema": ref("schemas", kind)}}}
    operation["parameters"] = operation.get("parameters", []) + [ref("parameters", "IdempotencyKey"),
                                                                 ref("parameters", "IfMatch")]
    operation["responses"] = {"201": ref("responses", "Submitted")}


def conditional(method, operation):
    return method == "get" and "304" not in operation.get("x-never", [])


def expand(method, path, operation, acts):
    where = f"{method.upper()} {path}"
    operation = json.loads(json.dumps(operation))  # anchors are shared between operations
    kind = kind_of(operation, where)
    if operation.get("x-permission") not in PERMITS:
        raise Unsound(f"{where}: x-permission must be one of {', '.join(PERMITS)}")
    if "operationId" not in operation:
        raise Unsound(f"{where}: needs an operationId")
    if kind == "x-act":
        expand_act(operation, acts, where)
    if "responses" not in operation:
        raise Unsound(f"{where}: needs a response")
    has = {
        "always": True,
        "token": operation["x-permission"] != "none",
        "more than read": operation["x-permission"] not in ("none", "read"),
        "path parameter": "{" in path,
        "body": "requestBody" in operation,
        "act": kind == "x-act",
        "conditional": conditional(method, operation),
    }
    statuses = {status for what, list_ in ERRORS.items() if has[what] for status in list_}
    statuses |= set(operation.get("x-also", []))
    statuses -= set(operation.get("x-never", []))
    for status in sorted(statuses):
        operation["responses"][status] = ref("responses", "NotModified" if status == "304" else "Problem")
    operation["responses"]["default"] = ref("responses", "Problem")
    if has["conditional"]:
        operation["parameters"] = operation.get("parameters", []) + [ref("parameters", "IfNoneMatch"),
                                                                     ref("parameters", "IfMatch")]
    if operation["x-permission"] in FREE:
        operation["security"] = []
    return operation


def expand_all(contract, acts):
    out = dict(contract)
    out["paths"] = {}
    names = set()
    made = set(contract.get("x-unexposed", {}))
    for path, item in contract["paths"].items():
        out["paths"][path] = {}
        for method, operation in item.items():
            if method not in METHODS:
                raise Unsound(f"{path}: '{method}' is not a method")
            whole = expand(method, path, operation, acts)
            if whole["operationId"] in names:
                raise Unsound(f"{path}: the operationId '{whole['operationId']}' is used twice")
            names.add(whole["operationId"])
            made.add(whole.get("x-act"))
            out["paths"][path][method] = whole
    for kind in acts:
        if kind not in made:
            raise Unsound(f"no operation makes the act '{kind}', and x-unexposed does not say why")
    for kind in contract.get("x-unexposed", {}):
        if kind not in acts:
            raise Unsound(f"x-unexposed names '{kind}', which is not an act")
    out["components"] = dict(contract["components"])
    out["components"]["schemas"] = dict(contract["components"]["schemas"])
    exposed = {operation.get("x-act") for item in out["paths"].values() for operation in item.values()}
    for kind in sorted(exposed - {None}):
        out["components"]["schemas"][kind] = act_schema(acts[kind])
    check_refs(out, out)
    return out


def resolve(contract, pointer):
    at = contract
    for part in pointer[2:].split("/"):
        if part not in at:
            raise Unsound(f"{pointer} leads nowhere")
        at = at[part]
    return at


def check_refs(contract, at):
    if isinstance(at, dict):
        if isinstance(at.get("$ref"), str):
            resolve(contract, at["$ref"])
        for value in at.values():
            check_refs(contract, value)
    elif isinstance(at, list):
        for value in at:
            check_refs(contract, value)


# --- the C table ------------------------------------------------------------------------------------------

def text(value):
    return "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def query_names(contract, operation):
    names = []
    for parameter in operation.get("parameters", []):
        whole = resolve(contract, parameter["$ref"]) if "$ref" in parameter else parameter
        if whole["in"] == "query":
            if whole["name"] in names:
                raise Unsound(f"{operation['operationId']}: the parameter '{whole['name']}' stands twice")
            names.append(whole["name"])
    return names


def body_bytes(operation):
    if "requestBody" not in operation:
        return 0
    return SMALL_BODY_BYTES if "x-call" in operation else ACT_BODY_BYTES


def what_is_fixed(path, operation):
    """The third word of a row: for an act what {id} is, for a query what it is about."""
    if "x-act" in operation:
        return operation.get("x-id", "subject") if "{id}" in path else None
    return operation.get("x-of")


def order(row):
    """Literal segments before parameters, so that the first match is the right one."""
    path, method, _ = row
    return [(part.startswith("{"), part) for part in path.split("/")], METHODS.index(method)


def write_table(contract, csp, out):
    rows = sorted(((path, method, operation) for path, item in contract["paths"].items()
                   for method, operation in item.items()), key=order)
    lists = {}
    out.write('/* Made by tools/gen_api.py from api/openapi.yaml. */\n#include "http/api_routes.h"\n\n')
    for _, _, operation in rows:
        names = tuple(query_names(contract, operation))
        if names and names not in lists:
            lists[names] = f"QUERY_{len(lists)}"
            words = ", ".join(text(name) for name in names)
            out.write(f"static const char *const {lists[names]}[] = {{{words}, NULL}};\n")
    out.write("\nstatic const struct route ROWS[] = {\n")
    for path, method, operation in rows:
        kind = kind_of(operation, path)
        query = lists.get(tuple(query_names(contract, operation)), "NULL")
        out.write(f"    {{HTTP_{method.upper()}, {text(path)}, {text(operation['operationId'])}, "
                  f"{PERMITS[operation['x-permission']]}, {KINDS[kind]}, {text(operation[kind])}, "
                  f"{text(what_is_fixed(path, operation))}, {query}, {body_bytes(operation)}, "
                  f"{str(operation.get('x-when-locked', False)).lower()}}},\n")
    out.write("};\n\n")
    out.write(f"const struct route_table API_ROUTES = {{ROWS, {len(rows)}}};\n")
    out.write(f"const char API_PAGE_CSP[] = {text(csp)};\n")


def main(folder, out_folder):
    contract, acts = load(folder)
    try:
        whole = expand_all(contract, acts)
        page, csp = api_page.write(whole, acts)
        os.makedirs(out_folder, exist_ok=True)
        with open(f"{out_folder}/api_routes.c", "w", encoding="ascii") as out:
            write_table(whole, csp, out)
    except Unsound as fault:
        sys.exit(f"{folder}/openapi.yaml: {fault}")
    with open(f"{out_folder}/openapi.json", "w", encoding="utf-8") as out:
        json.dump(whole, out, ensure_ascii=False, separators=(",", ":"))
    with open(f"{out_folder}/docs.html", "w", encoding="utf-8") as out:
        out.write(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
