from sample import CLEAN, SOURCE, GateTest, main

UP = '#include "domain/d.h"\n' + SOURCE


class LayersTest(GateTest):
    gate = "layers"
    violations = [
        ({"src/base/a.c": UP}, "src/base/a.c:1: base may not use domain"),
        ({"src/base/a.h": "#  include \"domain/d.h\"\n"}, "src/base/a.h:1: base may not use domain"),
        ({"src/base/a.c": UP.replace('"domain/d.h"', "<domain/d.h>")}, "is ours"),
        ({"src/base/a.c": '#include "a.h"\n'}, 'as "layer/file.h"'),
        ({"src/domain/d.c": '#include "base/a_internal.h"\n'}, "internal to base"),
        ({"src/wire/w.c": SOURCE}, "the layer 'wire' has no line"),
        ({"docs/architecture/layers.txt": "base: domain\ndomain: base\n"}, "may use each other"),
        ({"docs/architecture/layers.txt": "base:\ndomain: base paper\n"}, "which has no line"),
    ]

    def test_takes_what_the_drawing_allows(self):
        code, said = self.check({"src/domain/d.c": SOURCE, "src/domain/d.h": CLEAN["src/base/a.h"]})
        self.assertEqual(code, 0, said)


main()
