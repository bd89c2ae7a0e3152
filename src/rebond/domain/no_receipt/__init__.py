"""Goods that come back while no sale is found: worth store credit, within what the policy allows.

Tables: NoReceiptReturn. Says: `no_receipt.filed`, `no_receipt.paid`, `no_receipt.declined`.
"""
