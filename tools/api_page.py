"""The reference page of the API: one HTML file that asks nothing of the network and runs nothing."""
import base64
import hashlib
import html
import re

STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--mark:#b3261e}
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Source Han Sans SC",sans-serif;
max-width:72rem;margin:0 auto;padding:1rem}
code{font:13px/1.5 ui-monospace,"Noto Sans Mono CJK SC",monospace}
h1{margin:.2em 0}h2{border-bottom:2px solid var(--mark);margin-top:2em}
nav a{margin-right:1em}
details{border:1px solid var(--line);border-radius:4px;margin:.4em 0;padding:0 .8em}
details[open]{background:var(--soft)}
summary{cursor:pointer;padding:.4em 0}
.m{display:inline-block;min-width:4.2em;font-weight:700}
.s{color:GrayText;margin-left:.6em}
table{border-collapse:collapse;width:100%;margin:.5em 0}
th,td{border-bottom:1px solid var(--line);padding:.25em .6em;text-align:left;vertical-align:top}
th{font-weight:600;white-space:nowrap}
.r{color:var(--mark)}
"""


def escape(value):
    return html.escape(str(value), quote=True)


def prose(value):
    """Backquoted words as code, blank lines as paragraphs."""
    parts = [re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(part.strip())) for part in value.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in parts if part)


def resolve(contract, node):
    while "$ref" in node:
        at = contract
        for part in node["$ref"][2:].split("/"):
            at = at[part]
        node = at
    return node


def type_of(schema):
    """A schema in a few words, with a link where it has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    if "allOf" in schema:
        return " and ".join(type_of(part) for part in schema["allOf"])
    if "anyOf" in schema:
        return " or ".join(type_of(part) for part in schema["anyOf"])
    if "const" in schema:
        return f"<code>{escape(schema['const'])}</code>"
    if "enum" in schema:
        words = ["null" if value is None else value for value in schema["enum"]]
        return " ".join(f"<code>{escape(word)}</code>" for word in words)
    said = schema.get("type", "anything")
    said = " or ".join(said) if isinstance(said, list) else said
    if said == "array":
        return "list of " + type_of(schema.get("items", {}))
    for key, word in (("format", ""), ("maxLength", "at most "), ("minimum", "from "), ("maximum", "to ")):
        if key in schema:
            said += f", {word}{schema[key]}"
    return escape(said)


def rows(entries):
    cells = ("".join(f"<td>{cell}</td>" for cell in entry) for entry in entries)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def name_cell(name, required):
    return f"<code>{escape(name)}</code>" + (' <b class="r">required</b>' if required else "")


def parameter_row(whole):
    return (name_cell(whole["name"], whole.get("required")), escape(whole["in"]), type_of(whole["schema"]),
            prose(whole.get("description", "")))


def parameter_links(contract, operation):
    for parameter in operation.get("parameters", []):
        name = parameter["$ref"].rsplit("/", 1)[1]
        shown = resolve(contract, parameter)["name"]
        yield f'<a href="#parameter-{escape(name)}"><code>{escape(shown)}</code></a>'


def property_rows(schema):
    needed = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        yield name_cell(name, name in needed), type_of(inner), prose(inner.get("description", ""))


def body_type(response):
    for media, content in response.get("content", {}).items():
        yield f"<code>{escape(media)}</code> {type_of(content['schema'])}"


def write_answers(contract, operation):
    errors = []
    for status, response in operation["responses"].items():
        whole = resolve(contract, response)
        if status.startswith("2"):
            said = escape(whole["description"])
            yield f"<p><b>{escape(status)}</b> {said} {' '.join(body_type(whole))}</p>"
        else:
            errors.append("5xx" if status == "default" else status)
    yield f"<p>Else {', '.join(errors)}</p>"


def write_operation(contract, path, method, operation):
    permission = operation["x-permission"]
    name = escape(operation["operationId"])
    needs = {"none": "needs no token", "open": "needs no token", "self": "needs a person's session"}.get(
        permission, f"needs a token or post that may <b>{escape(permission)}</b>")
    out = [f'<details id="{name}"><summary><span class="m">{method.upper()}</span>'
           f'<code>{escape(path)}</code><span class="s">{escape(operation["summary"])}</span></summary>',
           prose(operation.get("description", "")), f"<p>{needs}; operation <code>{name}</code></p>"]
    parameters = list(parameter_links(contract, operation))
    if parameters:
        out.append(f"<p>Parameters: {', '.join(parameters)}</p>")
    body = operation.get("requestBody")
    if body:
        schema = body["content"]["application/json"]["schema"]
        out += [f"<p>Body {type_of(schema)}</p>"]
    return "".join(out) + "".join(write_answers(contract, operation)) + "</details>"


def write_schema(name, schema):
    return (f'<details id="{escape(name)}"><summary><code>{escape(name)}</code>'
            f'<span class="s">{escape(schema.get("title", ""))}</span></summary>'
            f'{prose(schema.get("description", ""))}<p>{type_of(schema)}</p>'
            f'{rows(property_rows(schema))}</details>')


def write(contract, acts):
    """The page, and the content security policy that lets its one style through and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    csp = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; " \
          "frame-ancestors 'none'"
    info = contract["info"]
    out = ['<!doctype html><html lang="en"><head><meta charset="utf-8">'
           '<meta name="viewport" content="width=device-width,initial-scale=1">'
           f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body>"
           f"<h1>{escape(info['title'])} API</h1>", prose(info["description"]),
           f"<p>{len(acts)} kinds of acts. For programs: "
           "<a href=\"/openapi.json\">openapi.json</a>.</p><nav>"]
    out += [f'<a href="#tag-{escape(tag["name"])}">{escape(tag["name"])}</a>' for tag in contract["tags"]]
    out.append('<a href="#parameters">parameters</a><a href="#schemas">schemas</a></nav>')
    for tag in contract["tags"]:
        name = escape(tag["name"])
        out.append(f'<h2 id="tag-{name}">{name}</h2>{prose(tag["description"])}')
        for path, item in contract["paths"].items():
            out += [write_operation(contract, path, method, operation) for method, operation in item.items()
                    if tag["name"] in operation["tags"]]
    out.append('<h2 id="parameters">parameters</h2><table>')
    for name, whole in contract["components"]["parameters"].items():
        cells = "".join(f"<td>{cell}</td>" for cell in parameter_row(whole))
        out.append(f'<tr id="parameter-{escape(name)}">{cells}</tr>')
    out.append('</table><h2 id="schemas">schemas</h2>')
    out += [write_schema(name, schema) for name, schema in contract["components"]["schemas"].items()]
    out.append("</body></html>\n")
    return "".join(out), csp
