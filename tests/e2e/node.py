"""Nodes as processes: each with its own data directory, keys, ports and API client."""
import ctypes
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import time

PATIENCE_S = 120


GIVEN_PORTS = set()


def free_port():
    """Below the ports that outgoing connections take, else one of them may have it when it is needed; and
    below those of a demonstration (src/main/demo_process.h), which may run beside a test."""
    while True:
        port = random.randrange(10000, 24000)
        with socket.socket() as probe:
            if port not in GIVEN_PORTS and probe.connect_ex(("127.0.0.1", port)) != 0:
                GIVEN_PORTS.add(port)
                return port


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def end_with_parent():
    """A test that is killed leaves no node behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Refused(Exception):
    """The node's problem document."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem


class Node:
    """One node; `program` is the binary under test, `recorder` is told every HTTP exchange."""

    broken = http.client.HTTPException  # what asking raises beside OSError when a node ends meanwhile

    def __init__(self, program, folder, name, recorder=None):
        self.program = program
        self.name = name
        self.data = os.path.join(folder, name)
        self.api_port, self.link_port = free_port(), free_port()
        self.recorder = recorder
        self.process = None
        self.token = None
        self.log = os.path.join(folder, name + ".log")
        self.settings = {"node": {"id": self.name, "data": self.data},
                         "api": {"listen": f"127.0.0.1:{self.api_port}"},
                         "link": {"listen": f"127.0.0.1:{self.link_port}",
                                  "url": f"https://127.0.0.1:{self.link_port}",
                                  "retry": "200 ms", "retry_longest": "1 s"}}

    # ---- commands ----

    def run(self, *words, check=True):
        done = subprocess.run([self.program, *words, "--data", self.data], capture_output=True, text=True,
                              check=False, timeout=PATIENCE_S)
        if check and done.returncode != 0:
            raise AssertionError(f"{words}: {done.returncode} {done.stdout}{done.stderr}")
        return done

    def json(self, *words):
        return json.loads(self.run(*words, "--json").stdout)

    def make(self, *more):
        os.mkdir(self.data, 0o700)
        with open(os.path.join(self.data, "fengsui.yaml"), "w", encoding="utf-8") as file:
            json.dump(self.settings, file)  # JSON is YAML
        self.token = self.json("init", "--id", self.name, *more)["token"]

    def token_of(self, role):
        return self.call("POST", "/api/v1/tokens",
                         {"role": role, "person": "演示·张三", "post": "值班员", "marked": True})["token"]

    # ---- the process ----

    def start(self, *more):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "serve", "--data", self.data, *more], stdout=log,
                                            stderr=log, start_new_session=True,
                                            preexec_fn=end_with_parent)
        self.until(self.is_ready, "is ready")

    def is_ready(self):
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise AssertionError(f"{self.name} has ended: {log.read()[-2000:]}")
        try:
            return self.ask("GET", "/readyz", token=None)[0] == 200
        except (OSError, self.broken):
            return False

    def stop(self, number=signal.SIGTERM):
        if self.process is None:
            return None
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)  # its signer with it
        else:
            self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE_S)
        self.process = None
        return code

    # ---- the API ----

    def ask(self, method, path, body=None, token="own", fields=None):
        """Status, fields, bytes. A connection of its own each time, so that a restart does not matter."""
        sent = dict(fields or {})
        if token == "own":
            token = self.token
        if token:
            sent["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            got = answer.read()
            status, told = answer.status, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        if self.recorder:
            self.recorder.add(method, path, data, status, told, got)
        return status, told, got

    def call(self, method, path, body=None, token="own", fields=None):
        status, _, got = self.ask(method, path, body, token, fields)
        doc = json.loads(got) if got else None
        if status >= 400:
            raise Refused(status, doc)
        return doc

    def get(self, path, token="own"):
        return self.call("GET", path, token=token)

    def until(self, condition, what):
        """Waits for something; the value that came."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"{self.name} never {what}")

    def verify(self):
        return json.loads(self.run_verify().stdout)

    def run_verify(self):
        return subprocess.run([self.program, "verify", self.data, "--json"], capture_output=True, text=True,
                              check=False, timeout=PATIENCE_S)


def enrol(parent, child, name, tier, region, role, *more):
    """A one-time code from the running parent, and the child joins with it; gives the code."""
    words = ["enroll", "create", "--id", child.name, "--name", name, "--tier", tier, "--region", region,
             "--role", role]
    ticket = parent.json(*words)["ticket"]
    child.make()
    child.run("enroll", "join", "--code", ticket, *more)
    return ticket
