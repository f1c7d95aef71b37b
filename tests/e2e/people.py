"""People at a node: the first run, logins by cookie, the second factor."""
import base64
import hashlib
import hmac
import json
import re
import struct
import time
import urllib.parse

PASSWORD = "Feng-Sui-2026-烽燧"
STEP_S = 30


def first_code(node):
    """The one-time code that the node shows at its own machine until the first run is done."""
    def look():
        with open(node.log, encoding="utf-8", errors="replace") as log:
            return re.findall(r"enter the code (\S+) in the console", log.read())
    return node.until(look, "shows its first-run code")[-1]


def totp(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Person:
    """Somebody with a browser: keeps the cookie and the token against forged requests."""

    def __init__(self, node, name, password=PASSWORD, ahead_s=0):
        self.node, self.name, self.password, self.ahead_s = node, name, password, ahead_s
        self.cookie = self.csrf = self.secret = None
        self.step = 0

    def ask(self, method, path, body=None, **fields):
        sent = {name.replace("_", "-").title(): value for name, value in fields.items()}
        if self.cookie:
            sent.update({"Cookie": self.cookie, "X-CSRF-Token": self.csrf or ""})
        status, told, got = self.node.ask(method, "/api/v1" + path, body, None, sent)
        if "set-cookie" in told:
            self.cookie = told["set-cookie"].split(";")[0]
        doc = json.loads(got) if got and status != 304 else None
        if isinstance(doc, dict) and "csrf" in doc:
            self.csrf = doc["csrf"]
        return status, doc

    def login(self, **more):
        self.cookie = self.csrf = None
        return self.ask("POST", "/session", {"name": self.name, "password": self.password, **more})

    def code(self):
        """A code works once, so each comes from a step of its own; one ahead is taken, too."""
        while True:
            step = int(time.time() + self.ahead_s) // STEP_S
            if step + 1 > self.step:
                self.step = max(step, self.step + 1)
                return totp(self.secret, self.step)
            time.sleep(0.5)

    def enrol(self):
        status, seed = self.ask("POST", "/session/totp")
        assert status == 201, seed
        query = urllib.parse.parse_qs(urllib.parse.urlparse(seed["uri"]).query)
        self.secret = query["secret"][0]
        return self.ask("POST", "/session/totp/confirmation", {"code": self.code()})


def first_run(node):
    """The three administrators, set up by the code; {role: Person}."""
    names = {"operator": "sysadmin", "security": "secadmin", "auditor": "auditor"}
    body = {"code": "AAAA-AAAA-AAAA",
            "administrators": [{"role": role, "name": name, "person": f"演示·{name}", "password": PASSWORD}
                               for role, name in names.items()]}
    expect(Person(node, "nobody").ask("POST", "/setup", body), 401)
    body["code"] = first_code(node)
    status, _, got = node.ask("POST", "/api/v1/setup", body, None)
    assert status == 201, got
    return {role: Person(node, name) for role, name in names.items()}, body


def expect(answer, *statuses):
    assert answer[0] in statuses, answer
    return answer[1]


def walk(node):
    """What people do at a node, from its first run on; every step is asserted."""
    stranger = Person(node, "nobody")
    elsewhere = {"origin": "http://elsewhere.example"}
    people, body = first_run(node)
    expect(stranger.ask("POST", "/setup", body), 401, 409)
    expect(stranger.ask("POST", "/setup", body, **elsewhere), 403)
    expect(stranger.login(), 401)
    expect(stranger.ask("POST", "/session", {"name": "x", "password": "y"}, **elsewhere), 403)
    for person in people.values():
        expect(person.login(), 201)
        expect(person.ask("GET", "/session"), 200)
        expect(person.enrol(), 200)
        expect(person.ask("POST", "/session/activity"), 204)
    manage(node, people)
    return people


def manage(node, people):
    """The administrators make a user with a post, who comes in by his code and works."""
    operator, security = people["operator"], people["security"]
    user = expect(operator.ask("POST", "/users", {"name": "zhangsan", "title": "演示·张三"}), 201)["subject"]
    posts = [expect(security.ask("POST", "/posts", {"title": title, "role": "officer", "powers": ["*"]}),
                    201)["subject"] for title in ("值班员", "带班领导")]
    again = {"title": "值班员", "role": "officer", "powers": ["*"]}
    expect(security.ask("POST", f"/posts/{posts[0]}", again), 201)
    expect(security.ask("POST", f"/users/{user}/posts", {"posts": posts}), 201)
    for what in ("codes", "unlocks"):
        expect(security.ask("POST", f"/users/{posts[0][:-4]}dead/{what}", {"reason": "x"}), 404)
    # Whoever sets posts does not add users, and the other way round.
    expect(security.ask("POST", "/users", {"name": "lisi", "title": "演示·李四"}), 403)
    expect(operator.ask("POST", "/posts", {"title": "x", "role": "officer"}), 403)
    code = expect(security.ask("POST", f"/users/{user}/codes", {"reason": "新到岗"}), 201)["code"]
    person = Person(node, "zhangsan")
    activation = {"name": "zhangsan", "code": code, "password": PASSWORD}
    expect(person.ask("POST", "/activations", dict(activation, code="AAAA-AAAA-AAAA")), 401)
    expect(person.ask("POST", "/activations", activation, origin="http://elsewhere.example"), 403)
    expect(person.ask("POST", "/activations", activation), 204)
    expect(person.ask("POST", "/activations", activation), 401)  # a code works once
    work(person, posts)
    for verb in ("disablings", "enablings"):
        expect(operator.ask("POST", f"/users/{user}/{verb}", {"reason": "调岗"}), 201)
    expect(operator.ask("POST", f"/users/{user}", {"title": "演示·张三三"}), 201)
    expect(security.ask("POST", f"/users/{user}/unlocks", {"reason": "本人来电"}), 204)
    expect(security.ask("POST", f"/posts/{posts[1]}/retirements", {"reason": "不再设置"}), 201)
    for session in expect(security.ask("GET", "/sessions"), 200)["items"]:
        if session["user"] == user:
            expect(security.ask("DELETE", f"/sessions/{session['id']}"), 204)


def work(person, posts):
    """One shift: a report, a locked screen, another post, a new password, the way out."""
    hazard = {"title": "演示·隐患", "scope": "x", "harm": "x", "measures": "x", "advice": "x", "level": "IV"}
    expect(person.login(), 201)
    expect(person.ask("POST", "/incidents/hazards", hazard), 201)
    csrf, person.csrf = person.csrf, "0" * 64
    expect(person.ask("POST", "/incidents/hazards", hazard), 403)  # a forged page does not know it
    person.csrf = csrf
    expect(person.enrol(), 200)
    expect(person.ask("POST", "/session/lock"), 204)
    expect(person.ask("POST", "/incidents/hazards", hazard), 401)
    before = person.cookie
    expect(person.ask("POST", "/session/unlock", {"password": person.password}), 200)
    assert person.cookie != before, "the secret changes when a session is unlocked"
    expect(person.ask("POST", "/session/post", {"post": posts[1]}), 200)
    expect(person.ask("POST", "/session/confirmation", {"code": person.code()}), 200)
    expect(person.ask("POST", "/session/password", {"old": person.password, "new": PASSWORD + "-2"}), 200)
    person.password = PASSWORD + "-2"
    expect(person.ask("DELETE", "/session"), 204)
    expect(person.ask("GET", "/session"), 401)
    expect(person.login(code=person.code()), 201)
