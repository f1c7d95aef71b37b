"""Channels tried against an SMTP server and an endpoint that checks shapes and signatures."""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import shutil
import tempfile
import threading
import time
import unittest
import urllib.parse

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from binary import run

SECRET = "SECthis_is_secret"
KEY = base64.b64encode(b"a key of twenty-four byte").decode()
PHONES = ["13800000000", "13900000000"]


def sign(key, message):
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Checks as the services do; answers as they do, with HTTP 200 for what is wrong."""
    heard = []

    def answer(self, status, doc):
        body = json.dumps(doc).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):  # pylint: disable=invalid-name
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        path = urllib.parse.urlsplit(self.path)
        Endpoint.heard.append((path.path, raw, dict(self.headers)))
        getattr(self, path.path.strip("/"))(raw, urllib.parse.parse_qs(path.query))

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass

    def wecom(self, raw, query):
        good = query.get("key") == ["k"] and json.loads(raw)["text"]["content"]
        self.answer(200, {"errcode": 0 if good else 93000, "errmsg": "ok" if good else "invalid webhook url"})

    def dingtalk(self, raw, query):
        stamp = query["timestamp"][0]
        good = (query["sign"][0] == sign(SECRET.encode(), f"{stamp}\n{SECRET}".encode())
                and abs(int(stamp) / 1000 - time.time()) < 3600 and json.loads(raw)["text"]["content"])
        self.answer(200, {"errcode": 0 if good else 310000, "errmsg": "sign not match"})

    def feishu(self, raw, _query):
        doc = json.loads(raw)
        good = (doc["sign"] == sign(f"{doc['timestamp']}\n{SECRET}".encode(), b"")
                and abs(int(doc["timestamp"]) - time.time()) < 3600 and doc["content"]["text"])
        self.answer(200, {"code": 0 if good else 19021, "msg": "sign match fail"})

    def webhook(self, raw, _query):
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + raw
        good = self.headers["webhook-signature"] == "v1," + sign(base64.b64decode(KEY), signed)
        self.answer(204 if good else 401, {})

    def sms(self, raw, _query):
        doc = json.loads(raw)
        good = doc["mobile"] in PHONES and doc["content"].startswith("【烽燧】")
        self.answer(200, {"result": "0" if good and self.headers["Authorization"] == "Bearer t" else "9"})

    def moved(self, _raw, _query):
        self.send_response(302)
        self.send_header("Location", "/webhook")
        self.send_header("Content-Length", "0")
        self.end_headers()


class Postbox:
    mails = []

    async def handle_DATA(self, _server, _session, envelope):  # pylint: disable=invalid-name
        Postbox.mails.append(envelope)
        return "250 taken"


def may_log_in(_server, _session, _envelope, _mechanism, data):
    return AuthResult(success=data.login == b"duty" and data.password == b"geheim")


class ChannelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        threading.Thread(target=cls.web.serve_forever, daemon=True).start()
        cls.post = None
        for port in range(25100, 25200):
            try:
                cls.post = Controller(Postbox(), hostname="127.0.0.1", port=port, authenticator=may_log_in,
                                      auth_require_tls=False, auth_required=True)
                cls.post.start()
                break
            except OSError:
                continue
        cls.url = f"http://127.0.0.1:{cls.web.server_port}"
        cls.smtp = f"smtp://127.0.0.1:{cls.post.port}"

    @classmethod
    def tearDownClass(cls):
        cls.post.stop()
        cls.web.shutdown()
        cls.web.server_close()
        shutil.rmtree(cls.folder)

    def file(self, *rows, mode=0o600):
        path = f"{self.folder}/channels-{os.urandom(4).hex()}.yaml"
        with open(path, "w", encoding="utf-8") as out:
            out.write("channels:\n" + "".join(f"  - {json.dumps(row, ensure_ascii=False)}\n" for row in rows))
        os.chmod(path, mode)
        return path

    def send(self, **row):
        return run("channel", "test", "c", "--file", self.file(dict(row, name="c")), "--json")

    def takes(self, **row):
        done = self.send(**row)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refuses(self, words, **row):
        done = self.send(**row)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(words, done.stderr)
        for secret in (SECRET, KEY, "geheim"):
            self.assertNotIn(secret, done.stdout + done.stderr)

    def mail(self, **more):
        return dict({"kind": "mail", "url": self.smtp, "from": "a@b.example", "plain": True, "user": "duty",
                     "password": "geheim", "to": ["c@d.example", "e@f.example"]}, **more)

    def test_a_mail_arrives_whole(self):
        self.assertEqual(self.takes(**self.mail())["sent"], 1)
        envelope = Postbox.mails[-1]
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.assertEqual(envelope.rcpt_tos, ["c@d.example", "e@f.example"])
        self.assertEqual(mail["Subject"], "[一般] 通知渠道测试，请忽略 c")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertIn("请勿回复", mail.get_content())
        self.assertFalse(mail.defects)

    def test_a_mail_server_that_refuses_is_quoted(self):
        self.refuses("cannot be reached", **self.mail(password="falsch"))
        self.refuses("cannot be reached", **self.mail(plain=False))  # it offers no TLS
        self.refuses("cannot be reached", **self.mail(url="smtp://127.0.0.1:1"))

    def test_robots_take_what_is_signed_right(self):
        self.takes(kind="wecom", url=f"{self.url}/wecom?key=k")
        self.takes(kind="dingtalk", url=f"{self.url}/dingtalk?access_token=x", secret=SECRET)
        self.takes(kind="feishu", url=f"{self.url}/feishu", secret=SECRET)
        self.takes(kind="webhook", url=f"{self.url}/webhook", secret=f"whsec_{KEY}")

    def test_robots_refuse_what_is_signed_wrong_inside_http_200(self):
        self.refuses("93000", kind="wecom", url=f"{self.url}/wecom?key=other")
        self.refuses("310000", kind="dingtalk", url=f"{self.url}/dingtalk?access_token=x", secret="other")
        self.refuses("19021", kind="feishu", url=f"{self.url}/feishu", secret="other")
        self.refuses("401", kind="webhook", url=f"{self.url}/webhook", secret="whsec_b3RoZXI=")

    def test_a_redirect_is_not_followed(self):
        before = len(Endpoint.heard)
        self.refuses("302", kind="webhook", url=f"{self.url}/moved", secret=f"whsec_{KEY}")
        self.assertEqual([path for path, _, _ in Endpoint.heard[before:]], ["/moved"])

    def test_a_gateway_gets_one_request_a_telephone(self):
        row = {"kind": "sms", "url": f"{self.url}/sms", "to": PHONES, "header": "Authorization: Bearer t",
               "body": '{"mobile":"{phone}","content":"【烽燧】{text}"}', "success": '"result": "0"'}
        self.assertEqual(self.takes(**row)["sent"], 2)
        self.refuses("did not take", **dict(row, to=["1"]))

    def test_a_file_that_others_may_read_is_refused(self):
        path = self.file({"name": "c", "kind": "wecom", "url": f"{self.url}/wecom?key=k"}, mode=0o640)
        done = run("channel", "list", "--file", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr)

    def test_the_list_shows_no_secret(self):
        path = self.file({"name": "d", "kind": "dingtalk", "url": f"{self.url}/dingtalk", "secret": SECRET},
                         dict(self.mail(), name="m", escalate_to="d", escalate_after=5))
        for words in (["--json"], []):
            done = run("channel", "list", "--file", path, *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("dingtalk", done.stdout)
            self.assertNotIn(SECRET, done.stdout)
            self.assertNotIn("geheim", done.stdout)
        self.assertEqual(run("channel", "test", "nobody", "--file", path).returncode, 1)


if __name__ == "__main__":
    unittest.main()
