"""Ways to an approved platform for documents between businesses. One file per plug."""
