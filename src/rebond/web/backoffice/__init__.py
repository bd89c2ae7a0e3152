"""What a merchant and the people of a shop see."""
