#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""page.py WHAT DOM: is what a browser has made of a report as it should be? Prints what is not, and fails."""
import html.parser
import sys

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(html.parser.HTMLParser):
    """Texts of elements, by id, tag and class."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.elements = []
        self.feed(text)
        for element in self.elements:
            element["text"] = "".join(element["parts"])

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "attrs": dict(attrs), "parts": []}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["parts"].append(data)

    def by_id(self, name):
        found = [e for e in self.elements if e["attrs"].get("id") == name]
        return found[0]["text"].replace("\u202f", "") if found else None

    def all(self, tag):
        return [e for e in self.elements if e["tag"] == tag]

    def text(self):
        return "".join(e["text"] for e in self.all("main"))


def day(page):
    counts = {"functions": "13", "denied": "53", "would-deny": "68", "findings": "13"}
    for name, count in counts.items():
        yield page.by_id(name) == count, f"{name} is {page.by_id(name)}"
    yield int(page.by_id("observed")) > 5000, "what is allowed is counted"
    yield [e["text"] for e in page.all("title")][0] == "fnguard report", "the title is whose it was"
    yield page.by_id("owned") is None, "a name has become an element"
    yield not page.all("script") and not page.all("img"), "a name runs something"
    yield not [name for e in page.elements for name in e["attrs"] if name.startswith("on")], "a name has become an attribute"
    codes = [e["text"] for e in page.all("code")]
    for name in ("<script>document.title='owned'</script>", "\"><img src=x onerror=alert(1)>", "</code></table><h1 id=owned>",
                 "&lt;b&gt;", "a\\u{202e}gpj.exe", "b\\u{1b}[31mred\\u{a}line", "\\0nul", "\ufffd\\u{200b}z"):
        yield "/tmp/" + name in codes, f"{name!r} is not among the names"
    yield not any(c < " " and c not in "\n\t" or c == "\u202e" for c in page.text()), "something unseen is left"
    text = page.text()
    for part in ("reverse-shell", "T1059.004", "db.internal", "10.0.0.12:5432/tcp", "input or output is a connection", "killed",
                 "strict.yaml:14", "quarantined", "20 denials in 10 s", "17 events were lost", "100 events are missing",
                 "1 lines that are not JSON", "told as a number only"):
        yield part in text, f"{part!r} is not told"
    yield len(page.all("svg")) == 26, "every function has its time lines"
    yield len(page.all("rect")) > 200, "there is something in them"


def since(page):
    yield page.by_id("functions") == "2", f"{page.by_id('functions')} functions are left"
    yield "192.0.2.7" not in page.text() and "/usr/bin/dash" in page.text(), "the wrong events are left"


def empty(page):
    yield page.by_id("denied") == "0" and "Nothing was refused" in page.text(), "it is not empty"


def flood(page):
    yield page.by_id("functions") == "1024", "there are as many functions as there may be"
    yield "more functions or different things" in page.text(), "it does not say that there were more"
    yield len(page.all("tr")) < 60000, "it is as long as what was recorded"


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        page = Page(file.read())
    wrong = [what for fine, what in globals()[sys.argv[1]](page) if not fine]
    print(*wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
