"""How people of the desk show who they are: wrong tries, second factors, sessions.

Tables: SignInTries, Factor, RecoveryCode, DeskSession. Says: `second_factor.changed`.
"""
