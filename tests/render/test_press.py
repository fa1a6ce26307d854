"""The second process writes the same PDF and refuses in the same words; when it dies, that is said."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from reporter.errors import OutputError, StudyError
from reporter.figures import draw_svg
from reporter.render import html
from reporter.render.press import Job, Mark, Picture, Press

SETTINGS = {
    "title": "T",
    "language": "en",
    "header": "T",
    "css": html.stylesheet(),
    "epoch": 0,
    "authors": [],
}


def job(target, words="Entropy is 3.05 nats."):
    return Job(body=html.body(f"# T\n\n{words}\n"), target=target, pictures=(), settings=SETTINGS)


def test_the_second_process_writes_the_same_bytes(tmp_path):
    job(tmp_path / "here.pdf").do()
    with Press() as press:
        press.start(job(tmp_path / "there.pdf"))
        press.finish()
    assert (tmp_path / "there.pdf").read_bytes() == (tmp_path / "here.pdf").read_bytes()


ROWS = [{"label": "A", "estimate": Mark(0.1, "+0.10"), "low": Mark(0.0, "0.00"), "high": Mark(0.2, "+0.20")}]
OPTIONS = {"bound": 0.1, "unit": "nats", "axis": "Change"}


@pytest.mark.parametrize("early", [[], ["figures/f.svg"], ["figures/other.svg", "figures/f.svg"]])
def test_figures_may_be_drawn_ahead_of_the_text(tmp_path, early):
    pictured = replace(
        job(tmp_path / "here.pdf", "![A line and a band.](figures/f.svg)\n\n**Figure 1.** Words."),
        pictures=(Picture("figures/f.svg", "forest", ROWS, OPTIONS),),
    )
    pictured.do()
    with Press() as press:
        if early:
            press.draw([Picture(name, "forest", ROWS, OPTIONS) for name in early])
        press.start(replace(pictured, target=tmp_path / "there.pdf"))
        press.finish()
    assert (tmp_path / "there.pdf").read_bytes() == (tmp_path / "here.pdf").read_bytes()


def test_figures_may_be_given_after_the_text(tmp_path):
    names = ["figures/f.svg", "figures/g.svg", "figures/h.svg"]
    shown = "\n\n".join(f"![Lines.]({name})\n\n**Figure {i}.** Words." for i, name in enumerate(names, 1))
    pictured = replace(
        job(tmp_path / "here.pdf", shown),
        pictures=tuple(Picture(name, "forest", ROWS * (i + 1), OPTIONS) for i, name in enumerate(names)),
    )
    pictured.do()
    with Press() as press:
        press.draw(pictured.pictures[:1])
        press.start(replace(pictured, target=tmp_path / "there.pdf", given=frozenset(names[1:])))
        for picture in reversed(pictured.pictures[1:]):  # in any order
            press.give(picture.name, draw_svg(picture.word, picture.rows, options=picture.options))
        press.finish()
    assert (tmp_path / "there.pdf").read_bytes() == (tmp_path / "here.pdf").read_bytes()


def test_a_figure_that_is_promised_and_not_given_is_no_picture(tmp_path):
    pictured = replace(
        job(tmp_path / "there.pdf", "![Lines.](figures/f.svg)\n\n**Figure 1.** Words."),
        pictures=(Picture("figures/f.svg", "forest", ROWS, OPTIONS),),
        given=frozenset(["figures/f.svg"]),
    )
    with Press() as press, pytest.raises(OutputError, match=r"f\.svg was promised and not given"):
        press.start(pictured)
        press.finish()
    assert not (tmp_path / "there.pdf").exists()


def test_a_press_takes_no_thread_before_it_has_work():
    before = set(threading.enumerate())  # earlier tests may have left some
    with Press():
        assert set(threading.enumerate()) <= before  # a process with threads must not be copied


def test_a_figure_that_cannot_be_drawn_is_refused_with_the_text_only(tmp_path):
    wrong = Picture("figures/f.svg", "forrest", ROWS, OPTIONS)
    with Press() as press:
        press.draw([wrong])
        press.start(job(tmp_path / "without.pdf"))
        press.finish()
    with Press() as press, pytest.raises(StudyError, match="forrest"):
        press.draw([wrong])
        press.start(replace(job(tmp_path / "with.pdf"), pictures=(wrong,)))
        press.finish()


def test_a_refusal_comes_back_as_it_was(tmp_path):
    refused = job(tmp_path / "report.pdf", "No font has \U00013000.")
    with pytest.raises(OutputError) as here:
        refused.do()
    with Press() as press, pytest.raises(OutputError) as there:
        press.start(refused)
        press.finish()
    assert str(there.value) == str(here.value)
    assert "U+13000" in str(there.value)


def test_a_press_without_a_job_ends_with_its_command():
    with Press() as press:
        process = press._process
    assert process.returncode is not None


def test_a_press_that_dies_is_our_bug(tmp_path):
    with Press() as press, pytest.raises(RuntimeError, match="ended with code -9"):
        press._process.kill()
        press._process.wait()
        press.finish()
