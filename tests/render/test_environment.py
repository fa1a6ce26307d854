"""Jinja that refuses bare numbers: every leak is tried, and every text of the data comes out as it went in."""

from __future__ import annotations

import datetime
import operator
import types
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, FileSystemLoader, TemplateError, TemplateNotFound
from markdown_it import MarkdownIt
from markupsafe import Markup

from reporter import errors
from reporter.compose import _words
from reporter.dataset import load_dataset
from reporter.findings import Finding, Findings, NotComputable, Trace, Verdict
from reporter.numbers import Missing, Number, Register
from reporter.provenance import Made, Provenance, templates_folder
from reporter.render import marks
from reporter.render.environment import Group, Look, Quote, Quoted, environment, escape
from reporter.render.markdown import pipe_table
from reporter.results import AxisPeak, Kind, PeakScan, Selection, TrendComparison, TrendShape
from reporter.tables import Labels, Table

VALUE = 0.0549999
NUMBER = Number(VALUE, "+0.055", "mean_change.estimate", "nats", Kind.CHANGE)
MACROS = {"macros": "{% macro raw(x) %}{{ x }}{% endmacro %}{% macro fine(x) %}{{ x | show }}{% endmacro %}"}


@pytest.fixture(scope="module")
def words(token_scaling) -> dict[str, object]:
    """Everything that a template of the bundled study may name."""
    study, register = token_scaling.study, token_scaling.register
    facts = Provenance(Made("entropy-reporter", "abc", False, (("Python", "3.11"),), ()), "1", ())
    labels = Labels({m.key: {"key": m.key, "label": m.label, "tier": "STABLE"} for m in study.models})
    return _words(study, load_dataset(study), register, labels, (), facts, {})


@pytest.fixture(scope="module")
def write(words):
    """Render a template that knows a number `n`, a missing number `gone`, and all that reports know."""
    why = NotComputable("constant_series", "all values are equal")

    def render(template: str, **more: object) -> str:
        env = environment(DictLoader(MACROS), Quoted())
        env.globals |= words | {"n": Quote(NUMBER), "gone": Quote(Missing("not computable", "x", why))}
        return str(env.from_string(template).render(**more))

    return render


LEAKS = [
    "{{ n }}",
    '{{ n ~ "" }}',
    '{{ "" ~ n ~ "" }}',
    "{{ n | string }}",
    '{{ [n] | join("") }}',
    '{{ "%s" | format(n) }}',
    '{{ "%s" % n }}',
    '{{ "%.3f" % n }}',
    '{{ "{}".format(n) }}',
    '{{ "{:.3f}".format(n) }}',
    '{{ "{0._number.value}".format(n) }}',
    '{{ "{x}".format_map({"x": n}) }}',
    "{{ n | tojson }}",
    "{{ [n] }}",
    "{{ (n,) }}",
    '{{ {"a": n} }}',
    '{{ [n] ~ "" }}',
    "{{ n | int }}",
    "{{ n | float }}",
    "{{ n | round }}",
    "{{ n | abs }}",
    "{{ n | length }}",
    "{{ n | e }}",
    "{{ n | safe }}",
    "{{ n | upper }}",
    "{{ n | trim }}",
    "{{ n | list }}",
    "{{ [n] | sum }}",
    "{{ [n, n] | sort }}",
    "{{ [n] | and_list }}",
    "{{ n | sentence }}",
    "{{ n | day }}",
    "{{ n | link }}",
    "{{ n + 1 }}",
    "{{ 1 + n }}",
    "{{ n - n }}",
    "{{ n * 1 }}",
    "{{ n / 1 }}",
    "{{ n // 1 }}",
    "{{ n ** 1 }}",
    "{{ n % 1 }}",
    "{{ -n }}",
    "{{ +n }}",
    "{{ n > 0 }}",
    "{{ n == 0 }}",
    "{% if n > 0 %}up{% endif %}",
    "{% if n == n %}same{% endif %}",
    "{% if n %}some{% endif %}",
    "{% if n in [0] %}zero{% endif %}",
    "{% if n is divisibleby(2) %}even{% endif %}",
    "{% for x in n %}{{ x }}{% endfor %}",
    "{{ n[0] }}",
    "{{ n() }}",
    "{{ n.value }}",
    "{{ n.text }}",
    "{{ n._number }}",
    "{{ n._number.value }}",
    '{{ n["_number"] }}',
    "{{ n.__class__ }}",
    "{{ n.refuse() }}",
    "{{ n.is_positive }}",
    "{% set x = n %}{{ x }}",
    "{% set x %}{{ n }}{% endset %}{{ x }}",
    '{% import "macros" as m with context %}{{ m.raw(n) }}',
    "{% macro raw() %}{{ caller() }}{% endmacro %}{% call raw() %}{{ n }}{% endcall %}",
    "{% filter trim %}{{ n }}{% endfilter %}",
    "{% set space = namespace(x=n) %}{{ space.x }}",
    "{{ gone }}",
    '{{ gone ~ "" }}',
    "{{ gone.interval.low }}",
    "{{ f }}",
    "{{ f.mean_change }}",
    '{{ f.mean_change ~ "" }}',
    "{{ [f.mean_change] }}",
    '{{ [f.mean_change] ~ "" }}',
    "{{ f.mean_change.interval }}",
    "{{ f.mean_change | show }}",
    "{{ f.mean_change.estimate }}",
    '{{ f.change["gpt-4o"].interval.low }}',
    "{{ f.changes.rose }}",
    '{{ f.changes.rose ~ "" }}',
    "{{ f.changes.rose.count }}",
    "{{ f.changes.rose.keys | length }}",
    '{{ f.changes.rose.keys.count("gpt-4o") }}',
    "{{ f.change.computable }}",
    "{{ declared.bound }}",
    "{{ declared }}",
    "{{ cut(1) }}",
    "{{ 7 }}",
    "{{ 3.14 }}",
    "{{ 3.14 | show }}",
    "{{ True }}",
    "{{ none }}",
    "{{ [3.14] }}",
    "{{ 3.14 ~ x }}",
    "{{ [3.14] | and_list }}",
    "{{ 3.14 | sentence }}",
    '{{ "{}".format(3.14) }}',
    '{{ "%s" % 3.14 }}',
    "{{ about.seed }}",
    '{{ about.seed ~ "" }}',
    "{{ about.alpha }}",
    "{{ about.level }}",
    "{{ about.date }}",
    "{{ about.date.year }}",
    "{{ about.date.isoformat() }}",
    "{{ about.model_dump_json() }}",
    "{{ sources[0].decimals }}",
    "{{ sources[0].half_width }}",
    "{{ references[0].year }}",
    "{% for m in models %}{{ loop.index }}{% endfor %}",
    "{% for m in models %}{{ loop.index ~ m.key }}{% endfor %}",
    "{% for m in models %}{{ [loop.length] | and_list }}{% endfor %}",
    '{% for m in models %}{{ "{}".format(loop.length) }}{% endfor %}',
    "{{ models | count }}",
    "{{ range(3) | list }}",
    "{{ lipsum() }}",
    "{{ dict(a=n) }}",
    "{{ nowhere }}",
    "{{ f.nowhere.estimate | show }}",
    "{{ f.mean_change.nothing | show }}",
    "{{ declared.nothing | show }}",
]


@pytest.mark.parametrize("template", LEAKS)
def test_every_leak_is_refused(write, template):
    with pytest.raises((errors.TemplateError, errors.StudyError, TemplateError, TypeError)) as refusal:
        write(template, x="")
    assert str(VALUE) not in str(refusal.value)


CONVERSIONS = {
    **{f.__name__: f for f in (str, repr, format, float, int, bool, len, iter, hash, abs, round, list)},
    **{f.__name__: f for f in (operator.neg, operator.pos, operator.index)},
    **{
        f"{f.__name__} {side}": (lambda n, f=f, side=side: f(n, 1.5) if side == "left" else f(1.5, n))
        for f in (
            operator.add,
            operator.sub,
            operator.mul,
            operator.truediv,
            operator.eq,
            operator.lt,
            operator.ge,
        )
        for side in ("left", "right")
    },
    "%": lambda n: n % 2,
    "in a text": lambda n: f"{n}",
    "with %s": lambda n: "%s" % n,  # noqa: UP031
    "escaped": lambda n: Markup("{}").format(n),
}


@pytest.mark.parametrize("name", CONVERSIONS)
def test_a_number_refuses_every_conversion_by_itself(name):
    """The second wall: even where the sandbox lets something through, the number does not follow."""
    with pytest.raises(errors.TemplateError, match=r"mean_change\.estimate was about to be printed"):
        CONVERSIONS[name](Quote(NUMBER))


def test_what_is_shown_is_printed_with_its_mark(write):
    assert marks.strip(write("rho = {{ n | show }}.")) == "rho = +0.055."
    assert list(marks.spans(write("a {{ n | show }} b {{ n | show }}"))) == [
        (0, "+0.055", 2),
        (1, "+0.055", 11),
    ]


@pytest.mark.parametrize(
    "template",
    [
        "{% set x %}{{ n | show }}{% endset %}{{ x }}",
        "{% set x = n | show %}{{ x }}",
        '{% import "macros" as m with context %}{{ m.fine(n) }}',
        "{% macro one() %}{{ caller() }}{% endmacro %}{% call one() %}{{ n | show }}{% endcall %}",
        "{{ [n | show] | and_list }}",
        "{{ [n] | map('show') | first }}",
        "{% for key in f.changes.rose %}{% if loop.first %}{{ n | show }}{% endif %}{% endfor %}",
    ],
)
def test_a_mark_survives_macros_blocks_and_lists(write, template):
    assert write(template) == marks.mark(0, "+0.055")


def test_signs_and_words_can_be_asked_for(write):
    asked = "{% if n.is_positive and not n.is_negative and not n.is_zero and n.computable %}up{% endif %}"
    assert write(asked) == "up"
    assert (
        write("{% if gone.computable %}there{% else %}{{ gone | show }}{% endif %}").count("not computable")
        == 1
    )
    assert write('{{ plural(f.changes.rose.count, "model", "models") }}') == "models"
    assert write("{{ about.date | day }}") == "2026-01-04"
    assert write("{{ about.osf | link }}") == "<https://osf.io/7nw8t/>"
    assert write("{{ f.mean_change.verdict }}") == "different within bound"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ f.__class__ }}",
        "{{ f['__class__'] }}",
        "{{ (f | list) }}",
        "{{ cut.__globals__ }}",
        "{{ plural.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ labels.__code__ }}",
        "{{ models | map(attribute='__class__') | list }}",
        "{{ models.append(f) }}",
        "{% do models.clear() %}",
        "{{ about.update({'title': 'x'}) }}",
        '{{ "".join(["a"]) }}',
        "{{ f._register }}",
        '{{ f["_register"].study }}',
        "{{ config }}",
        "{{ request }}",
        "{{ cycler('a') }}",
        "{{ joiner() }}",
    ],
)
def test_the_sandbox_holds(write, template):
    with pytest.raises((errors.TemplateError, errors.StudyError, TemplateError, TypeError)):
        write(template)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "../pyproject.toml", "parts/../../README.md"]
)
@pytest.mark.parametrize("form", ['{{% include "{}" %}}', '{{% import "{}" as x %}}', '{{% extends "{}" %}}'])
def test_no_file_outside_the_templates_can_be_read(name, form):
    env = environment(FileSystemLoader([templates_folder()]), Quoted())
    with pytest.raises(TemplateNotFound):
        env.from_string(form.format(name)).render()


def raw_numbers(value: object, path: str) -> list[str]:
    """Name every place below a value where a template would hold a number of Python's own."""
    if (
        isinstance(value, bool | str | datetime.date | Quote | Look | Group | types.FunctionType)
        or value is None
    ):
        return []
    if isinstance(value, dict):
        return [found for key, below in value.items() for found in raw_numbers(below, f"{path}.{key}")]
    if isinstance(value, list | tuple):
        return [found for i, below in enumerate(value) for found in raw_numbers(below, f"{path}[{i}]")]
    if isinstance(value, Provenance | Made):
        return [f for e in fields(value) for f in raw_numbers(getattr(value, e.name), f"{path}.{e.name}")]
    return [f"{path} is {type(value).__name__}"]


def test_no_word_of_a_template_leads_to_a_raw_number(words):
    assert [found for name, value in words.items() for found in raw_numbers(value, name)] == []


def test_no_finding_leads_to_a_raw_number(token_scaling):
    seen = 0
    for finding in token_scaling.register.findings:
        look = Look(token_scaling.register, finding.address)
        if is_dataclass(finding.record):
            for entry in fields(finding.record):
                if entry.name != "members":
                    value = getattr(look, entry.name) if finding.computable else look.detail
                    assert raw_numbers(value, f"{finding.address}.{entry.name}") == []
                    seen += isinstance(value, Quote)
    assert seen > 400


def test_records_inside_a_tuple_are_opaque_too(token_scaling):
    shape = TrendShape(shape="log2", aicc=1.5, weight=0.4375, left_out_error=0.25, n=8)
    comparison = TrendComparison(
        shapes=(shape,), best_by_aicc="log2", best_by_left_out_error="log2", refused=(), limits=3, n=8,
        unit="nats", method="trend_comparison",
    )  # fmt: skip
    trace = Trace("trend_comparison", {}, "", None)
    finding = Finding("shapes", "", "Which?", comparison, ("wit",), trace)
    register = Register(token_scaling.study, Findings((finding,)))
    first = Look(register, "shapes").shapes[0]
    assert isinstance(first, Look)
    assert isinstance(first.weight, Quote)
    printed = {number.address: number.text for number in register.numbers()}
    assert printed["shapes.shapes.0.weight"] == "0.44"
    assert printed["shapes.shapes.0.n"] == "8"


def test_members_are_opaque_and_numbered_as_findings_of_their_own(token_scaling):
    everyone = Selection(indices=(0,), n=1)
    peak = AxisPeak(
        layer=0, threshold=0.5, axis=0, layers=everyone, depth=0.0, r=0.4375, p=0.01, p_step_down=0.02, support=0.5,
        not_worse=everyone, survives=True, surviving=everyone, cells=(0.4375,), at=(0,), depths=(0.0,),
        survive=(True,), bins=(0.4375, None),
    )  # fmt: skip
    scan = PeakScan(
        r=0.4375, axis=0, layer=0, p=0.01, p_floor=0.001, threshold=0.4, members=(peak,), live_axes=everyone,
        live_layers=everyone, cells=1, cells_singly=1, cells_surviving=1, level=0.95, permutations=99,
        resamples=99, n=30, unit="", method="peak_scan",
    )  # fmt: skip
    trace = Trace("peak_scan", {}, "", None)
    columns = {"axes": ("wit",), "layers": (12,)}
    whole = Finding("scan", "", "Where?", scan, ("question 1",), trace, names=columns)
    member = Finding("scan", "wit", "Where?", peak, ("question 1",), trace, names=columns)
    register = Register(token_scaling.study, Findings((whole, member)))
    first = Look(register, "scan").members[0]
    assert isinstance(first, Look)
    assert isinstance(first.r, Quote)
    assert first.axis == "wit"
    assert isinstance(Look(register, "scan").layer, Quote)
    printed = {number.address: number.text for number in register.numbers()}
    assert printed["scan.layer"] == "12"
    assert not any(address.startswith("scan.members") for address in printed)
    assert printed["scan/wit.r"] == printed["scan/wit.cells.0"] == "0.438"
    assert printed["scan/wit.layers"] == "1"


def test_words_are_escaped_once():
    env = environment(DictLoader({}), Quoted())
    assert env.from_string("{{ x }}").render(x="a*b|c<d>&e_f#g") == r"a\*b\|c\<d\>\&e\_f\#g"
    assert env.from_string("{% set y %}{{ x }}{% endset %}{{ y }}").render(x="a*b") == r"a\*b"
    assert env.from_string("{{ x }}").render(x=Markup("a*b")) == "a*b"
    assert env.from_string("{{ x | and_list }}").render(x=["a*", "b", "c"]) == r"a\*, b and c"
    assert env.from_string("{{ x }}").render(x=Verdict.NOT_SEPARABLE) == "not separable"
    for plain in ("GPT-4o 1.5 = x", "3.11", "-0.5", "a - b", "3.1.1"):
        assert escape(plain) == plain


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "https://a><b>", "x"]
)
def test_only_web_addresses_become_links(write, url):
    with pytest.raises(errors.TemplateError, match="is no web address"):
        write("{{ url | link }}", url=url)


# Private-use characters are left out: study.py and dataset.py refuse them, because marks are made of them.
CHARACTERS = st.characters(exclude_categories=("Cs", "Co", "Cc"), include_characters="\n\r\t")
SNIPPETS = (
    "*", "**", "_", "`", "```", "~~~", "|", "<b>", "<!--", "<https://a.b>", "&amp;", "&#35;", "# ", "#", "- ",
    "+ ", "1. ", "2) ", "> ", "===", "---", "| a | b |", "|---|", "[a](b)", "![a](b)", "[a]: b", "\\", "\\\\",
    "\n", "\n\n", "\r", "\r\n", "\t", " ", "    ", "a", "{{ x }}", "{% x %}", "$", "^", "~", "http://a.b", "é", "≥",
)  # fmt: skip
TEXTS = st.text(CHARACTERS, max_size=40) | st.lists(st.sampled_from(SNIPPETS), max_size=8).map("".join)


def parsed(markdown: str, inside: str) -> str:
    """Read a document of one block: the kinds of its blocks are as told, and its words are plain text."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    kinds = [token.type.removesuffix("_open") for token in tokens if token.nesting == 1]
    assert kinds == inside.split(), f"{markdown!r} is {kinds}"
    words = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in words} <= {"text"}, f"{markdown!r} holds markup"
    return "".join(child.content for child in words)


def blanks_folded(text: str) -> str:
    return " ".join(text.split())


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(text=TEXTS)
@pytest.mark.parametrize(
    ("template", "blocks"),
    [
        ("{{ text }}", "paragraph"),
        ("## {{ text }}", "heading"),
        ("- {{ text }}", "bullet_list list_item paragraph"),
    ],
)
def test_text_comes_out_as_it_went_in(template, blocks, text):
    assume(text.strip())
    made = environment(DictLoader({}), Quoted()).from_string(template).render(text=text)
    assert blanks_folded(parsed(made, blocks)) == blanks_folded(text)


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_text_comes_out_of_a_table_cell_as_it_went_in(text):
    assume(text.strip())
    table = Table("t", (("A",), ("B",)), (((text,), ("end",)),))
    found = parsed(pipe_table(table, Quoted().show), "table thead tr th th tbody tr td td")
    assert (
        blanks_folded(found) == blanks_folded(f"AB{text}end")
        or blanks_folded(found) == f"AB{blanks_folded(text)}end"
    )
