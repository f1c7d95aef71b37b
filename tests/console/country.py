#!/usr/bin/env python3
"""country.py PROGRAM [COMMAND…]: a ministry, a province, two enterprises: real nodes, and their morning.

With a command, runs it with where the nodes are in the environment ($COUNTRY, JSON) and ends with its exit
code. Without, prints where they are and stays until it is told to stop.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from node import Node, Refused, enrol  # noqa: E402

ROLES = ("viewer", "officer", "auditor", "operator")
REPORT = {"title": "浙江省递归域名解析异常", "occurred": "2026-11-20T21:50:00+08:00",
          "scope": "全省固定宽带用户，约三成解析失败", "harm": "大量用户无法正常上网",
          "measures": "切换备用解析，限速异常查询源", "advice": "请协调上级解析运营方核查", "region": "330000",
          "contact": "李四 13800138000",
          "facts": {"happened": True, "cause": "attack", "kinds": ["abnormal", "outage"],
                    "scope": {"provinces": ["330000"]}, "judged": {"many_users_offline": True}}}
LEAK = dict(REPORT, title="云存储用户资料泄露", scope="约一百二十万名用户的姓名与手机号", harm="用户可能遭受电信诈骗",
            facts={"happened": True, "kinds": ["leak"], "leaked_users": 1200000,
                   "scope": {"provinces": ["330000"]}})
HAZARD = {"title": "某型号家用路由器存在远程执行漏洞", "scope": "全省约四十万台终端", "harm": "可能被组成僵尸网络",
          "measures": "已通知厂商", "advice": "建议发布风险提示", "region": "330000"}
WARNING = {"title": "针对递归解析服务的拒绝服务攻击", "colour": "yellow", "starts": "2026-11-20T22:00:00+08:00",
           "scope": "浙江省内各解析服务", "harm": "解析中断", "precautions": "启用过滤与备份，值班加强",
           "time_limit": "48 小时", "issuer": "浙江省通信管理局", "hotline": "0571-00000000", "region": "330000"}
MEASURES = {"filter_traffic": "过滤攻击流量", "use_backup": "启用备份解析", "duty_24h": "实行24小时值班"}


class Country:
    def __init__(self, program, folder):
        self.miit = Node(program, folder, "miit")
        self.pca = Node(program, folder, "pca-330000")
        self.telecom = Node(program, folder, "demo-telecom-zj")
        self.cloud = Node(program, folder, "demo-cloud-zj")
        self.nodes = (self.miit, self.pca, self.telecom, self.cloud)
        self.tokens = {}

    def start(self):
        self.miit.make("--ministry", "--name", "工业和信息化部网络安全应急办公室")
        self.miit.start()
        enrol(self.miit, self.pca, "浙江省通信管理局", "province", "330000", "PCA", "--ca")
        self.pca.start()
        enrol(self.pca, self.telecom, "演示电信浙江公司", "enterprise", "330000", "TEL")
        self.telecom.start()
        enrol(self.pca, self.cloud, "演示云浙江公司", "enterprise", "330000", "INT")
        self.cloud.start()
        self.tokens = {node.name: {role: node.token_of(role) for role in ROLES} for node in self.nodes}

    def stop(self):
        for node in self.nodes:
            node.stop(signal.SIGTERM)

    def act(self, node, path, body):
        return node.call("POST", f"/api/v1/{path}", body, self.tokens[node.name]["officer"])["subject"]

    @staticmethod
    def arrives(node, matter):
        def there():
            try:
                return node.get(f"/api/v1/matters/{matter}")
            except Refused:
                return None
        return node.until(there, f"knows {matter}")

    def story(self):
        """Two incidents, one of them answered with a response and orders; a hazard; a warning."""
        incident = self.act(self.telecom, "incidents", REPORT)
        leak = self.act(self.cloud, "incidents", LEAK)
        hazard = self.act(self.cloud, "incidents/hazards", HAZARD)
        for matter in (incident, leak, hazard):
            self.arrives(self.pca, matter)
        self.act(self.pca, f"incidents/{incident}/intakes", {"text": "已受理", "number": "浙应急〔2026〕17号"})
        self.act(self.pca, f"incidents/{incident}/assessments", {"level": "III", "adopts": "miit-2017-281"})
        response = self.respond(incident)
        warning = self.act(self.pca, "warnings", WARNING)
        for node in (self.cloud, self.telecom):
            self.arrives(node, warning)
        self.act(self.telecom, f"warnings/{warning}/acknowledgements", {})
        self.arrives(self.miit, incident)
        return {"incident": incident, "leak": leak, "hazard": hazard, "response": response,
                "warning": warning}

    def respond(self, incident):
        response = self.act(self.pca, f"incidents/{incident}/responses",
                            {"level": "III", "basis": "own-decision", "reason": "达到较大事件条件",
                             "region": "330000", "targets": [self.telecom.name, self.cloud.name]})
        self.order(response)
        return response

    def order(self, response):
        orders = {}
        for unit in (self.telecom, self.cloud):
            for measure, title in MEASURES.items():
                orders[unit.name, measure] = self.act(
                    self.pca, f"matters/{response}/orders",
                    {"assignee": unit.name, "measure": measure, "title": title, "text": "按预案执行并反馈"})
        for measure in ("filter_traffic", "duty_24h"):
            order = orders[self.telecom.name, measure]
            self.arrives(self.telecom, order)
            self.act(self.telecom, f"orders/{order}/acceptances", {})
        self.act(self.telecom, f"orders/{orders[self.telecom.name, 'filter_traffic']}/completions",
                 {"result": "已在三个出口启用过滤", "proof": ["出口流量截图 2026-11-20"]})

    def where(self):
        return {node.name: {"url": f"http://127.0.0.1:{node.api_port}", **self.tokens[node.name]}
                for node in self.nodes}


def main(program, *command):
    with tempfile.TemporaryDirectory(prefix="fengsui-console-") as folder:
        country = Country(os.path.abspath(program), folder)
        try:
            country.start()
            made = {"nodes": country.where(), "matters": country.story()}
            if command:
                env = dict(os.environ, COUNTRY=json.dumps(made))
                return subprocess.run(command, env=env, check=False).returncode
            print(json.dumps(made, indent=1), flush=True)
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
            return 0
        finally:
            country.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM} if len(sys.argv) == 2 else set())
    sys.exit(main(*sys.argv[1:]))
