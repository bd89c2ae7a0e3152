"""The policy in force, told to everybody: the public page, the model form, the text for mails."""
