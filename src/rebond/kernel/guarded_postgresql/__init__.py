"""PostgreSQL that is told whose rows are asked for, and shows no others."""
