"""Fields that want to be formulas, and numbers that want to stay numbers."""

import csv
import io

import pytest

from rebond.kernel.spreadsheet import cell, line


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+33 1 23", "-2+3", "@SUM(A1)", "\t=1", "\r\n=1", "\0=1", "＝1+1", "  =1", "＠x"],
)
def test_what_begins_like_a_formula_stands_behind_an_apostrophe(typed):
    assert cell(typed).startswith("'")


@pytest.mark.parametrize("typed", ["lamp;=cmd|' /C calc'!A0", "a,=1", "a; =1", "a|@x"])
def test_a_cell_that_begins_within_ours_for_another_separator_does_too(typed):
    inside = cell(typed).replace(" ", "")

    assert not any(f"{mark}{sign}" in inside for mark in ";|," for sign in "=+-@")


@pytest.mark.parametrize("number", ["0", "-12.50", "1999", 7, -3])
def test_numbers_stay_numbers(number):
    assert cell(number) == str(number)


@pytest.mark.parametrize("text", ["", "Lampe d'appui, 1,50 €", "R-2026-000001", "a-b", None])
def test_plain_text_stays_as_it_is(text):
    assert cell(text) == (text or "")


def test_a_line_reads_back_as_it_was_written():
    fields = ["Zoé", 'a "b", c', "x;y", "two\nlines", "12.00"]

    [read] = csv.reader(io.StringIO(line(fields), newline=""))

    assert read == ["Zoé", 'a "b", c', "x;y", "two lines", "12.00"]
