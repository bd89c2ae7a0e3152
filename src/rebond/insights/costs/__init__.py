"""What returns cost the shop: the way back, hands, repair, lost value, less what was kept.

Tables: CostTerms. Says: `cost_terms.changed`. Nothing here moves money.
"""
