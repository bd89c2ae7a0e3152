"""What happens by the clock."""

from datetime import timedelta

SCHEDULE: dict[str, timedelta] = {
    "rebond.domain.credit_notes.jobs.write_all_heads": timedelta(days=1),
    "rebond.domain.refunds.jobs.check_due_refunds": timedelta(seconds=30),
    "rebond.domain.refunds.fetching.fetch_due_messages": timedelta(minutes=1),
    "rebond.domain.refunds.fetching.compare_due": timedelta(hours=1),
    "rebond.domain.shipping.jobs.look_labels_up": timedelta(minutes=1),
    "rebond.domain.shipping.jobs.ask_carriers": timedelta(hours=2),
    "rebond.domain.shipping.jobs.ask_for_goods": timedelta(hours=6),
    "rebond.domain.discussions.jobs.look_at_discussions": timedelta(hours=1),
    "rebond.domain.shipping.jobs.claim_silent_parcels": timedelta(hours=6),
    "rebond.domain.ledger.jobs.expire_due": timedelta(minutes=5),
    "rebond.domain.duties.jobs.settle_by_law": timedelta(hours=1),
    "rebond.domain.duties.jobs.warn": timedelta(minutes=5),
    "rebond.domain.duties.jobs.take_stock": timedelta(hours=6),
    "rebond.domain.exchanges.jobs.write_all_heads": timedelta(days=1),
    "rebond.domain.audit.jobs.write_all_heads": timedelta(days=1),
    "rebond.domain.exchanges.jobs.lapse_exchanges": timedelta(minutes=10),
    "rebond.domain.signals.jobs.look_at_waiting": timedelta(hours=12),
    "rebond.domain.signals.jobs.mark_accounts": timedelta(minutes=5),
    "rebond.outbound.webhooks.jobs.send_due": timedelta(minutes=1),
    "rebond.outbound.stock.jobs.send_due": timedelta(minutes=1),
    "rebond.domain.sign_in.jobs.forget_old": timedelta(hours=6),
    "rebond.domain.privacy.jobs.end_keeping_everywhere": timedelta(days=1),
    "rebond.domain.machines.jobs.forget_old_answers": timedelta(hours=6),
}
