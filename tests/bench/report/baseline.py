# SPDX-License-Identifier: MIT
"""What guarding is known to cost, which a change may not exceed unnoticed.

Compared is what is added to the bare kernel, row by row; three per cent of the whole operation could hide a third of it. Rows
that do not repeat exactly may also exceed it by their noise, which the baseline states with the reason."""
import collections
import datetime
import json
import pathlib

from rows import NOISE, OWN, ROWS

TOLERANCE = 0.03
MEMORY = ("policy_500", "policy_variant", "binding", "subject")
Comparison = collections.namedtuple("Comparison", "name value known limit")


def added(figures):
    return {column: {row: figures.added(column, row) for row in figures.rows(column)} for column in OWN}


def kernel_document(one):
    return {
        "release": one.release,
        "added": added(one),
        "memory": {row: one.values["memory"][row] for row in MEMORY},
    }


def write(path, measured, reason):
    """Kernels that were not measured stay as they are."""
    kernels = read(path)["kernels"] if pathlib.Path(path).exists() else {}
    kernels.update({one.name: kernel_document(one) for one in measured})
    document = {
        "date": datetime.date.today().isoformat(),
        "reason": reason,
        "tolerance": TOLERANCE,
        "noise": {row: {"instructions": value, "why": why} for row, (value, why) in NOISE.items()},
        "kernels": kernels,
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
        file.write("\n")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def limit(known, tolerance, noise):
    return known + max(round(abs(known) * tolerance), noise)


def unknown(figures, baseline):
    """Rows that were measured, and were not when the baseline was."""
    known = baseline["kernels"][figures.name]["added"]
    return [row for row in figures.rows() if not any(row in costs for costs in known.values())]


def comparisons(figures, baseline):
    """Of one kernel."""
    known, tolerance = baseline["kernels"][figures.name], baseline["tolerance"]
    noise = {row: entry["instructions"] for row, entry in baseline["noise"].items()}
    for column, costs in known["added"].items():
        for row, cost in costs.items():
            yield Comparison(f"{figures.name}, {column}: {ROWS[row].title}", figures.added(column, row), cost,
                             limit(cost, tolerance, noise.get(row, 0)))
    for row, size in known["memory"].items():
        value = figures.values["memory"][row]
        yield Comparison(f"{figures.name}, bytes: {row}", value, size, limit(size, tolerance, noise.get(row, 0)))
