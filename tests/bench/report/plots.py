# SPDX-License-Identifier: MIT
"""The figures as SVG, drawn by gnuplot."""
import pathlib
import subprocess

import scaling
from rows import COLUMNS, DENIED, ROWS, SCALES

# Their costs differ too much for one axis.
GROUPS = {
    "files": ["open_2", "open_6", "open_12", "create_unlink", "rename", "mmap_exec", "denied_open"],
    "programs": ["exec_static", "exec_dynamic", "fork"],
    "network": ["udp_connect", "udp_send", "tcp_connection", "tcp_stream", "denied_connect"],
    "egress": ["udp_connect_new", "udp_send_new", "link_udp_out", "link_udp_in", "link_stream_out", "link_stream_in", "resolve",
               "link_denied"],
}
COLOURS = ["#9ecae1", "#6baed6", "#08519c", "#e6550d", "#31a354", "#756bb1", "#9e9ac8", "#c51b8a"]
HEAD = """set terminal svg size {width},{height} font 'sans-serif,12' background '#ffffff'
set output '{path}'
set grid ytics linecolor rgb '#dddddd'
set border 3
set tics nomirror
set format y '%.0f'
"""


def gnuplot(script):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def block(name, lines):
    return f"${name} << END\n" + "\n".join(lines) + "\nEND\n"


def bar(figures, column, row):
    """Nothing where nobody refuses, since what goes through is no refusal, and where nobody measured."""
    if row not in figures.rows(column) or row in DENIED and figures.verdicts[column].get(row) != "refused":
        return "NaN"
    return figures.added(column, row)


def cost_plot(figures, group, path):
    columns = [column for column in figures.columns() if column != "bare"]
    lines = [" ".join([f'"{ROWS[row].title}"', *(str(bar(figures, column, row)) for column in columns)])
             for row in GROUPS[group]]
    bars = ", ".join(f"$data using {i + 2}:xtic(1) title '{COLUMNS[column]}' linecolor rgb '{COLOURS[i]}'"
                     for i, column in enumerate(columns))
    gnuplot(HEAD.format(width=960, height=420, path=path) + block("data", lines) + f"""
set title 'Instructions added to the bare kernel ({figures.release}); of a refusal, all'
set style data histogram
set style histogram clustered gap 1
set style fill solid
set key top left
set yrange [0:*]
set xtics rotate by -15
plot {bars}
""")


def scaling_panel(figures, what):
    rows = scaling.rows(figures, what)
    lines = [" ".join(str(scaling.added(figures, what, number, row)) for row in rows)
             for number in scaling.points(figures, what)]
    data = [f"{number} {line}" for number, line in zip(scaling.points(figures, what), lines)]
    curves = ", ".join(f"${what} using 1:{i + 2} with linespoints title '{ROWS[row].title}' linecolor rgb '{COLOURS[i + 1]}'"
                       for i, row in enumerate(rows))
    return block(what, data) + f"set xlabel '{SCALES[what]}'\nset logscale x {2 if what == 'depth' else 10}\nplot {curves}\n"


def scaling_plot(figures, path):
    lines = (len(scaling.scales(figures)) + 1) // 2
    gnuplot(HEAD.format(width=960, height=360 * lines, path=path) + f"""
set multiplot layout {lines},2 title 'Instructions that guarding adds to an operation ({figures.release})'
set yrange [0:*]
set key center right font ',10'
""" + "".join(scaling_panel(figures, what) for what in scaling.scales(figures)) + "unset multiplot\n")


def draw(figures, directory):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for group in GROUPS:
        cost_plot(figures, group, directory / f"{figures.name}-{group}.svg")
    if scaling.scales(figures):
        scaling_plot(figures, directory / f"{figures.name}-scaling.svg")
