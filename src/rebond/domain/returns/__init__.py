"""The wish to give something back, its lines, its reasons and where it stands.

Tables: Reason, Return, ReturnLine, Donation, Photo, ReturnLink, Note. Says: `return.requested`,
`return.changed`, `return.approved`, `return.declined`, `return.cancelled`, `return.reopened`,
`return.closed`, `return.split`, `return.pieces_split_off`,
`return.photo_added`, `return.note_added`, `donation.proven`.
"""
