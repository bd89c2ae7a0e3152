"""Two questions that anyone may ask: what is refunded, what the law says. Stores nothing."""

from typing import Any

from django.http import HttpRequest
from ninja import Body, Router

from rebond.api.errors import Problem
from rebond.domain import law
from rebond.domain.refunds import amounts

router = Router(tags=["questions"])
REFUSALS = {400: Problem, 413: Problem, 422: Problem}
ONE_CASE = Body(..., description="One case; see docs/reference/quote.md and law.md")


@router.post("/quotes", response={200: dict[str, Any], **REFUSALS}, operation_id="quote")
def quote(request: HttpRequest, case: dict[str, Any] = ONE_CASE) -> dict[str, Any]:
    """What is refunded, line by line, tax by tax, payment by payment, and why.

    The answer is that of `rebond quote` for the same case, a refused case included.
    """
    return amounts.answer(case)


@router.post(
    "/legal-answers", response={200: dict[str, Any], **REFUSALS}, operation_id="legal_answer"
)
def legal_answer(request: HttpRequest, case: dict[str, Any] = ONE_CASE) -> dict[str, Any]:
    """What the law of a country says of these facts, with the article.

    The answer is that of `rebond law` for the same case.
    """
    return law.answer(case)
