"""Who sells: shops, the people who work in them, and what each of those may do.

Tables: Shop, User, OwnRole, Staff, RoleTerms. Says: `shop.opened`, `staff.added`.
"""
