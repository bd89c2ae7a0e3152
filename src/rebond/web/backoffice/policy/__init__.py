"""The policy in plain words: what rules are called, what they say, how they are filled in."""
