from sample import README, SOURCE, GateTest, main


class ReadmeTest(GateTest):
    gate = "readme"
    violations = [
        ({"src/base/README.md": None}, "src/base/README.md:1: is missing"),
        ({"bench/b.c": SOURCE}, "bench/README.md:1: is missing"),
        ({"src/base/README.md": README + "more\n" * 30}, "34 lines"),
        ({"src/base/README.md": "# base\n"}, "1 lines"),
    ]

    def test_fails_when_there_is_nothing_to_look_at(self):
        from sample import CLEAN
        code, said = self.check({name: None for name in CLEAN} | {"tools/pure.txt": None})
        self.assertNotEqual(code, 0, said)


main()
