"""Marks that link accounts, and what a person may find.  (pure)"""

from enum import StrEnum


class MarkKind(StrEnum):
    """What is the same on two accounts. ``READ`` notes only what was read of one of them."""

    READ = "read"
    MAIL = "mail"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"


class Found(StrEnum):
    """What a person found after looking."""

    FRAUD = "fraud"
    HONEST = "honest"
    UNCLEAR = "unclear"


class Category(StrEnum):
    """What kind of abuse, or none."""

    NONE = "none"
    WORN = "worn"
    EMPTY_PARCEL = "empty_parcel"
    OTHER_ARTICLE = "other_article"
    NOT_RECEIVED = "not_received"
    REFUNDED_TWICE = "refunded_twice"
    CREDIT = "credit"
    ACCOUNTS = "accounts"
    OTHER = "other"
