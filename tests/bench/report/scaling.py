# SPDX-License-Identifier: MIT
"""What guarding costs while there is more and more of something: columns called WHAT:NUMBER."""
from rows import SCALES


def points(figures, what):
    """Numbers of which there are figures, least first."""
    return sorted(int(column.split(":")[1]) for column in figures.values if column.startswith(f"{what}:"))


def rows(figures, what):
    first = figures.values[f"{what}:{points(figures, what)[0]}"]
    return [row for row in first if row != "nothing"]


def added(figures, what, number, row):
    """A deep cgroup costs the kernel itself something, which is not held against the guard."""
    base = f"bare_depth:{number}" if what == "depth" else "bare"
    return figures.added(f"{what}:{number}", row, base)


def scales(figures):
    return [what for what in SCALES if points(figures, what)]


def series(figures, what, row):
    return [(number, added(figures, what, number, row)) for number in points(figures, what)]


def table(figures):
    return {what: {row: dict(series(figures, what, row)) for row in rows(figures, what)} for what in scales(figures)}
