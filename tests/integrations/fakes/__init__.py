"""Fakes of payment providers: the rehearsal provider's engine behind each vendor's wire format."""
