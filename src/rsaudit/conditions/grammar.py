"""Text -> tree, by recursive descent. Reads the surface of the language; types are checked elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from rsaudit.conditions.calendar_dates import DURATION_UNITS
from rsaudit.conditions.errors import ExpressionError
from rsaudit.conditions.nodes import (
    MAX_DEPTH,
    Aggregate,
    AsOf,
    Call,
    Chain,
    Choice,
    Comparison,
    Field,
    Length,
    Logic,
    Lookup,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Quoted,
    Truth,
)
from rsaudit.conditions.tokens import Token, tokenize
from rsaudit.messages import conditions as say

KEYWORDS = frozenset({"et", "ou", "non", "dans", "vrai", "faux", "où"})
AGGREGATES = {
    "nombre": False,
    "somme": True,
    "tous": True,
    "un": True,
    "part": True,
    "min": True,
    "max": True,
    "distincts": True,
    "le_seul": False,
}
"""Aggregates, and whether they take a value after the colon."""
FUNCTIONS = {
    "existe": 1,
    "arrondi": 2,
    "jours": 2,
    "annee": 1,
    "date": 3,
    "annees": 2,
    "echeances": 4,
    "plus_petit": 2,
    "plus_grand": 2,
    "recouper": 2,
    "a_defaut": 2,
    "etabli": 2,
}
"""Functions and how many values they take."""
RESERVED = KEYWORDS | set(AGGREGATES) | set(FUNCTIONS) | {"date_audit"}
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_FOREIGN_WORDS = {
    "and": "et",
    "or": "ou",
    "not": "non",
    "in": "dans",
    "true": "vrai",
    "false": "faux",
    "oui": "vrai",
    "null": "inconnu",
}


def parse(text: str) -> Node:
    """Read an expression; raise `ExpressionError` with the column and what to write instead."""
    reader = _Reader(tokenize(text))
    node = reader.expression()
    reader.end()
    return node


def parse_range(text: str) -> tuple[str, Node, Node | None]:
    """Read `variable dans LISTE où CONDITION` (the condition is optional)."""
    reader = _Reader(tokenize(text))
    variable, source, where = reader.range()
    reader.end()
    return variable, source, where


class _Reader:
    """Reads tokens left to right; `depth` counts what is open."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    # -- tokens ----------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def sees(self, *texts: str) -> bool:
        token = self.token
        return token.kind in {"sign", "name"} and token.text in texts

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.index += 1
            return True
        return False

    def demand(self, text: str) -> Token:
        if not self.sees(text):
            self.refuse(f"« {text} »")
        return self.take()

    def refuse(self, what: str) -> NoReturn:
        message, hint = say.expected(what, self.token.text)
        raise ExpressionError(message, self.token.column, hint)

    def fail(self, problem: say.Problem, column: int) -> NoReturn:
        raise ExpressionError(problem[0], column, problem[1])

    def end(self) -> None:
        token = self.token
        if token.kind == "end":
            return
        if token.text in _COMPARISONS or token.text == "dans":
            self.fail(say.CHAINED, token.column)
        if token.text in _FOREIGN_WORDS:
            self.fail(say.foreign_operator(token.text, _FOREIGN_WORDS[token.text]), token.column)
        self.fail(say.trailing(token.text), token.column)

    def open(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(say.too_deep(MAX_DEPTH), self.token.column)

    def close(self) -> None:
        self.depth -= 1

    # -- conditions ------------------------------------------------------------------------------------

    def expression(self) -> Node:
        self.open()
        node = self.joined("ou", self.conjunction)
        self.close()
        return node

    def conjunction(self) -> Node:
        return self.joined("et", self.negation)

    def joined(self, word: str, operand: object) -> Node:
        column = self.token.column
        first: Node = operand()  # type: ignore[operator]
        if not self.sees(word):
            return first
        operands = [first]
        while self.accept(word):
            operands.append(operand())  # type: ignore[operator]
        return Logic(word, tuple(operands), column)

    def negation(self) -> Node:
        token = self.token
        if not self.accept("non"):
            return self.comparison()
        self.open()
        operand = self.negation()
        self.close()
        return Not(operand, token.column)

    def comparison(self) -> Node:
        column = self.token.column
        left = self.sum()
        if self.accept("dans"):
            return Comparison("dans", left, self.sum(), column)
        if self.token.kind == "sign" and self.token.text in _COMPARISONS:
            operator = self.take().text
            right = self.sum()
            if self.token.kind == "sign" and self.token.text in _COMPARISONS:
                self.fail(say.CHAINED, self.token.column)
            return Comparison(operator, left, right, column)
        return left

    # -- numbers ---------------------------------------------------------------------------------------

    def sum(self) -> Node:
        return self.chain(("+", "-"), self.product)

    def product(self) -> Node:
        return self.chain(("*", "/"), self.signed)

    def chain(self, signs: tuple[str, str], operand: object) -> Node:
        column = self.token.column
        first: Node = operand()  # type: ignore[operator]
        if not self.sees(*signs):
            return first
        operands, operators = [first], []
        while self.sees(*signs):
            operators.append(self.take().text)
            operands.append(operand())  # type: ignore[operator]
        return Chain(tuple(operators), tuple(operands), column)

    def signed(self) -> Node:
        token = self.token
        if not self.accept("-"):
            return self.path()
        self.open()
        operand = self.signed()
        self.close()
        return Negative(operand, token.column)

    # -- paths -----------------------------------------------------------------------------------------

    def path(self) -> Node:
        node = self.primary()
        steps = 0
        while self.sees(".", "[", "("):
            steps += 1
            if steps > MAX_DEPTH:
                self.fail(say.too_deep(MAX_DEPTH), self.token.column)
            node = self.step(node)
        return node

    def step(self, node: Node) -> Node:
        sign = self.take()
        if sign.text == ".":
            name = self.take()
            if name.kind != "name" or name.text in KEYWORDS:
                self.fail(say.BAD_PATH, name.column)
            return Field(node, name.text, name.column)
        if sign.text == "[":
            if not isinstance(node, Name):
                self.fail(say.BRACKETS_NEED_PARAMETER, sign.column)
            keys = self.list_until("]")
            return Lookup(node, keys, node.column)
        if not isinstance(node, Name | Lookup):
            self.fail(say.AT_NEEDS_PARAMETER, sign.column)
        if not self.sees("au"):
            self.fail(say.AT_NEEDS_PARAMETER, sign.column)
        self.take()
        self.demand(":")
        day = self.expression()
        self.demand(")")
        return AsOf(node, day, node.column)

    def list_until(self, closing: str) -> tuple[Node, ...]:
        items = [self.expression()]
        while self.accept(","):
            items.append(self.expression())
        self.demand(closing)
        return tuple(items)

    def primary(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "text":
            return Quoted(token.text, token.column)
        if token.kind == "name":
            return self.word(token)
        if token.text == "(":
            node = self.expression()
            self.demand(")")
            return node
        if token.text == "[":
            return Choice(() if self.accept("]") else self.list_until("]"), token.column)
        return self.nothing(token)

    def nothing(self, token: Token) -> NoReturn:
        if token.kind == "end" and len(self.tokens) == 1:
            self.fail(say.EMPTY, 1)
        message, hint = say.expected("valeur", token.text)
        raise ExpressionError(message, token.column, hint)

    def number(self, token: Token) -> Node:
        value = Decimal(token.text) if "." in token.text else int(token.text)
        unit = self.token
        if unit.kind == "name" and unit.text in DURATION_UNITS and isinstance(value, int):
            self.take()
            return Length(value, unit.text, token.column)
        return Number(value, token.column)

    def word(self, token: Token) -> Node:
        if token.text in {"vrai", "faux"}:
            return Truth(token.text == "vrai", token.column)
        if token.text in KEYWORDS:
            self.index -= 1
            self.refuse("valeur")
        if self.sees("(") and not self.asks_a_date():
            return self.application(token)
        return Name(token.text, token.column)

    def asks_a_date(self) -> bool:
        """Tell `p(au: d)` from a call."""
        following = self.tokens[self.index + 1 : self.index + 3]
        return len(following) == 2 and following[0].text == "au" and following[1].text == ":"

    # -- calls -----------------------------------------------------------------------------------------

    def application(self, token: Token) -> Node:
        name = token.text
        if name in AGGREGATES:
            return self.aggregate(token)
        if name not in FUNCTIONS:
            self.fail(say.unknown_function(name, [*AGGREGATES, *FUNCTIONS]), token.column)
        self.demand("(")
        arguments = () if self.accept(")") else self.list_until(")")
        if len(arguments) != FUNCTIONS[name]:
            self.fail(say.arity(name, FUNCTIONS[name]), token.column)
        return Call(name, arguments, token.column)

    def aggregate(self, token: Token) -> Node:
        name = token.text
        has_body = AGGREGATES[name]
        self.demand("(")
        if self.token.kind != "name" or self.tokens[self.index + 1].text != "dans":
            self.fail(say.aggregate_shape(name, body=has_body), self.token.column)
        variable, source, where = self.range()
        body = self.expression() if has_body and self.accept(":") else None
        if (body is None) is has_body or not self.sees(")"):
            self.fail(say.aggregate_shape(name, body=has_body), self.token.column)
        self.take()
        return Aggregate(name, variable, source, where, body, token.column)

    def range(self) -> tuple[str, Node, Node | None]:
        variable = self.take()
        if variable.kind != "name" or variable.text in RESERVED:
            message, hint = say.expected("nom de variable", variable.text)
            raise ExpressionError(message, variable.column, hint)
        self.demand("dans")
        self.open()
        source = self.path()
        self.close()
        where = self.expression() if self.accept("où") else None
        if where is None and self.sees("ou"):
            self.fail(say.WHERE_WITHOUT_ACCENT, self.token.column)
        return variable.text, source, where
