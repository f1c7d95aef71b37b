"""The API's contract as a judge: every exchange is held to it, and what it declares must have been seen."""
import json
import re

import jsonschema

SERVER_FAULT = 500
TEXTS = {"date": "2026-11-20", "date-time": "2026-11-20T08:00:00+08:00",
         "uuid": "01936f6e-0000-7000-8000-00000000dead"}
SHAPES = ("miit", "330000", "0" * 64, "01936f6e-0000-7000-8000-00000000dead")


class Contract:
    """Made from /openapi.json; add() is the recorder of node.Node."""

    def __init__(self, document):
        self.document = document
        self.operations = {}  # operationId: (method, path, operation)
        self.seen = {}
        self.findings = []
        self.routes = []
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.operations[operation["operationId"]] = (method.upper(), path, operation)
                pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))
                self.routes.append((path.count("{"), method.upper(), re.compile(pattern + "$"), operation))
        self.routes.sort(key=lambda route: route[0])  # a literal segment goes before a parameter

    def resolved(self, thing):
        while "$ref" in thing:
            at = self.document
            for name in thing["$ref"].removeprefix("#/").split("/"):
                at = at[name]
            thing = at
        return thing

    def operation_of(self, method, target):
        path = target.split("?")[0]
        for _, verb, pattern, operation in self.routes:
            if verb == method and pattern.match(path):
                return operation
        return None

    def is_stream(self, operation):
        return any("text/event-stream" in self.resolved(answer).get("content", {})
                   for answer in operation["responses"].values())

    def fits(self, schema, value):
        """The first way in which a value is not what the schema says; None when it is."""
        whole = dict(schema, components=self.document["components"])
        error = jsonschema.exceptions.best_match(
            jsonschema.Draft202012Validator(whole).iter_errors(value))
        return None if error is None else f"{error.json_path}: {error.message[:200]}"

    def add(self, method, target, sent, status, fields, got):
        operation = self.operation_of(method, target)
        if operation is None:
            if status not in (404, 405):
                self.findings.append(f"{method} {target} is answered {status} and is not in the contract")
            return
        name = operation["operationId"]
        self.seen.setdefault(name, set()).add(str(status))
        for why in self.judge(operation, sent, status, fields, got):
            self.findings.append(f"{name} ({method} {target}) {status}: {why}")

    def judge(self, operation, sent, status, fields, got):
        declared = operation["responses"]
        answer = declared.get(str(status)) or (declared.get("default") if status >= SERVER_FAULT else None)
        if answer is None:
            yield f"the status is not declared: {got[:200]!r}"
            return
        answer = self.resolved(answer)
        content = answer.get("content", {})
        kind = fields.get("content-type", "").split(";")[0]
        if got and kind not in content:
            yield f"the type {kind} is not declared"
        elif got and kind.endswith("json"):
            why = self.fits(content[kind]["schema"], json.loads(got))
            if why:
                yield f"the answer: {why}"
        elif not got and content and status != 304:
            yield "the answer is empty"
        if status < 400 and sent is not None and "requestBody" in operation:
            schema = self.resolved(operation["requestBody"])["content"]["application/json"]["schema"]
            why = self.fits(schema, json.loads(sent))
            if why:
                yield f"it took a request that the contract refuses: {why}"

    def sample(self, schema):
        """A value of that shape, with the required members only."""
        schema = self.resolved(schema)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self.sample(schema[choice][0])
        kind = schema.get("type")
        if kind == "object":
            return {name: self.sample(schema["properties"][name]) for name in schema.get("required", [])}
        if kind == "array":
            return [self.sample(schema["items"]) for _ in range(schema.get("minItems", 1))]
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        return TEXTS.get(schema.get("format"), schema.get("example", self.text(schema)))

    def text(self, schema):
        return next((text for text in ("样例", *SHAPES) if re.search(schema.get("pattern", ""), text)), "样例")

    def sample_body(self, operation):
        content = self.resolved(operation["requestBody"])["content"]
        return self.sample(content["application/json"]["schema"])

    def unseen(self):
        """Lines "operation status" of what is declared and was not seen."""
        for name, (_, _, operation) in sorted(self.operations.items()):
            for status in sorted(operation["responses"]):
                if status != "default" and status not in self.seen.get(name, set()):
                    yield f"{name} {status}"
