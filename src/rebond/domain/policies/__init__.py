"""What the merchant allows: versions of the policy, and the pure engine that decides.

Tables: PolicyVersion. Says: `policy.drafted`, `policy.published`, `policy.called_off`.
"""
