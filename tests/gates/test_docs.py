from sample import README, GateTest, main


def line(text):
    return {"docs/README.md": README + text + "\n"}


class DocsTest(GateTest):
    gate = "docs"
    violations = [
        (line("[a](nothing.md)"), "docs/README.md:5: there is no nothing.md"),
        (line("[a](../src/base/b.c#part)"), "there is no ../src/base/b.c"),
        (line("see `src/base/b.h`"), "there is no src/base/b.h"),
        (line("see `../tests/lib/`"), "there is no ../tests/lib/"),
    ]

    def test_takes_what_is_there_and_what_stands_for_something(self):
        code, said = self.check(line("[a](../src/base/a.c#x) [b](https://a.example/b) `src/base/a.h` "
                                     "`../src` `src/<layer>/` `tests/*.c` `application/json` `/etc/x/y` "
                                     "`src/base/{a,b}.c`"))
        self.assertEqual(code, 0, said)


main()
