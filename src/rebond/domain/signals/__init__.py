"""What asks for a second look at a return, how closely, and what people found.

Tables: Assessment, Signal, Verdict, Mark, SignalSettings. Says: `return.assessed`,
`return.judged`. Detectors are pure, one file each in ``detectors``; nothing here refuses anything.
"""
