"""Hands that have only a keyboard: what a test clicks, ticks, fills or picks is reached with Tab.

``only`` puts them in the place of Playwright's own for one test. What Tab does not come to in a
whole round, or is hidden when it does, is a failure. What nobody would focus, a heading clicked to
leave a field, stays a click.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page, Response

MOST_TABS = 400


def shown(answer: Response) -> bool:
    """What a choice on the preview means has arrived."""
    return "preview/" in answer.url and answer.status == 200


TAKES_FOCUS = "a[href], button, input, select, textarea, summary, label, [tabindex='0']"
CONTROL = f"""element => {{
    const goal = element.closest({TAKES_FOCUS!r});
    return goal && goal.matches("label") ? goal.control : goal;
}}"""
IS_THERE = "element => element.ownerDocument.activeElement === element"
IS_IN_GROUP = """element => {
    const now = element.ownerDocument.activeElement;
    return now.type === "radio" && now.name === element.name && now.form === element.form;
}"""
STEPS_IN_GROUP = """element => {
    const all = [...element.ownerDocument.querySelectorAll("input[type=radio]")].filter(
        one => one.name === element.name && one.form === element.form && !one.disabled);
    return all.indexOf(element) - all.indexOf(element.ownerDocument.activeElement);
}"""
STEPS_IN_LIST = """(element, wanted) => {
    const all = [...element.options];
    const goal = all.findIndex((one, place) => "value" in wanted && one.value === wanted.value
        || "label" in wanted && one.label.trim() === wanted.label || place === wanted.index);
    return goal < 0 ? null : goal - element.selectedIndex;
}"""
TYPED = {"text", "email", "password", "number", "search", "tel", "url", "textarea", ""}

_click, _fill = Locator.click, Locator.fill


def only(monkeypatch: Any) -> None:
    """Take the mouse away for the rest of this test."""
    for name, hand in HANDS.items():
        monkeypatch.setattr(Locator, name, hand)
        if hasattr(Page, name):
            monkeypatch.setattr(Page, name, _on_page(hand))


def _on_page(hand: Any) -> Any:
    def do(page: Page, selector: str, *args: Any, **options: Any) -> Any:
        return hand(page.locator(selector).first, *args, **options)

    return do


def _control(target: Locator) -> tuple[ElementHandle, str, str] | None:
    """What takes the focus for ``target``, its tag and its type; None where nothing does."""
    target.wait_for(state="attached")
    element = target.evaluate_handle(CONTROL).as_element()
    if element is None:
        return None
    tag, kind = element.evaluate("one => [one.tagName.toLowerCase(), one.type || '']")
    return element, tag, kind


def _reach(target: Locator, element: ElementHandle, there: str = IS_THERE) -> None:
    keys = target.page.keyboard
    for _ in range(MOST_TABS):
        if element.evaluate(there):
            return
        keys.press("Tab")
    raise AssertionError(f"not to be reached by keyboard: {target}")


def click(target: Locator, **options: Any) -> None:
    """Reach it and press it; a field is only reached."""
    found = _control(target)
    if found is None:
        _click(target, **options)
        return
    element, tag, kind = found
    if kind == "radio":
        _choose(target, element)
        return
    _reach(target, element)
    if kind == "checkbox":
        element.press("Space")
    elif tag in {"a", "button", "summary"} or kind in {"submit", "button", "image", "reset"}:
        element.press("Enter")


def check(target: Locator, **_options: Any) -> None:
    """Tick it, or choose it among its like."""
    _set(target, True)


def uncheck(target: Locator, **_options: Any) -> None:
    """Take the tick away."""
    _set(target, False)


def set_checked(target: Locator, checked: bool, **_options: Any) -> None:
    """Tick it or take the tick away."""
    _set(target, checked)


def _set(target: Locator, checked: bool) -> None:
    if target.is_checked() != checked:
        click(target)
    assert target.is_checked() == checked, f"the keyboard does not tick {target}"


def _choose(target: Locator, element: ElementHandle) -> None:
    _reach(target, element, IS_IN_GROUP)
    steps = element.evaluate(STEPS_IN_GROUP)
    for _ in range(abs(steps)):
        target.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    if not steps:
        target.page.keyboard.press("Space")


def fill(target: Locator, value: str, **options: Any) -> None:
    """Reach the field and write over what is in it."""
    found = _control(target)
    assert found is not None, f"no field: {target}"
    element, _tag, kind = found
    _reach(target, element)
    if kind not in TYPED:
        _fill(target, value, **options)
        return
    keys = target.page.keyboard
    keys.press("Control+A")
    keys.press("Delete")
    keys.insert_text(value)


def select_option(target: Locator, value: Any = None, **wanted: Any) -> Any:
    """Reach the list and go up or down in it."""
    found = _control(target)
    assert found is not None, f"no list: {target}"
    element = found[0]
    _reach(target, element)
    wish = {"value": value} if value is not None else wanted
    steps = element.evaluate(STEPS_IN_LIST, wish)
    if steps is None and value is not None:
        steps = element.evaluate(STEPS_IN_LIST, {"label": value})
    assert steps is not None, f"no such choice: {wish} in {target}"
    for _ in range(abs(steps)):
        target.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    return [target.input_value()]


def focus(target: Locator, **_options: Any) -> None:
    """Come to it with Tab."""
    found = _control(target)
    assert found is not None, f"nothing to focus: {target}"
    _reach(target, found[0])


HANDS = {
    "click": click,
    "check": check,
    "uncheck": uncheck,
    "set_checked": set_checked,
    "fill": fill,
    "select_option": select_option,
    "focus": focus,
}
