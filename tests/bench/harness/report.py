"""Tables for people, JSON for machines."""

import json
import os
import statistics


def median(values):
    return statistics.median(values) if values else None


def table(title, heads, rows):
    """Prints rows under their heads; the first column is text, the rest are numbers."""
    cells = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    print(f"\n{title}")
    for index, row in enumerate(cells):
        print("  " + "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip())
        if index == 0:
            print("  " + "  ".join("-" * width for width in widths))
    print(flush=True)


def note(text):
    print(f"  {text}", flush=True)


def ratio(value, base):
    return f"{value / base:.2f}" if value is not None and base else "-"


def span(values, form="{:.1f}"):
    return f"{form.format(min(values))}–{form.format(max(values))}" if values else "-"


def write(name, result):
    path = os.path.join(os.environ["SLUICE_BENCH_BUILD"], f"{name}.json")
    with open(path + ".new", "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")
    os.replace(path + ".new", path)
    note(f"written: build/bench/{name}.json")
