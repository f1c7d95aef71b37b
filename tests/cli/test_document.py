"""Documents of the demonstration's record, looked at by other people's programs: poppler and LibreOffice."""
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from binary import run

MADE = [  # kind of document, type of matter, a text that it must hold
    ("incident-report", "incident", "已采取的应急处置措施"),
    ("summary", "incident", "经验教训"),
    ("warning", "warning", "应采取的防范措施"),
    ("response-start", "response", "级响应的通知"),
    ("response-end", "response", "结束"),
    ("situation", "response", "处置进展情况"),
    ("order", "order", "具体要求"),
]


def text_of(path, *words):
    return subprocess.run(["pdftotext", *words, path, "-"], capture_output=True, text=True, check=True).stdout


def plain(text):
    return re.sub(r"\s", "", text)


class DocumentTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        played = run("demo", "--run-all", "--data", f"{cls.folder}/demo")
        assert played.returncode == 0, played.stderr
        cls.data = f"{cls.folder}/demo/miit"
        with open(f"{cls.data}/fengsui.yaml", "w", encoding="utf-8") as file:
            file.write(f"node:\n  id: miit\n  data: {cls.data}\n")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def make(self, name, *words):
        path = f"{self.folder}/{name}"
        made = run("document", *words, "--data", self.data, "-o", path)
        self.assertEqual(made.returncode, 0, f"{words}: {made.stderr}")
        return path

    def matters(self, kind):
        path = self.make(f"{kind}-{os.urandom(4).hex()}.xlsx", f"{kind}s")
        with zipfile.ZipFile(path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        return re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", sheet)

    def first(self, document, kind, ending):
        """The first matter of the kind that has the document."""
        for matter in self.matters(kind):
            path = f"{self.folder}/{document}-{matter}.{ending}"
            if os.path.exists(path):
                return path
            made = run("document", document, matter, "--data", self.data, "-o", path)
            if made.returncode == 0:
                return path
        return self.fail(f"no {kind} has a {document}")

    def test_every_kind_of_document_is_made_and_labelled_as_a_demonstration(self):
        for document, kind, text in MADE:
            pdf = self.first(document, kind, "pdf")
            said = text_of(pdf)
            self.assertIn(plain(text), plain(said), document)
            pages = said.count("\f")
            self.assertEqual(said.count("演示数据\n"), pages, document)
            self.assertIn(f"—{pages}—", plain(said))
            self.assertIn("印发", said)

    def test_every_face_is_embedded_and_a_subset(self):
        pdf = self.first("incident-report", "incident", "pdf")
        fonts = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in fonts.splitlines()[2:]]
        self.assertGreaterEqual(len(rows), 4)
        for row in rows:
            self.assertRegex(row[0], r"^[A-Z]{6}\+")
            self.assertEqual(row[-5:-2], ["yes", "yes", "yes"], row)

    def test_lines_and_margins_are_those_of_the_standard(self):
        pdf = self.first("summary", "incident", "pdf")
        boxes = subprocess.run(["pdftotext", "-bbox-layout", pdf, "-"], capture_output=True, text=True,
                               check=True).stdout
        for page in boxes.split("<page ")[1:]:
            lines = [tuple(map(float, found)) for found in re.findall(
                r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', page)]
            body = [line for line in lines if 37 <= (line[1] + line[3]) / 2 / 72 * 25.4 <= 262]
            for x_min, _, x_max, _ in body:
                self.assertGreaterEqual(x_min / 72 * 25.4, 27)
                self.assertLessEqual(x_max / 72 * 25.4, 210 - 26 + 3)  # a closing mark's empty half
            pitch = 225 * 72 / 25.4 / 22
            rows = {round(((line[1] + line[3]) / 2 - 37 * 72 / 25.4) / pitch) for line in body}
            self.assertLessEqual(len(rows), 22)

    def test_the_same_record_gives_the_same_bytes(self):
        matter = self.matters("warning")[0]
        for ending in ("pdf", "docx", "xml"):
            digests = set()
            for number in range(2):
                path = self.make(f"same{number}.{ending}", "warning", matter)
                with open(path, "rb") as file:
                    digests.add(hashlib.sha256(file.read()).hexdigest())
            self.assertEqual(len(digests), 1, ending)

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not there to open DOCX and XLSX")
    def test_libreoffice_opens_what_is_made(self):
        docx = self.first("incident-report", "incident", "docx")
        book = self.make("statistics.xlsx", "statistics")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.folder}/office", "--headless",
                        "--convert-to", "pdf", "--outdir", f"{self.folder}/opened", docx, book],
                       capture_output=True, check=True, timeout=300)
        name = os.path.basename(docx).replace(".docx", ".pdf")
        said = plain(text_of(f"{self.folder}/opened/{name}"))
        pdf = plain(text_of(self.first("incident-report", "incident", "pdf")))
        for text in ("签发人", "一、", "有关建议", "特此报告。", "演示数据", "印发"):
            self.assertIn(text, said)
            self.assertIn(text, pdf)
        self.assertIn("突发事件（按级别）", text_of(f"{self.folder}/opened/statistics.pdf"))

    def test_a_file_that_is_there_is_kept_unless_forced(self):
        matter = self.matters("warning")[0]
        path = self.make("kept.xml", "warning", matter)
        again = run("document", "warning", matter, "--data", self.data, "-o", path)
        self.assertEqual(again.returncode, 1)
        self.assertIn("--force", again.stderr)
        forced = run("document", "warning", matter, "--data", self.data, "-o", path, "--force")
        self.assertEqual(forced.returncode, 0)

    def test_what_there_is_is_listed_and_wrong_words_are_refused(self):
        listed = run("document", "--data", self.data)
        self.assertIn("drill-report", listed.stdout)
        self.assertIn("突发事件登记簿", listed.stdout)
        self.assertEqual(run("document", "warning", "--data", self.data).returncode, 2)
        self.assertEqual(run("document", "nothing", "--data", self.data).returncode, 1)


if __name__ == "__main__":
    unittest.main()
