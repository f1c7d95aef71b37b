from sample import SOURCE, GateTest, main

ROW = "src/base/b.c   it is generated\n"


class TestsTest(GateTest):
    gate = "tests"
    violations = [
        ({"src/base/b.c": SOURCE}, "src/base/b.c:1: there is no tests/unit/base/test_b.c"),
        ({"tests/unit/base/test_a.c": "int main(void) { return 0; }\n"}, "asserts nothing"),
        ({"tools/untested.txt": ROW}, "there is no src/base/b.c; take its row out"),
        ({"tools/untested.txt": "src/base/a.c because\n"}, "has a test now"),
        ({"tools/untested.txt": "src/base/b.c\n", "src/base/b.c": SOURCE}, "has no reason"),
    ]

    def test_takes_a_test_whose_helper_asserts(self):
        code, said = self.check({
            "tests/unit/base/test_a.c": '#include "lib/help.h"\nint main(void) { return help(); }\n',
            "tests/lib/help.c": "int help(void) { assert(1); return 0; }\n",
        })
        self.assertEqual(code, 0, said)

    def test_takes_an_exempt_source(self):
        code, said = self.check({"src/base/b.c": SOURCE, "tools/untested.txt": ROW})
        self.assertEqual(code, 0, said)


main()
