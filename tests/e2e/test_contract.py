"""Every exchange with three nodes is held to api/openapi.yaml; whatever it declares has to be seen.

The scenario of demo/ gives the successes, a walk over all operations the refusals. What neither reaches yet
is listed in unseen.txt; a line of it that was seen, or a pair that is missing there, fails.
"""
import json
import os
import signal
import sys
import tempfile
import unittest

import yaml

import people
from contract import Contract
from node import Node, Refused, enrol

PROGRAM = os.path.abspath(sys.argv.pop())
HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "..", "..", "demo")
UNKNOWN = "01936f6e-0000-7000-8000-00000000dead"
KEY = "one-key-for-all"
REPORT = {"title": "键", "scope": "x", "harm": "x", "measures": "x", "advice": "x", "level": "IV",
          "source_kind": "other"}
QUERIES = {
    "askDue": "?from=2020-01-22&working_days=10",
    "askPower": "?act=warning.publish&tier=ministry&colour=red",
    "proveLedgerGrowth": "?from=1",
}
BODIES = {"gradeFacts": {"happened": True, "leaked_users": 1}}
PATHS = {  # where an identifier is not that of a matter
    "/api/v1/directory/{id}": "miit",
    "/api/v1/peers/{id}": "pca-330000",
    "/api/v1/peers/{id}/outbox": "pca-330000",
}


def listed():
    with open(os.path.join(HERE, "unseen.txt"), encoding="utf-8") as file:
        return [line.split("#")[0].strip() for line in file if line.split("#")[0].strip()]


class Country:
    """The nodes of demo/country.yaml, and a player for demo/scenario.yaml over their APIs."""

    def __init__(self, folder, recorder):
        with open(os.path.join(DEMO, "country.yaml"), encoding="utf-8") as file:
            rows = yaml.safe_load(file)["nodes"]
        self.nodes, self.tokens, self.names = {}, {}, {}
        for row in rows:
            node = self.nodes[row["id"]] = Node(PROGRAM, folder, row["id"])
            if "parent" in row:
                more = ["--ca"] if row["tier"] == "province" else []
                enrol(self.nodes[row["parent"]], node, row["name"], row["tier"], row["region"],
                      row["roles"][0], *more)
            else:
                node.make("--ministry", "--name", row["name"])
            node.start("--demo")
            node.recorder = recorder
            self.tokens[row["id"]] = node.token_of("officer")

    def stop(self):
        for node in self.nodes.values():
            node.stop(signal.SIGKILL)

    def sees(self, wait):
        node = self.nodes[wait["node"]]
        if "duty" in wait:
            found = node.get(f"/api/v1/duties?rule={wait['duty']}&root={self.names[wait['of']]}"
                             f"&owner={wait['node']}")["items"]
            return found and found[0]["state"] == wait["state"]
        try:
            matter = node.get(f"/api/v1/matters/{self.names[wait['matter']]}")
        except Refused:
            return False
        return (wait.get("state") in (None, matter["state"]["name"])
                and wait.get("owner") in (None, matter["owner"])
                and ("offered" not in wait or "transfer" in matter["doc"]))

    def act(self, contract, step):
        at = "subject" if "about" in step else "parent" if "under" in step else None
        name = self.names[step.get("about") or step.get("under")] if at else ""
        for method, path, operation in contract.operations.values():
            if operation.get("x-act") == step["act"] and ("{id}" in path) == (at is not None) \
                    and (at is None or operation.get("x-id", "subject") == at):
                break
        else:
            raise AssertionError(f"no operation for {step}")
        try:
            made = self.nodes[step["node"]].call(method, path.replace("{id}", name), json.loads(step["body"]),
                                                 self.tokens[step["node"]])
        except Refused as refused:
            if "refused" not in step:
                raise AssertionError(f"{step['zh']}: {refused}") from refused
            return
        if "refused" in step:
            raise AssertionError(f"{step['zh']}: was not refused")
        if "as" in step:
            self.names[step["as"]] = made["subject"]

    def play(self, contract):
        with open(os.path.join(DEMO, "scenario.yaml"), encoding="utf-8") as file:
            chapters = yaml.safe_load(file)["chapters"]
        for step in (step for chapter in chapters for step in chapter["steps"]):
            if "wait" in step:
                self.nodes[step["wait"]["node"]].until(lambda wait=step["wait"]: self.sees(wait), step["zh"])
            elif "act" in step:
                self.act(contract, step)


class Walk:
    """Asks every operation for every refusal that it declares."""

    def __init__(self, contract, node, tokens, samples):
        self.contract, self.node, self.tokens, self.samples = contract, node, tokens, samples
        self.matters = {"/api/v1/matters": samples["id"]}

    def matter_of(self, template):
        """A matter of the type that the path is about, where the node has one."""
        collection = template.split("/{id}")[0]
        if collection not in self.matters:
            status, _, got = self.node.ask("GET", collection + "?limit=1", None, self.tokens["all"])
            items = json.loads(got).get("items", []) if status == 200 else []
            self.matters[collection] = items[0].get("id") if items else None
        return self.matters[collection] or self.samples["id"]

    def path(self, template, known):
        if known and template in PATHS:
            return template.replace("{id}", PATHS[template])
        if known and "/{id}" in template:
            template = template.replace("{id}", self.matter_of(template))
        for part in [p[1:-1] for p in template.split("/") if p.startswith("{")]:
            template = template.replace("{" + part + "}", self.samples.get(part, UNKNOWN) if known else
                                        {"id": UNKNOWN}.get(part, "nothing"))
        return template

    def ask(self, method, path, body=None, token="all", **fields):
        names = {name.replace("_", "-").title(): value for name, value in fields.items()}
        return self.node.ask(method, path, body, self.tokens.get(token), names)

    def refusals(self, method, template, operation):
        declared = operation["responses"]
        takes = "requestBody" in operation
        known, unknown = self.path(template, True), self.path(template, False)
        body = {} if takes else None
        if "401" in declared:
            self.ask(method, known, body, None)
        if "403" in declared:
            self.ask(method, known, body, "viewer")
        if "404" in declared:
            self.ask(method, unknown, body)
        self.ask(method, known + "?limit=%zz", body)
        self.ask(method, known + "?nothing=1", body)
        if takes:
            self.ask(method, known, b"{")
            self.ask(method, known, {"nothing": 1})
            self.ask(method, known, b"{}", content_type="text/plain")
            self.ask(method, known, b'{"a":"' + b"a" * (300 << 10) + b'"}')
        if "412" in declared:
            self.ask(method, known, body, if_match='"r999999"')
            self.ask(method, known, body, if_match="*")
        if "409" in declared:
            self.ask(method, known, body, idempotency_key=KEY)

    def successes(self, name, method, template, operation):
        path = self.path(template, True) + QUERIES.get(name, "")
        if method == "GET":
            for token in ("all", "auditor"):
                self.ask(method, path, None, token)
            for token in ("all", "auditor"):
                self.ask(method, path, None, token, if_none_match="*")
                self.ask(method, path, None, token, if_match='"x"')
        elif name in BODIES:
            self.ask(method, path, BODIES[name])
        if "404" in operation["responses"] and name == "getLedgerHead":
            self.ask(method, path + "?size=999999999")

    def attempts(self):
        """Every act once, with a body of the right shape: done, or refused by state, power, relation."""
        for method, template, operation in self.contract.operations.values():
            if "x-act" in operation:
                self.ask(method, self.path(template, True), self.contract.sample_body(operation), "officer")

    def run(self, tag=None):
        for name, (method, template, operation) in self.contract.operations.items():
            if tag and tag not in operation["tags"]:
                continue
            if self.contract.is_stream(operation):
                self.ask(method, template, None, None)
                self.ask(method, template + "?nothing=1")
                self.ask(method, template + "?root=%zz")
            else:
                self.refusals(method, template, operation)
                self.successes(name, method, template, operation)


class ContractTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        first = Node(PROGRAM, cls.folder.name, "first")
        first.make("--ministry", "--name", "部")
        first.start()
        cls.contract = Contract(json.loads(first.ask("GET", "/openapi.json")[2]))
        first.recorder = cls.contract
        first.ask("POST", "/api/v1/demo", {})
        people.walk(first)
        cls.administer(first)
        first.stop()
        cls.country = Country(cls.folder.name, cls.contract)
        cls.addClassCleanup(cls.country.stop)
        cls.country.play(cls.contract)
        cls.walk()

    @classmethod
    def administer(cls, node):
        """The operations of administrators, asked with tokens that need no second factor."""
        tokens = {role: node.call("POST", "/api/v1/tokens", {"role": role, "person": "演示·赵六",
                                                             "post": "管理员", "marked": True})["token"]
                  for role in ("operator", "security")}
        tokens["viewer"] = node.token_of("viewer")
        for role in ("operator", "security"):
            all_of = dict(tokens, all=tokens[role], officer=tokens[role], auditor=tokens["viewer"])
            node.ask("POST", "/api/v1/posts", {"title": "键", "role": "viewer"}, tokens["security"],
                     {"Idempotency-Key": KEY})
            node.ask("POST", "/api/v1/users", {"name": "jian", "title": "键"}, tokens["operator"],
                     {"Idempotency-Key": KEY})
            Walk(cls.contract, node, all_of, {"id": UNKNOWN, "pack": "miit-2017-281"}).run("access")

    @classmethod
    def walk(cls):
        for name in ("miit", "demo-telecom-zj"):
            node, officer = cls.country.nodes[name], cls.country.tokens[name]
            samples = {"id": cls.country.names["dns2009"], "pack": "miit-2017-281", "slug": "conflict",
                       "clause": "4.4", "document": "incident-report", "register": "incidents"}
            tokens = {"all": node.token, "officer": officer, "viewer": node.token_of("viewer"),
                      "auditor": node.token_of("auditor")}
            node.ask("POST", "/api/v1/incidents/hazards", REPORT, officer, {"Idempotency-Key": KEY})
            Walk(cls.contract, node, tokens, samples).attempts()
            Walk(cls.contract, node, tokens, samples).run()
            Walk(cls.contract, node, dict(tokens, all=officer), samples).run()
            node.ask("POST", "/api/v1/backups", {"name": "one"})
            node.ask("POST", "/api/v1/backups", {"name": "one"})
            made = node.call("POST", "/api/v1/tokens",
                             {"role": "viewer", "person": "演示·王五", "post": "观察员"})
            node.ask("DELETE", f"/api/v1/tokens/{made['id']}")
            node.ask("POST", "/api/v1/demo", {"clock_offset_ms": 1000})

    def test_every_exchange_is_as_the_contract_says(self):
        self.assertEqual(sorted(set(self.contract.findings))[:20], [])

    def test_whatever_is_declared_was_seen_or_is_listed(self):
        unseen = list(self.contract.unseen())
        if os.environ.get("FENGSUI_WRITE"):
            with open(os.environ["FENGSUI_WRITE"], "w", encoding="utf-8") as file:
                file.write("\n".join(unseen) + "\n")
        self.assertEqual(sorted(set(unseen) - set(listed())), [], "declared, and never seen")
        self.assertEqual(sorted(set(listed()) - set(unseen)), [], "listed in unseen.txt, and seen")


unittest.main()
