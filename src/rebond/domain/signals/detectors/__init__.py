"""One file for each way to see that a second look is worth it; found by their folder.  (pure)"""
