"""Other goods instead of money: agreed, held in stock, settled with the return, documented."""
