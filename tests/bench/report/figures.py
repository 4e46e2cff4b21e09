# SPDX-License-Identifier: MIT
"""The figures of a run, as the scripts in the guest print them:

    kernel RELEASE
    figure COLUMN ROW VALUE      VALUE is a number, or for a row that a guard is to refuse also "refused" or "allowed"
"""
import collections
import pathlib

from rows import COLUMNS, DENIED, REFUSES, ROWS


class Figures:
    """What was measured with one kernel."""

    def __init__(self, name):
        self.name, self.release = name, "unknown"
        self.values = collections.defaultdict(dict)
        self.verdicts = collections.defaultdict(dict)

    def take(self, words):
        if words[:1] == ["kernel"]:
            self.release = words[1]
        elif words[:1] == ["figure"] and words[3] in ("refused", "allowed"):
            self.verdicts[words[1]][words[2]] = words[3]
        elif words[:1] == ["figure"]:
            self.values[words[1]][words[2]] = float(words[3])

    def columns(self):
        return [column for column in COLUMNS if column in self.values]

    def rows(self, column="bare"):
        """Those that were measured there: not every guard has something to say about each, and a run may be of some."""
        return [row for row in ROWS if row in self.values[column]]

    def missing_rows(self):
        """Of a run of some rows, of which nothing can be told in general."""
        return [f"{self.name}: {row} was not measured" for row in ROWS if row not in self.rows()]

    def cost(self, column, row):
        """Instructions, without those of reading the clock."""
        return round(self.values[column][row] - self.values[column]["nothing"])

    def added(self, column, row, base="bare"):
        """To the bare kernel; of a refusal, all of it."""
        return self.cost(column, row) - (0 if row in DENIED else self.cost(base, row))

    def costs(self):
        return {column: {row: self.cost(column, row) for row in self.rows(column)} for column in self.columns()}

    def broken_controls(self):
        """A guard that does not refuse what it has to, or a refusal of nobody's, makes the figures worthless."""
        for column in self.columns():
            for row in filter(self.rows(column).__contains__, DENIED):
                expected = "refused" if row in REFUSES.get(column, ()) else "allowed"
                if self.verdicts[column].get(row) != expected:
                    yield f"{self.name}, {column}: {row} was not {expected}"


def read_files(name, files):
    figures = Figures(name)
    for file in sorted(files):
        for line in file.read_text(encoding="utf-8").splitlines():
            figures.take(line.split())
    return figures


def read(directory):
    """Of every kernel, each of which has a directory there, oldest first."""
    paths = [path for path in pathlib.Path(directory).iterdir() if path.is_dir()]
    paths.sort(key=lambda path: [int(word) if word.isdigit() else 0 for word in path.name.replace("-", ".").split(".")])
    return [read_files(path.name, path.glob("*.figures")) for path in paths]


def read_host(directory):
    """What was measured outside of any guest."""
    return read_files("host", pathlib.Path(directory).glob("*.figures")).values["host"]
