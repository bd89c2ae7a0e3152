"""What knows no business word: money, errors, actions, events, jobs, plugs, files, ids, time.

Tables: Event, Job, Schedule, Counter. Says no event of its own.
"""
