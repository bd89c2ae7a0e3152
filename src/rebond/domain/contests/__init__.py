"""A grade that its shopper contests: looked at again by somebody who did not give it.

Tables: Contest. Says: `grade.contested`, `grade.answered`.
"""
