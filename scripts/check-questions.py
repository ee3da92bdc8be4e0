"""Runs the questions of docs/data.md as they stand there, in the folder of a run, and checks that all tools answer alike.
A tool that is missing is named and left out: check-questions.py docs/data.md FOLDER."""

import contextlib
import importlib.util
import io
import math
import os
import re
import shutil
import subprocess
import sys


def skip(what):
    print(f"check-exports: skipped: {what}")


def block(text, language):
    """The block of code in a language below the heading of the questions."""
    questions = text.split("\n## Three questions\n")[1].split("\n## ")[0]
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", questions, re.DOTALL | re.MULTILINE)
    return code


def by_pandas(code):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)
    assert len(printed.getvalue().splitlines()) > 5, printed.getvalue()
    return [names[name].to_dict() for name in ("fastest", "windows", "ratios")]


def by_duckdb(code):
    import duckdb

    results = [duckdb.sql(one) for one in code.split(";") if one.strip()]
    rows = [result.fetchall() for result in results[-3:]]
    return [{row[0] if len(row) == 2 else row[:-1]: row[-1] for row in of} for of in rows]


def by_jq(code):
    done = subprocess.run(["sh", "-eu"], input=code, capture_output=True, text=True, check=True)
    answers = [{}, {}, {}]
    for line in done.stdout.splitlines():
        fields = line.split("\t")
        match len(fields):
            case 2:
                answers[0][fields[1]] = float(fields[0])
            case 3:
                answers[1][tuple(fields[:2])] = int(fields[2])
            case _:
                answers[2][(fields[0], fields[1], int(fields[2]))] = float(fields[3])
    return answers


def main(document, folder):
    text = open(document).read()
    os.chdir(folder)
    answers = {}
    for name, language, answer in [("pandas", "python", by_pandas), ("duckdb", "sql", by_duckdb), ("jq", "sh", by_jq)]:
        if shutil.which(name) if name == "jq" else importlib.util.find_spec(name):
            answers[name] = answer(block(text, language))
        else:
            skip(f"the questions for {name}, which is not here")
    for name, found in answers.items():
        assert found[1], f"{name} finds no window"
        for number, (one, other) in enumerate(zip(found, next(iter(answers.values())), strict=True), 1):
            what = f"question {number}: {name} says {one}, and another tool {other}"
            assert one.keys() == other.keys(), what
            assert all(math.isclose(one[key], other[key], rel_tol=1e-9) for key in one), what
    if answers:
        counts = " and ".join(str(len(answer)) for answer in next(iter(answers.values())))
        print(f"check-exports: the same answers to the questions of {document} by {', '.join(answers)}: {counts} rows")


main(*sys.argv[1:])
