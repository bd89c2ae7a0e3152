"""Who counts: reads the domain, writes there only through its actions."""
