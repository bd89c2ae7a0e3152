"""Paper has no fake: nobody is asked, so most promises have nothing to hold."""

from tests.integrations.harness import Bench

BY_HAND = "a person pays and says so; nothing is sent and nobody answers"
NO_CALLER = "nobody calls us about paper: its door refuses everything, which is tested"
NO_LIST = "there is nobody to ask what was paid"


class Harness(Bench):
    """Paid by hand."""

    key = "paper"
    excused = {
        "the_same_key_twice_pays_once": BY_HAND,
        "a_lost_answer_is_found_by_our_reference": BY_HAND,
        "an_error_after_paying_is_repeated_and_found": BY_HAND,
        "an_error_before_paying_is_repeated_until_a_new_key": BY_HAND,
        "too_many_requests_is_no_answer": BY_HAND,
        "a_reply_that_never_ends_is_cut_off": BY_HAND,
        "a_redirect_is_not_followed": BY_HAND,
        "more_than_was_paid_is_refused": BY_HAND,
        "an_unknown_payment_is_refused": BY_HAND,
        "pending_becomes_paid_in_the_list": NO_LIST,
        "pending_becomes_paid_by_message": NO_CALLER,
        "paid_becomes_failed_in_the_list": NO_LIST,
        "paid_becomes_failed_by_message": NO_CALLER,
        "a_refusal_of_the_key_waits_for_a_person": "there is no key to be refused",
        "a_list_that_fails_is_not_an_empty_list": NO_LIST,
        "all_pages_of_a_period_are_read": NO_LIST,
        "amounts_keep_their_currency": BY_HAND,
        "an_amount_that_cannot_be_paid_exactly_is_not_sent": BY_HAND,
        "a_shop_has_settings_of_its_own": "paper has no settings at all",
        "a_genuine_message_is_read": NO_CALLER,
        "an_altered_message_is_refused": NO_CALLER,
        "a_message_signed_with_another_secret_is_refused": NO_CALLER,
        "a_stale_message_is_refused": NO_CALLER,
        "a_message_written_anew_is_refused": NO_CALLER,
        "a_forged_second_signature_opens_nothing": NO_CALLER,
        "a_message_told_again_keeps_its_name": NO_CALLER,
        "a_message_about_somebody_elses_refund_is_read": NO_CALLER,
        "a_dispute_is_read": NO_CALLER,
        "messages_about_nothing_of_ours_are_harmless": NO_CALLER,
    }
