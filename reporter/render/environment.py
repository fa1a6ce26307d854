"""Jinja that refuses bare numbers: a template can print a number only through ``show``.

``finalize`` sees every printed value and lets through marked text and escaped words. A template never
holds a number itself, only an opaque :class:`Quote` whose conversions all refuse, so that ``~``, ``|string``,
``|join``, ``|format`` and the like cannot carry one past ``show``.
"""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from jinja2 import BaseLoader, StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from reporter.errors import TemplateError
from reporter.findings import Verdict
from reporter.numbers import Members, Missing, Number, Register
from reporter.render import marks

# Characters that CommonMark or a pipe table would read as markup; data must come out as it went in.
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
# The same where a line starts: list markers, rules and underlines of headings. "GPT-4o" keeps its dash.
STARTING = re.compile(r"^( ?)(?:([-+=])(?=[-+= ]|$)|([0-9]{1,9})([.)])(?= |$))")
BLANKS = re.compile(r"[ \t\r\n\v\f]+")

# The only filters of Jinja's own that a template may use: none of them turns a number into text.
FILTERS = ("first", "last", "list", "map", "rejectattr", "selectattr", "sort")
WEB = re.compile(r"https?://[^\s<>]+")


def escape(text: str) -> Markup:
    """Make text from data safe inside Markdown, on one line."""
    line = SPECIAL.sub(r"\\\1", BLANKS.sub(" ", text))
    return Markup(STARTING.sub(lambda m: f"{m[1]}{m[3] or ''}\\{m[2] or m[4]}", line))


class Quote:
    """An opaque number for templates: it can be asked for its sign, and shown, and nothing else."""

    __slots__ = ("_number",)

    def __init__(self, number: Number | Missing) -> None:
        self._number = number

    def __getattr__(self, name: str) -> Any:
        """Whatever lies below a missing number is missing too."""
        if name.startswith("_") or isinstance(self._number, Number):
            raise AttributeError(name)
        return self

    @property
    def computable(self) -> bool:
        """Whether there is a number at all."""
        return isinstance(self._number, Number)

    @property
    def is_zero(self) -> bool:
        """Whether the value is 0."""
        return isinstance(self._number, Number) and self._number.value == 0

    @property
    def is_one(self) -> bool:
        """Whether the value is 1: for the plural."""
        return isinstance(self._number, Number) and self._number.value == 1

    @property
    def is_bound(self) -> bool:
        """Whether the text gives a bound, as in "<0.0001", and so needs no equals sign."""
        return self._number.text[0] in "<>"

    @property
    def is_positive(self) -> bool:
        """Whether the value is above 0."""
        return isinstance(self._number, Number) and self._number.value > 0

    @property
    def is_negative(self) -> bool:
        """Whether the value is below 0."""
        return isinstance(self._number, Number) and self._number.value < 0

    def refuse(self, *_: object) -> NoReturn:
        """Refuse to be turned into anything else."""
        raise TemplateError(
            f"The number {self._number.address} was about to be printed without its address.",
            remedy="Write {{ number | show }}.",
        )

    __str__ = __repr__ = __format__ = __float__ = __int__ = __index__ = __html__ = refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = refuse
    __mod__ = __rmod__ = __neg__ = __pos__ = __abs__ = __round__ = __bool__ = __len__ = __iter__ = refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = refuse


class Group:
    """Some members by name, and how many: what a template sees of a selection."""

    __slots__ = ("count", "keys")

    def __init__(self, members: Members) -> None:
        self.keys = members.keys
        self.count = Quote(members.count)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys)

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def refuse(self) -> NoReturn:
        """Refuse to be printed: a selection is neither a name nor a number."""
        raise TemplateError(
            f"The selection {', '.join(self.keys) or 'of nobody'} was about to be printed bare.",
            remedy="Write {{ labels(group.keys) | and_list }} or {{ group.count | show }}.",
        )

    __str__ = __repr__ = __html__ = refuse


class Look:
    """Dotted access to the register: ``f.change["gpt-4o"].interval.low`` is one address."""

    __slots__ = ("_address", "_register")

    def __init__(self, register: Register, address: str = "") -> None:
        self._register = register
        self._address = address

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._at(f"{self._address}.{name}" if self._address else name)

    def __getitem__(self, label: str) -> Any:
        return self._at(f"{self._address}/{label}")

    @property
    def computable(self) -> bool:
        """Whether the finding at this address has an answer."""
        try:
            return self._register.findings.get(self._address).computable
        except KeyError as error:
            raise TemplateError(f'"computable" is asked of no finding. {error.args[0]}') from error

    def _at(self, address: str) -> Any:
        if address in self._register.study.analyses or address == "declared":
            return Look(self._register, address)
        if address in self._register.findings.by_address:
            return Look(self._register, address)
        found = self._register.look_up(address)
        if isinstance(found, (Number, Missing)):
            return Quote(found)
        if isinstance(found, Members):
            return Group(found)
        if isinstance(found, (str, bool, Verdict)) or found is None:
            return found
        if isinstance(found, tuple):
            return tuple(self._entry(each, f"{address}.{i}") for i, each in enumerate(found))
        return Look(self._register, address)

    def _entry(self, each: Any, address: str) -> Any:
        if isinstance(each, Number):
            return Quote(each)
        return each if isinstance(each, str) else Look(self._register, address)

    def refuse(self) -> NoReturn:
        """Refuse to be printed: a finding is not a number."""
        raise TemplateError(
            f"The finding {self._address} was about to be printed bare.",
            remedy="Name the number in it, then `| show`.",
        )

    __str__ = __repr__ = __html__ = refuse


def finalize(value: Any) -> Markup:
    """Let through what is marked or escaped; refuse the rest."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Verdict):
        return escape(value.value.replace("_", " "))
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, Undefined):
        return escape(str(value))  # which says what is undefined
    if isinstance(value, (Quote, Look, Group)):
        value.refuse()
    raise TemplateError(
        f"A template was about to print {type(value).__name__} {value!r}.",
        remedy="Only text and numbers through `| show` can be printed.",
    )


class Quoted:
    """Collects the numbers of one rendering, in the order in which they were shown."""

    def __init__(self) -> None:
        self.numbers: list[Number | Missing] = []

    def show(self, quote: Any) -> Markup:
        """Write a number with its mark."""
        number = quote._number if isinstance(quote, Quote) else quote
        if not isinstance(number, (Number, Missing)):
            raise TemplateError(
                f"`show` was given {type(quote).__name__}, which is no number of the register."
            )
        self.numbers.append(number)
        return Markup(marks.mark(len(self.numbers) - 1, number.text))


def day(value: datetime.date) -> Markup:
    """Write a date as ISO 8601."""
    if not isinstance(value, datetime.date):
        raise TemplateError(f"`day` was given {type(value).__name__}.")
    return Markup(value.isoformat())


def link(url: str) -> Markup:
    """Write a web address that can be followed."""
    if not WEB.fullmatch(url):
        raise TemplateError(
            f'"{url}" is no web address.', remedy="It must start with https:// and hold no spaces."
        )
    return Markup(f"<{url}>")


def sentence(words: str) -> str:
    """Start words with a capital."""
    return words[:1].upper() + words[1:]


def plural(quote: Quote, one: str, many: str) -> str:
    """Choose a word by number."""
    return one if quote.is_one else many


def and_list(words: Sequence[Any]) -> Markup:
    """Join words as "A, B and C", each under the rules of what may be printed."""
    parts = [finalize(word) for word in words]
    if len(parts) < 2:
        return Markup("".join(parts))
    return Markup(", ".join(parts[:-1]) + " and " + parts[-1])


class _Generator(CodeGenerator):
    """Refuses what would become text before ``finalize`` sees it: ``~``, and constants under autoescape."""

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        for child in node.nodes:
            try:
                value = child.as_const(frame.eval_ctx)
            except nodes.Impossible:
                continue
            if not isinstance(value, str):
                self.fail(f"A template prints no {type(value).__name__} of its own", child.lineno)
        super().visit_Output(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> NoReturn:  # noqa: N802 (Jinja's name)
        self.fail("A template joins no values with ~: write them side by side", node.lineno)


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which nothing is computed and no method of Python's own types can be called."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> NoReturn:
        raise TemplateError(f'A template computes nothing, but this one uses "{operator}".')

    def is_safe_callable(self, obj: Any) -> bool:
        inner = getattr(obj, "__wrapped__", obj)  # the sandbox wraps str.format
        return super().is_safe_callable(obj) and not isinstance(inner, types.BuiltinMethodType)


def environment(loader: BaseLoader, quoted: Quoted) -> ImmutableSandboxedEnvironment:
    """Make the environment that reports are rendered in."""
    made = _Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    ours: dict[str, Callable[..., Any]] = {
        "show": quoted.show,
        "day": day,
        "and_list": and_list,
        "link": link,
        "sentence": sentence,
    }
    made.filters = {name: made.filters[name] for name in FILTERS} | ours
    made.globals = {name: value for name, value in made.globals.items() if name == "namespace"} | {
        "plural": plural
    }
    return made
