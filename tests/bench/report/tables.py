# SPDX-License-Identifier: MIT
"""The figures as text."""
import scaling
from rows import COLUMNS, DENIED, ROWS, SCALES


def cell(figures, column, row):
    if row not in figures.rows(column):
        return "-"
    if column == "bare" or row in DENIED:
        refused = figures.verdicts[column].get(row) == "refused"
        return "-" if row in DENIED and not refused else f"{figures.cost(column, row):,}"
    return f"{figures.added(column, row):+,}"


def print_costs(figures):
    columns = figures.columns()
    print(f"{'instructions':36}" + "".join(f"{COLUMNS[column]:>12}" for column in columns))
    for row in figures.rows():
        print(f"{ROWS[row].title:36}" + "".join(f"{cell(figures, column, row):>12}" for column in columns))


def print_scaling(figures):
    for what in scaling.scales(figures):
        numbers = scaling.points(figures, what)
        print(f"{SCALES[what]:36}" + "".join(f"{number:>12,}" for number in numbers))
        for row in scaling.rows(figures, what):
            print(f"  {ROWS[row].title:34}" + "".join(f"{cost:>+12,}" for _, cost in scaling.series(figures, what, row)))


def print_pair(figures):
    """Instructions of both processors for one operation."""
    columns = [f"{column}:{number}" for column in ("bare", "guarded") for number in (1, 2)]
    if not all(column in figures.values for column in columns):
        return
    titles = ["bare, 1 CPU", "bare, 2", "guarded, 1", "guarded, 2"]
    print(f"{'one processor, and two at once':36}" + "".join(f"{title:>12}" for title in titles))
    for row in figures.values[columns[0]]:
        print(f"{ROWS[row].title:36}" + "".join(f"{figures.values[column][row]:>12,.0f}" for column in columns))


def print_memory(figures):
    titles = {"policy_500": "policy of 500 rules", "policy_variant": "variant of 20 rules over a template",
              "binding": "explicit binding", "subject": "cgroup met"}
    for row, value in figures.values["memory"].items():
        print(f"{titles[row]:36}{value:12,.0f} bytes")
    times = figures.values["time"]
    for size in ("10", "100", "1000", "10000"):
        if f"push_{size}_busy" in times:
            busy, elapsed = (times[f"push_{size}_{kind}"] / 1e6 for kind in ("busy", "elapsed"))
            print(f"{f'push of {int(size):,} rules':36}{busy:12,.0f} million instructions, {elapsed:,.0f} with waiting for RCU")


def print_figures(figures):
    print(f"{figures.name}: {figures.release}. Beyond the first column, what is added to bare; of a refusal, all of it")
    for part in print_costs, print_scaling, print_pair, print_memory:
        part(figures)
        print()


def print_host(host):
    print(f"{'image of 10,000 rules and networks':36}{host['image_bytes_rules-10000'] / 1024:12,.0f} KiB")
    print(f"{'image of 500 rules':36}{host['image_bytes_paths-500'] / 1024:12,.0f} KiB")
