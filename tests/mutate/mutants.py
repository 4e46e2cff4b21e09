# SPDX-License-Identifier: MIT
"""mutants: what can be made wrong in a file of C by changing one token."""
import re
from typing import NamedTuple

# Comments, strings, characters and directives: not looked into, but for the numbers of a #define.
OPAQUE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|^[ \t]*#[^\n]*', re.S | re.M)
TOKEN = re.compile(r"->|<<=|>>=|<<|>>|\+\+|--|[<>=!]=|[-+*/%&|^]=|&&|\|\||0[xX][0-9a-fA-F]+\w*|\d\w*|[A-Za-z_]\w*|\S")
SWAPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&"}
SMALL = re.compile(r"(\d{1,3})([uUlL]*)")
WORD = re.compile(r"\w+")
KEYWORDS = {"return", "case", "sizeof"}


class Mutant(NamedTuple):
    """One change: the characters from start to end become text."""
    start: int
    end: int
    text: str


class Token(NamedTuple):
    start: int
    text: str


def tokens_of(source):
    blank = OPAQUE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source)
    return [Token(found.start(), found.group()) for found in TOKEN.finditer(blank)]


def is_operand(token):
    """True if what follows is an operator of two operands."""
    return token.text in (")", "]") or (WORD.fullmatch(token.text) is not None and token.text not in KEYWORDS)


def closing(tokens, opening):
    """Index of the parenthesis that closes."""
    depth = 0
    for i in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[i].text, 0)
        if not depth:
            return i
    raise ValueError("a parenthesis is not closed")


def condition(tokens, i):
    """if (x) becomes if (!(x)), but where a comparison in x is swapped for the same, or where a ! is left out."""
    first, last = tokens[i + 1], tokens[closing(tokens, i + 1)]
    inside = [token.text for token in tokens[i + 2:closing(tokens, i + 1)]]
    plain = not {"&&", "||", "?"} & set(inside)
    if plain and ({"==", "!="} & set(inside) or inside[0] == "!"):
        return
    yield Mutant(first.start, first.start + 1, "(!(")
    yield Mutant(last.start, last.start + 1, "))")


def numbers(token, found):
    value, suffix = int(found.group(1)), found.group(2)
    end = token.start + len(token.text)
    yield Mutant(token.start, end, f"{value + 1}{suffix}")
    if value:
        yield Mutant(token.start, end, f"{value - 1}{suffix}")


def one_token(tokens, i):
    token, before = tokens[i], tokens[i - 1]
    end = token.start + len(token.text)
    small = SMALL.fullmatch(token.text)
    if token.text in SWAPPED:
        yield Mutant(token.start, end, SWAPPED[token.text])
    elif token.text in "+-" and is_operand(before):
        yield Mutant(token.start, end, "-" if token.text == "+" else "+")
    elif token.text in ("++", "--") and is_operand(before) != is_operand(tokens[i + 1]):
        yield Mutant(token.start, end, "--" if token.text == "++" else "++")
    elif token.text == "!":
        yield Mutant(token.start, end, "")
    elif token.text == "?":
        yield Mutant(token.start, end, "== 0 ?")
    elif small:
        yield from numbers(token, small)


def mutants_of(source):
    """Each mutant as the list of its changes, in order."""
    tokens = tokens_of(source)
    found = []
    for i in range(1, len(tokens) - 1):
        found += [[mutant] for mutant in one_token(tokens, i)]
        if tokens[i].text in ("if", "while"):
            pair = list(condition(tokens, i))
            found += [pair] if pair else []
    return found


def apply(source, changes):
    for change in reversed(changes):
        source = source[:change.start] + change.text + source[change.end:]
    return source


def describe(source, changes):
    """Line number, and the line before and after."""
    start = source.rfind("\n", 0, changes[0].start) + 1
    end = source.find("\n", changes[-1].end)
    number = source.count("\n", 0, start) + 1
    after = apply(source[:end], changes)[start:]
    return number, squeeze(source[start:end]), squeeze(after)


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()
