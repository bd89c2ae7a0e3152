"""One file per question of law: `answer(facts, place)` gives what was found."""
