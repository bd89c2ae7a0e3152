"""What each page of the desk shows, read with a number of queries that never grows."""
