from sample import GateTest, main


# Put together here, so that this file does not hold what it is about.
def line(*parts):
    return {"docs/README.md": "# docs\n\n" + "".join(parts) + "\n"}


class WordsTest(GateTest):
    gate = "words"
    empties = False
    violations = [
        (line("https://registry.", "npmjs", ".org/vue"), "the host of a package registry"),
        (line("from py", "pi.org"), "the host of a package registry"),
        (line("see /wo", "rk/notes.txt"), "docs/README.md:3:"),
        (line("see /ho", "me/somebody/notes.txt"), "a path of one machine"),
        (line("TO", "DO later"), "a promise"),
    ]

    def test_takes_words_that_only_look_alike(self):
        code, said = self.check(line("a/wo", "rk/b, homework/c, TODOS"))
        self.assertEqual(code, 0, said)


main()
