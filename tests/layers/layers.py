"""The arrows between rooms, held to the table in docs/architecture.md.

layers.py ROOT prints one line for every include and every CMake link that the table does not allow, and ends
with 1 if there is one.
"""
import pathlib
import re
import sys


def allowed(root):
    """room -> rooms it may include, from the table under the heading "Rooms"."""
    table = {}
    for line in (root / "docs/architecture.md").read_text().splitlines():
        row = re.match(r"\| `(\w+)` \|.*\| ([\w, ]+) \|$", line)
        if row:
            table[row[1]] = set() if row[2] == "nothing" else {name.strip() for name in row[2].split(",")}
    for uses in table.values():
        if "all" in uses:
            uses |= set(table)
    return table


def violations(root):
    table = allowed(root)
    rooms = sorted(path.name for path in (root / "src").iterdir() if path.is_dir())
    found = [f"src/{room}: not in the table of docs/architecture.md" for room in rooms if room not in table]
    for room in set(rooms) & set(table):
        may = table[room] | {room}
        for path in sorted((root / "src" / room).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".cu", ".inc"):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                include = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
                if not include:
                    continue
                where = f"{path.relative_to(root)}:{number}"
                target = include[1].split("/")[0]
                if "/" not in include[1] or ".." in include[1]:
                    found.append(f'{where}: include "{include[1]}" by its room: "{room}/…"')
                elif target in table and target not in may:
                    found.append(f"{where}: {room} may not use {target}")
        listing = root / "src" / room / "CMakeLists.txt"
        link = re.search(r"orak_room\(\s*\w+\s+USES\s+([\w\s]*?)(?:LINK|\))", listing.read_text()) if listing.exists() else None
        for target in link[1].split() if link else []:
            if target not in may:
                found.append(f"{listing.relative_to(root)}: {room} may not link {target}")
    return found


if __name__ == "__main__":
    lines = violations(pathlib.Path(sys.argv[1]))
    print("\n".join(lines))
    sys.exit(bool(lines))
