"""Who is told: messages to people, and (one day) to machines."""
