"""Stock told to the shop's own system: each movement once, in order for each place.

Tables: Link, Report. Says: stock.linked, stock.report_refused, stock.report_left_out.
"""
