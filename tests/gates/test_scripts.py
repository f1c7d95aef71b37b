import os

from sample import GateTest, Tree, main

SHELL = "#!/bin/sh\nset -eu\necho \"$1\"\n"


class ScriptsTest(GateTest):
    gate = "scripts"
    empties = False
    violations = [
        ({"tools/x": SHELL.replace('"$1"', "$1")}, "SC2086"),
        ({"tools/x.py": "def f(:\n"}, "tools/x.py:1: invalid syntax"),
        ({"tools/x": SHELL}, "may not be executed"),
        ({}, "checks nothing"),
    ]

    def test_passes_a_clean_tree(self):
        tree = Tree({"tools/x": SHELL, "tools/x.py": "print(1)\n"})
        os.chmod(tree.root + "/tools/x", 0o755)
        code, said = tree.gate(self.gate)
        tree.remove()
        self.assertEqual(code, 0, said)


main()
