"""The `rebond` command: one file per verb in `commands`."""
