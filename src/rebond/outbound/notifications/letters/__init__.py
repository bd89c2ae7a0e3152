"""What each letter says, in the reader's language: one function each, a file for each matter."""
