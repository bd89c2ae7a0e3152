"""What follows what, and what happens by the clock."""
