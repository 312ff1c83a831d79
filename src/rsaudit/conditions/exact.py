"""Exact arithmetic on known numbers: integers, decimals and fractions never round and never grow without limit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import TYPE_CHECKING

from rsaudit.conditions.errors import ExpressionError
from rsaudit.messages import conditions as say

if TYPE_CHECKING:
    from rsaudit.conditions.values import Number

_CONTEXT = Context(prec=3000, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation, Overflow])
_add, _subtract, _multiply = _CONTEXT.add, _CONTEXT.subtract, _CONTEXT.multiply
_INT_BITS = 8192
_FRACTION_BITS = 1 << 16
_SUM_BITS = 1 << 20
_LARGEST_PLACES = 12


def _too_large() -> ExpressionError:
    return ExpressionError(say.NUMBER_TOO_LARGE[0], 1, say.NUMBER_TOO_LARGE[1])


def _fraction(value: Fraction, limit: int = _FRACTION_BITS) -> Number:
    if value.denominator == 1:
        return _integer(value.numerator)
    if value.denominator.bit_length() > limit or value.numerator.bit_length() > limit:
        raise _too_large()
    return value


def _integer(value: int) -> int:
    if value.bit_length() <= _INT_BITS:
        return value
    raise _too_large()


def add(left: Number, right: Number) -> Number:
    """Add exactly."""
    if left.__class__ is int and right.__class__ is int:
        return _integer(left + right)
    if left.__class__ is Fraction or right.__class__ is Fraction:
        return _fraction(Fraction(left) + Fraction(right))
    try:
        return _add(left, right)  # type: ignore[arg-type]
    except (Inexact, Overflow) as error:
        raise _too_large() from error


def subtract(left: Number, right: Number) -> Number:
    """Subtract exactly."""
    if left.__class__ is int and right.__class__ is int:
        return _integer(left - right)
    if left.__class__ is Fraction or right.__class__ is Fraction:
        return _fraction(Fraction(left) - Fraction(right))
    try:
        return _subtract(left, right)  # type: ignore[arg-type]
    except (Inexact, Overflow) as error:
        raise _too_large() from error


def multiply(left: Number, right: Number) -> Number:
    """Multiply exactly."""
    if left.__class__ is int and right.__class__ is int:
        return _integer(left * right)
    if left.__class__ is Fraction or right.__class__ is Fraction:
        return _fraction(Fraction(left) * Fraction(right))
    try:
        return _multiply(left, right)  # type: ignore[arg-type]
    except (Inexact, Overflow) as error:
        raise _too_large() from error


def divide(left: Number, right: Number) -> Number:
    """Divide by a number that is not 0: an exact fraction, or an integer."""
    over, under = left.as_integer_ratio(), right.as_integer_ratio()
    return _fraction(Fraction(over[0] * under[1], over[1] * under[0]))


def negate(value: Number) -> Number:
    """Change the sign exactly (the unary minus of Decimal would round)."""
    return subtract(0, value) if value.__class__ is Decimal else -value


def total(values: list[Number]) -> Number:
    """Add many numbers exactly; fractions are added in pairs so that denominators stay small as long as possible."""
    if any(value.__class__ is Fraction for value in values):
        fractions = [Fraction(value) for value in values]
        while len(fractions) > 1:
            pairs = zip(fractions[::2], [*fractions[1::2], Fraction(0)], strict=False)
            fractions = [first + second for first, second in pairs]
            if fractions[0].denominator.bit_length() > _SUM_BITS:
                raise _too_large()
        return _fraction(fractions[0], _SUM_BITS)
    result: Number = 0
    try:
        for value in values:
            if isinstance(result, int) and isinstance(value, int):
                result = result + value
            else:
                result = _add(result, value)  # type: ignore[arg-type]
    except (Inexact, Overflow) as error:
        raise _too_large() from error
    return result


def percent(value: Number) -> Number:
    """Read a rate written in % as a part: 30 is 0,30."""
    if isinstance(value, Fraction):
        return _fraction(value / 100)
    return _multiply(value, Decimal("0.01"))


def round_half_up(value: Number, places: int) -> Number:
    """Round half away from zero to `places` decimals (from 0 to 12)."""
    scale = 10**places
    scaled = Fraction(value) * scale
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    signed = whole if scaled >= 0 else -whole
    return signed if places == 0 else Decimal(signed).scaleb(-places, _CONTEXT)


def is_places(value: object) -> bool:
    """Say whether a value can be a number of decimals."""
    places = whole(value)
    return places is not None and 0 <= places <= _LARGEST_PLACES


def is_number(value: object) -> bool:
    """Say whether a known value is a number (a boolean is not)."""
    return value.__class__ in {int, Decimal, Fraction}


def whole(value: Number | object) -> int | None:
    """Return a known number as an integer if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return None
    rounded = int(value)
    return rounded if value == rounded else None
