"""What shop and shopper say to each other about a return, before and after it is decided.

Owns messages, the pictures that came with them, and the shop's templates. Records
`conversation.shop_wrote`, `conversation.shopper_wrote` and `conversation.answered`.
"""
