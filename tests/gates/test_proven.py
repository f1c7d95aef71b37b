from sample import GateTest, main

GATE = {
    "tools/lint_a.py": "",
    "tools/lint": 'GATES = [\n    ("a", []),\n]\n',
    "tests/gates/test_a.py": "",
    "tests/gates/CMakeLists.txt": "foreach(gate a)\n",
}


class ProvenTest(GateTest):
    gate = "proven"
    clean = GATE
    violations = [
        ({**GATE, "tests/gates/test_a.py": None}, "tools/lint_a.py:1: there is no tests/gates/test_a.py"),
        ({**GATE, "tests/gates/CMakeLists.txt": "foreach(gate b)\n"}, "does not run test_a.py"),
        ({**GATE, "tools/lint": "GATES = []\n"}, "tools/lint:1: does not run lint_a.py"),
    ]


main()
