"""Fair use: what a person took from a shopper for a while beyond the law, and the appeals.

Tables: Restriction, Appeal, FairUseTerms. Says: `restriction.made`, `restriction.told`,
`restriction.lifted`, `appeal.made`, `appeal.answered`.
"""
