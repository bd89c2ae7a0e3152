"""What a shopper may type, checked for its shape only."""
